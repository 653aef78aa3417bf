package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.Member;
import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Members that go for good, by their own word or by an operator's, and what becomes of their records.
class DepartureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<DaemonProcess> all = new ArrayList<>();
    private final Records expected = new Records();

    @AfterEach
    void stopAll() {
        all.forEach(DaemonProcess::close);
    }

    @Test
    void whoIsEvictedBlocksNoLongerAndReturnsAsANewMemberWithWhatItAloneHolds() {
        startThree();
        DaemonProcess n1 = all.get(0);
        DaemonProcess n2 = all.get(1);
        DaemonProcess n3 = all.get(2);
        broadcast(n2, "held by all");
        all.forEach(this::awaitHeld);
        n1.kill();
        n2.kill();
        broadcast(n3, "held by n3 alone");
        n3.kill();
        n1.start().awaitReady();
        assertThat(said(n1, 1, "evict", "n3", "--yes"))
                .containsExactly("rumor: only 1 of 3 members can be reached from here, and without a majority only "
                        + "force evicts 'n3'");
        n2.start().awaitReady();

        broadcast(n1, "held up by n3");
        await("who blocks")
                .atMost(PATIENCE)
                .until(() -> n2.status()
                        .blockedBy()
                        .filter(it -> it.name().equals("n3") && it.records() > 0)
                        .isPresent());
        long committed = n2.status().committed();
        assertThat(said(n1, 0, "evict", "n3", "--yes")).containsExactly("n3 is evicted");
        awaitCommitted(List.of(n1, n2));
        assertThat(n2.status().committed()).isGreaterThan(committed);
        assertThat(states(n2)).isEqualTo(Map.of("n1", "active", "n2", "active", "n3", "evicted"));
        assertThat(n2.status().members()).isEqualTo(2);

        n3.start().awaitReady();
        assertThat(n3.log()).anyMatch(line -> line.contains("it joins as a new member, under the new disk id"));
        all.forEach(this::awaitHeld);
        awaitCommitted(all);
        assertThat(states(n1)).isEqualTo(Map.of("n1", "active", "n2", "active", "n3", "active"));
        broadcast(n3, "and goes on");
        all.forEach(this::awaitHeld);
    }

    @Test
    void whoLeavesHandsOverAndEndsInGoodOrder() {
        startThree();
        DaemonProcess n1 = all.get(0);
        DaemonProcess n3 = all.get(2);
        broadcast(n3, "handed over");
        assertThat(said(n3, 0, "leave")).containsExactly("n3 has left");
        assertThat(n3.exitCode(PATIENCE)).isZero();
        assertThat(states(n1)).isEqualTo(Map.of("n1", "active", "n2", "active", "n3", "left"));
        broadcast(n1, "without it");
        all.removeLast();
        all.forEach(this::awaitHeld);
        awaitCommitted(all);
    }

    @Test
    void whoIsAliveWhenItIsEvictedStopsInWords() {
        startThree();
        DaemonProcess n3 = all.get(2);
        assertThat(said(all.get(0), 0, "evict", "n3", "--yes")).containsExactly("n3 is evicted");
        assertThat(n3.exitCode(PATIENCE)).isEqualTo(1);
        assertThat(n3.log())
                .contains("rumor: 'n3' was evicted from the cluster: started again, it joins as a new member with all "
                        + "that its disk holds");
        n3.start().awaitReady();
        awaitLinked();
        assertThat(states(n3)).isEqualTo(Map.of("n1", "active", "n2", "active", "n3", "active"));
    }

    // --- what the tests share

    private void startThree() {
        List<Integer> ports = DaemonProcess.freePorts(3);
        for (int k = 0; k < 3; k++) {
            List<Integer> others = new ArrayList<>(ports);
            others.remove(k);
            all.add(new DaemonProcess(directory, "n" + (k + 1), ports.get(k), others));
        }
        all.forEach(DaemonProcess::start);
        all.forEach(DaemonProcess::awaitReady);
        awaitLinked();
    }

    private void awaitLinked() {
        await("three daemons linked to each other")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(all).allSatisfy(each -> {
                    assertThat(each.status().linked()).isEqualTo(2);
                    assertThat(states(each).values()).containsOnly("active");
                }));
    }

    private void broadcast(DaemonProcess daemon, String text) {
        List<String> ids = said(daemon, 0, "broadcast", text);
        expected.add(ids.getFirst(), text);
    }

    /// What a command says, on standard output where it succeeds and on standard error where it does not.
    private static List<String> said(DaemonProcess daemon, int exitCode, String command, String... arguments) {
        try (Program asked = daemon.ask(command, arguments)) {
            assertThat(asked.exitCode())
                    .as(asked.errorLines() + " " + asked.outputLines())
                    .isEqualTo(exitCode);
            return exitCode == 0 ? asked.outputLines() : asked.errorLines();
        }
    }

    private static Map<String, String> states(DaemonProcess daemon) {
        try (RumorClient client = RumorClient.connect(Address.parse(daemon.address()), PATIENCE)) {
            return client.members().stream().collect(Collectors.toMap(Member::name, Member::state));
        }
    }

    private void awaitHeld(DaemonProcess daemon) {
        await("all records at " + daemon)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(daemon.read().differenceFrom(expected)).isEmpty());
    }

    private static void awaitCommitted(List<DaemonProcess> daemons) {
        await("all committed at " + daemons)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(daemons).allSatisfy(each -> {
                    Status status = each.status();
                    assertThat(status.committed()).isEqualTo(status.records());
                    assertThat(status.blockedBy()).isEmpty();
                }));
    }
}
