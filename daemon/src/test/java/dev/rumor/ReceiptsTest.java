package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Holder;
import dev.rumor.client.Receipts;
import dev.rumor.client.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who broadcasts in its own process and waits for others to hold it.
class ReceiptsTest {

    private static final byte[] PAYLOAD = "hello".getBytes(UTF_8);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Rumor::close);
    }

    @Test
    void aBroadcastIsAnsweredWhenAllHoldItAndItsHoldersAreKnown() throws IOException {
        Rumor rumor = startThree();
        Acknowledgement taken =
                rumor.broadcast("orders", PAYLOAD, Wait.all(MINUTE)).join();
        assertThat(taken.reached()).isTrue();
        Receipts receipts = rumor.holders(taken.first()).orElseThrow();
        assertThat(receipts.committed()).isTrue();
        assertThat(receipts.holders()).hasSize(3).allMatch(Holder::holds);
        assertThat(rumor.holders(taken.id(1))).isEmpty();
    }

    @Test
    void whileOneIsAwayAMajorityHoldsItAndNotAll() throws IOException {
        Rumor rumor = startThree();
        nodes.getLast().close();
        Acknowledgement taken = rumor.broadcast("orders", PAYLOAD, Wait.all(Duration.ofMillis(100)))
                .join();
        assertThat(taken.reached()).isFalse();
        assertThat(taken.missing()).contains("n3");
        assertThat(rumor.broadcast("orders", PAYLOAD, Wait.majority(MINUTE))
                        .join()
                        .reached())
                .isTrue();
    }

    @Test
    void moreMembersThanThereAreAreRefusedAndNothingIsBroadcast() throws IOException {
        Rumor rumor = startThree();
        assertThatThrownBy(() -> rumor.broadcast("orders", PAYLOAD, Wait.members(4, MINUTE))
                        .join())
                .hasMessageContaining("it cannot wait for 4 members: 3 are active");
        assertThat(rumor.broadcast("orders", PAYLOAD, Wait.members(3, MINUTE))
                        .join()
                        .first()
                        .sequence())
                .isEqualTo(1);
    }

    @Test
    void aBroadcastBeforeTheNodeHasItsEpochMayWaitToo() throws IOException {
        Rumor rumor = start("n1", "127.0.0.1:1");
        assertThat(rumor.broadcast("", PAYLOAD, Wait.members(1, MINUTE)).join().reached())
                .isTrue();
    }

    @Test
    void aNodeThatStopsAnswersThoseThatWait() throws IOException {
        Rumor rumor = startThree();
        nodes.getLast().close();
        CompletableFuture<Acknowledgement> waiting = rumor.broadcast("", PAYLOAD, Wait.all(Duration.ofHours(1)));
        rumor.close();
        assertThat(waiting.join().missing()).contains("n3");
    }

    /// @return the first of three that all list each other as active
    private Rumor startThree() throws IOException {
        Rumor rumor = start("n1", "");
        start("n2", rumor.address().toString());
        start("n3", rumor.address().toString());
        await().until(() -> nodes.stream().allMatch(each -> each.view().linked() == 2));
        await().until(() ->
                rumor.view().members().stream().allMatch(each -> each.register().isActive()));
        return rumor;
    }

    private Rumor start(String name, String seeds) throws IOException {
        Rumor node = Rumor.start(Config.of(Map.of(
                "name",
                name,
                "listen",
                "127.0.0.1:0",
                "seeds",
                seeds,
                "gossip-interval",
                "50ms",
                "ephemeral",
                "true")));
        nodes.add(node);
        return node;
    }
}
