package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.storage.MemoryStore;
import dev.rumor.storage.Store;
import dev.rumor.wire.RunCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes whose disks are slow, or fail.
class StoreTroubleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<TcpHost> hosts = new ArrayList<>();
    private final AtomicInteger timesBehind = new AtomicInteger();
    private SlowStore store;

    @AfterEach
    void closeAll() {
        hosts.forEach(each -> each.close().exceptionally(stopped -> null).join());
    }

    @Test
    void aNodeWhoseStoreFailsEndsAndRefusesWhatWasNotAcknowledged() throws IOException {
        TcpHost host = slowHost();
        CompletableFuture<Range> embedded = broadcast(host, 1);
        try (RumorClient client = connect(host)) {
            CompletableFuture<?> remote = client.broadcastAsync("", List.of(new byte[1]));
            await().until(() -> host.view().join().waiting() == 1);
            host.post(() -> store.fail("cannot write to the disk: no space"));
            assertThatThrownBy(embedded::join).hasRootCauseMessage("cannot write to the disk: no space");
            assertThatThrownBy(remote::join).hasRootCauseMessage("cannot write to the disk: no space");
        }
        assertThatThrownBy(() -> host.ended().join()).hasRootCauseMessage("cannot write to the disk: no space");
    }

    @Test
    void whileTheStoreIsFarBehindNobodyIsReadFromAndThenAllArrives() throws IOException {
        TcpHost slow = slowHost();
        TcpHost fast = host(
                "fast",
                List.of(new Address("127.0.0.1", slow.address().getPort())),
                (post, loop) -> new MemoryStore(post));
        List<CompletableFuture<Range>> broadcasts = new ArrayList<>();
        for (int k = 0; k < 60; k++) {
            broadcasts.add(broadcast(fast, 1 << 20));
        }
        await().atMost(PATIENCE).until(() -> timesBehind.get() == 1);
        try (RumorClient client = connect(slow)) {
            CompletableFuture<Status> status = CompletableFuture.supplyAsync(client::status);
            await().during(Duration.ofMillis(300))
                    .atMost(PATIENCE)
                    .until(() -> backlogBytes(slow) < TcpHost.MOST_BACKLOG_BYTES + (2 << 20));
            assertThat(status).isNotDone();

            slow.post(store::hurry);
            assertThat(status.join().name()).isEqualTo("slow");
        }
        broadcasts.forEach(CompletableFuture::join);
        await().atMost(PATIENCE).until(() -> slow.view().join().records() == 60);
    }

    private static long backlogBytes(TcpHost host) {
        return host.queues().join().stream()
                .filter(each -> each.name().equals("backlog"))
                .findFirst()
                .orElseThrow()
                .depth();
    }

    private static CompletableFuture<Range> broadcast(TcpHost host, int bytes) {
        CompletableFuture<Range> answer = new CompletableFuture<>();
        host.broadcast(new Run.Draft(List.of(RunCodec.record("", new byte[bytes]))), answer);
        return answer;
    }

    private static RumorClient connect(TcpHost host) throws IOException {
        return RumorClient.connect(
                new dev.rumor.client.Address("127.0.0.1", host.address().getPort()), PATIENCE);
    }

    private TcpHost slowHost() throws IOException {
        TcpHost host = host("slow", List.of(), (post, loop) -> store = new SlowStore(post));
        host.ready().join();
        return host;
    }

    private TcpHost host(String name, List<Address> seeds, BiFunction<Consumer<Event>, Executor, Store> made)
            throws IOException {
        Observer observer = new Observer() {
            @Override
            public void observe(Event event, List<Effect> effects) {}

            @Override
            public void behind() {
                timesBehind.incrementAndGet();
            }
        };
        TcpHost host = TcpHost.start(new TcpHost.Setup(
                name,
                new Address("127.0.0.1", 0),
                seeds,
                1 << 20,
                true,
                new SplittableRandom(1),
                observer,
                made,
                bound -> Machine.of(new Node(
                        Settings.of(name, "test", List.of("127.0.0.1:" + bound.getPort()), !seeds.isEmpty(), "test"),
                        new SplittableRandom(name.hashCode())))));
        hosts.add(host);
        return host;
    }
}
