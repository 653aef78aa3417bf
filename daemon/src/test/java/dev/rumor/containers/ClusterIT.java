package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/// Three daemons in containers of one network, found by one name. They are asked by the command inside them, which
/// takes about half a second: that is how exact the times are that the tests print.
@ExtendWith({Docker.class, Image.Built.class})
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Network network = Network.newNetwork();
    private final List<Daemon> daemons = new ArrayList<>();
    private Daemon n1;
    private Daemon n2;
    private Daemon n3;

    @BeforeEach
    void startThree(Image image) {
        n1 = daemon(image, "n1");
        n2 = daemon(image, "n2");
        n3 = daemon(image, "n3");
        Startables.deepStart(daemons).join();
    }

    @AfterEach
    void removeAll() {
        daemons.forEach(Daemon::stop);
        network.close();
    }

    @Test
    void whatOneIsToldAllHave() {
        n1.broadcast("grüß dich");
        awaitLevel("a broadcast", List.of("grüß dich"));
    }

    @Test
    void whoComesBackWithAnotherAddressGetsWhatItMissedAndIsReached(Image image) {
        n1.broadcast("before");
        awaitLevel("a broadcast", List.of("before"));
        String address = n3.address();
        n3.disconnect();
        n1.broadcast("meanwhile");
        n3.broadcast("alone");

        // Whoever comes now may get the address that n3 had.
        daemon(image, "n4").start();
        n3.reconnect();
        assertThat(n3.address()).isNotEqualTo(address);
        awaitLevel("a new address", List.of("before", "meanwhile", "alone"));

        n2.broadcast("after");
        awaitLevel("a broadcast to the new address", List.of("before", "meanwhile", "alone", "after"));
        awaitLinks();
    }

    @Test
    void whoIsKilledAndStartedAgainHasAllOfIt() {
        n3.broadcast("its own");
        awaitLevel("a broadcast", List.of("its own"));
        n3.kill();
        n1.broadcast("meanwhile");
        n3.restart();
        awaitLevel("a restart", List.of("its own", "meanwhile"));

        n3.broadcast("in its next life");
        awaitLevel("a broadcast of the restarted", List.of("its own", "meanwhile", "in its next life"));
    }

    @Test
    void allTellWhatTheyHaveDone() {
        n1.broadcast("counted");
        awaitLevel("a broadcast", List.of("counted"));
        assertThat(n1.metrics()).contains("rumor_records_broadcast_total 1.0", "rumor_records_received_total 0.0");
        assertThat(List.of(n2, n3))
                .allSatisfy(each -> assertThat(each.metrics())
                        .contains("rumor_records_broadcast_total 0.0", "rumor_records_received_total 1.0"));
    }

    private Daemon daemon(Image image, String name) {
        Daemon daemon = new Daemon(image, network, name);
        daemons.add(daemon);
        return daemon;
    }

    private void awaitLevel(String after, List<String> records) {
        long start = System.nanoTime();
        for (Daemon each : daemons) {
            await(each + " after " + after)
                    .atMost(PATIENCE)
                    .ignoreException(AssertionError.class)
                    .untilAsserted(() -> assertThat(each.read()).containsExactlyInAnyOrderElementsOf(records));
        }
        System.out.printf(
                "%d containers level %d ms after %s%n", daemons.size(), (System.nanoTime() - start) / 1_000_000, after);
    }

    /// Each is linked to each other.
    private void awaitLinks() {
        for (Daemon each : daemons) {
            await("links of " + each).atMost(PATIENCE).untilAsserted(() -> {
                Stream<String> others = each.rumor("members").lines().skip(1).filter(line -> !line.contains("self"));
                assertThat(others).hasSize(daemons.size() - 1).allMatch(line -> line.contains("linked"));
            });
        }
    }
}
