package dev.rumor.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Status;
import dev.rumor.client.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A cluster over sockets that is larger than its mesh.
class OverlayIT {

    private static final int NODES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<Rumor> nodes = new ArrayList<>();

    /// What each node was shown, by its number.
    private final Map<Integer, List<String>> shown = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        nodes.forEach(Rumor::close);
    }

    private void start(int number, String seeds) throws IOException {
        Rumor rumor = Rumor.start(Config.of(Map.of(
                "name", "n" + number, "listen", "127.0.0.1:0", "seeds", seeds, "mesh", "4", "ephemeral", "true")));
        List<String> texts = shown.computeIfAbsent(number, any -> new ArrayList<>());
        rumor.subscribe(record -> {
            synchronized (texts) {
                texts.add(record.text().orElseThrow());
            }
        });
        nodes.add(rumor);
    }

    private RumorClient client(Rumor rumor) {
        return RumorClient.connect(new Address("127.0.0.1", rumor.address().port()), PATIENCE);
    }

    private Status status(Rumor rumor) {
        try (RumorClient client = client(rumor)) {
            return client.status();
        }
    }

    private void awaitAllShown(String... texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shown.values()).allSatisfy(each -> {
                    synchronized (each) {
                        assertThat(each).containsExactlyInAnyOrder(texts);
                    }
                }));
    }

    @Test
    void everyMemberHasEveryRecordOnceThoughNoneIsLinkedToAll() throws IOException {
        start(1, "");
        String seed = "127.0.0.1:" + nodes.getFirst().address().port();
        for (int k = 2; k <= NODES; k++) {
            start(k, seed);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(nodes).allSatisfy(each -> {
                    assertThat(status(each).members()).isEqualTo(NODES);
                    assertThat(status(each).linked()).isLessThan(NODES - 1);
                }));
        nodes.get(4).broadcast("", "one".getBytes(UTF_8)).join();
        nodes.get(11).broadcast("", "two".getBytes(UTF_8)).join();
        awaitAllShown("one", "two");

        try (RumorClient client = client(nodes.get(7))) {
            assertThat(client.status().hasReceipts()).isFalse();
            assertThat(client.status().committed()).isZero();
            assertThatThrownBy(() -> client.broadcast("", "three".getBytes(UTF_8), Wait.all(PATIENCE)))
                    .isInstanceOf(RumorException.class)
                    .hasMessageContaining("with 20 members it is not known which of them hold a record: receipts are "
                            + "offered up to 4 (mesh)");
        }
        nodes.removeLast().close();
        shown.remove(NODES);
        nodes.get(2).broadcast("", "three".getBytes(UTF_8)).join();
        awaitAllShown("one", "two", "three");
    }
}
