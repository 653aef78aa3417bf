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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who broadcasts in its own process and waits for others to hold it.
class ReceiptsTest {

    private static final byte[] PAYLOAD = "hello".getBytes(UTF_8);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Nodes nodes = new Nodes();

    @AfterEach
    void closeAll() {
        nodes.close();
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
        nodes.all().getLast().close();
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
        Rumor rumor = nodes.start("n1", Map.of("seeds", "127.0.0.1:1"));
        assertThat(rumor.broadcast("", PAYLOAD, Wait.members(1, MINUTE)).join().reached())
                .isTrue();
    }

    @Test
    void aNodeThatStopsAnswersThoseThatWait() throws IOException {
        Rumor rumor = startThree();
        nodes.all().getLast().close();
        CompletableFuture<Acknowledgement> waiting = rumor.broadcast("", PAYLOAD, Wait.all(Duration.ofHours(1)));
        rumor.close();
        assertThat(waiting.join().missing()).contains("n3");
    }

    /// @return the first of three that all list each other as active
    private Rumor startThree() throws IOException {
        Rumor rumor = nodes.start("n1");
        nodes.start("n2", rumor);
        nodes.start("n3", rumor);
        await().until(() -> nodes.all().stream().allMatch(each -> each.view().linked() == 2));
        await().until(() ->
                rumor.view().members().stream().allMatch(each -> each.register().isActive()));
        return rumor;
    }
}
