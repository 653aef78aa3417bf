package dev.rumor;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Receipts;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import dev.rumor.client.Selection;
import dev.rumor.client.Told;
import dev.rumor.client.Wait;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.face.Pledge;
import dev.rumor.face.Terms;
import dev.rumor.host.Drop;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.host.Stopped;
import dev.rumor.host.Subscription;
import dev.rumor.storage.DataDirectory;
import dev.rumor.storage.DurableStore;
import dev.rumor.storage.MemoryStore;
import dev.rumor.storage.Store;
import dev.rumor.tcp.Address;
import dev.rumor.tcp.TcpHost;
import dev.rumor.wire.StoredRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A complete node inside this program: it listens, links to its peers, and broadcasts and tells records.
/// Nodes in one process share a few threads, so that many of them are cheap.
///
/// ```java
/// try (Rumor rumor = Rumor.start(Config.of(Map.of("name", "n1", "seeds", "10.0.0.7:7400")))) {
///     rumor.subscribe(record -> System.out.println(record.text().orElse("")));
///     rumor.broadcast("news", "hello".getBytes(UTF_8)).join();
/// }
/// ```
public final class Rumor implements AutoCloseable {

    /// What a node on disk needs for all but the index of its log: caches, queues, and what is read and sent.
    private static final long COMING_AND_GOING_BYTES = 128L << 20;

    /// What the durable store remembers of where a run is, at most; while a table grows, it is there twice.
    private static final int INDEX_BYTES_PER_RUN = 24;

    private final Config config;
    private final TcpHost host;
    private final Optional<HttpFace> http;
    private final CompletableFuture<Void> ended;
    private final Logger log;

    private Rumor(Config config, TcpHost host, Optional<HttpFace> http, Logger log) {
        this.config = config;
        this.host = host;
        this.http = http;
        this.log = log;
        this.ended = host.ended().whenComplete((done, stopped) -> http.ifPresent(HttpFace::close));
        http.ifPresent(face -> face.open(host));
        Stream.concat(Stream.of(address()), http().stream())
                .filter(Config::isOpen)
                .forEach(each -> log.warn("{} can be reached by others, without encryption or authentication", each));
        warnOfSmallHeap();
    }

    /// Starts a node. It accepts broadcasts at once, and keeps them until it has its epoch.
    ///
    /// @throws IOException with a sentence for the user if it cannot listen, or cannot use its data directory
    public static Rumor start(Config config) throws IOException {
        return start(config, Observer.NONE, settings -> settings);
    }

    static Rumor start(Config config, Observer observer, UnaryOperator<Settings> adjust) throws IOException {
        if (config.dataDir().isEmpty()) {
            return start(config, (post, loop, watch) -> new MemoryStore(post), observer, adjust);
        }
        DataDirectory directory = DataDirectory.open(config.dataDir().get(), config.name());
        try {
            Config named = config.withName(nameOf(directory, config));
            Storage storage =
                    (post, loop, watch) -> new DurableStore(directory, config.retainBytes(), post, loop, watch::synced);
            return start(named, storage, observer, adjust);
        } catch (IOException | RuntimeException failed) {
            directory.close();
            throw failed;
        }
    }

    private static String nameOf(DataDirectory directory, Config config) throws IOException {
        if (config.named() && !config.name().equals(directory.name())) {
            throw new IOException("the data directory " + directory.path() + " is that of '" + directory.name()
                    + "', not of '" + config.name() + "': leave out the name, or give this node another directory");
        }
        return directory.name();
    }

    /// Makes a store, once it is known who observes the node.
    @FunctionalInterface
    private interface Storage {
        Store store(Consumer<Event> post, Executor loop, Observer watch);
    }

    private static Rumor start(Config config, Storage storage, Observer observer, UnaryOperator<Settings> adjust)
            throws IOException {
        Logger log = LoggerFactory.getLogger("rumor." + config.name());
        if (config.http().isEmpty()) {
            return new Rumor(config, host(config, storage, observer, adjust), Optional.empty(), log);
        }
        HttpFace http = new HttpFace(config, config.http().get(), log);
        try {
            Observer both = http.observer().and(observer);
            return new Rumor(config, host(config, storage, both, adjust), Optional.of(http), log);
        } catch (IOException | RuntimeException failed) {
            http.close();
            throw failed;
        }
    }

    private static TcpHost host(Config config, Storage storage, Observer observer, UnaryOperator<Settings> adjust)
            throws IOException {
        return TcpHost.start(new TcpHost.Setup(
                config.name(),
                config.listen(),
                config.seeds(),
                config.maxPayload(),
                config.dataDir().isEmpty(),
                dice(),
                observer,
                (post, loop) -> storage.store(post, loop, observer),
                bound -> Machine.of(new Node(adjust.apply(config.settings(bound)), dice()))));
    }

    private void warnOfSmallHeap() {
        long heapMib = Runtime.getRuntime().maxMemory() >> 20;
        long neededMib = neededHeapBytes() >> 20;
        if (heapMib < neededMib) {
            log.warn(
                    "the heap is {} MiB, and with a full log this node needs up to {} MiB: raise -Xmx, or lower "
                            + "retain-bytes and retain-hard",
                    heapMib,
                    neededMib);
        }
    }

    /// What a log that is full to its hard limit takes of the heap. In memory, small records take twice what they
    /// count, and what comes and goes about as much as is counted; on disk, it is where each run is.
    private long neededHeapBytes() {
        return config.dataDir().isEmpty()
                ? 3 * config.retainHard()
                : COMING_AND_GOING_BYTES + config.retainHard() / Run.RUN_OVERHEAD_BYTES * INDEX_BYTES_PER_RUN;
    }

    private static RandomGenerator dice() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(new SecureRandom().nextLong());
    }

    public String name() {
        return config.name();
    }

    /// Where it keeps its data; empty if it forgets when it ends.
    public Optional<Path> dataDir() {
        return config.dataDir();
    }

    /// Where it listens; if it was asked for port 0, with the port that the system chose.
    public Address address() {
        return new Address(config.listen().host(), host.address().getPort());
    }

    /// Where it serves HTTP, if it was asked to.
    public Optional<Address> http() {
        return http.map(HttpFace::address);
    }

    /// Completes with this when the node has its epoch: at once without seeds, else within about two seconds.
    public CompletableFuture<Rumor> ready() {
        return host.ready().thenApply(stream -> this);
    }

    /// Completes when the node has ended; with [Stopped], which says why, if nobody told it to.
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /// Broadcasts one record; completes with its id when it is as durable as this node makes it. Completes
    /// with [Stopped] if the node refuses it. What is chained to it runs on the node's loop and must not
    /// wait, unless it is chained with an `Async` method.
    ///
    /// @param topic at most 255 bytes of UTF-8, may be empty
    /// @param payload at most what `max-payload` allows, may be empty
    /// @throws IllegalArgumentException if either is larger; the message names the limit
    public CompletableFuture<RecordId> broadcast(String topic, byte[] payload) {
        return broadcast(topic, payload, id -> {});
    }

    /// As above.
    ///
    /// @param first learns the id on the node's loop, before any other node can have the record
    CompletableFuture<RecordId> broadcast(String topic, byte[] payload, Consumer<RecordId> first) {
        CompletableFuture<Range> answer = new CompletableFuture<>();
        CompletableFuture<RecordId> told = answer.thenApply(range -> {
            RecordId id = Terms.first(range);
            first.accept(id);
            return id;
        });
        host.broadcast(Terms.draft(topic, payload, config.maxPayload()), answer);
        return told;
    }

    /// As the first, but completes when other members hold the record too, or when the time for that is over; the
    /// record stays in either case.
    ///
    /// ```java
    /// Acknowledgement taken = rumor.broadcast("orders", payload, Wait.all(Duration.ofSeconds(5))).join();
    /// if (!taken.reached()) {
    ///     System.err.println(taken.first() + " is not yet at " + taken.missing());
    /// }
    /// ```
    public CompletableFuture<Acknowledgement> broadcast(String topic, byte[] payload, Wait wait) {
        CompletableFuture<Acknowledgement> answer = new CompletableFuture<>();
        Run.Draft draft = Terms.draft(topic, payload, config.maxPayload());
        host.broadcast(draft, Terms.quorum(wait), wait.within(), new Pledge(answer));
        return answer;
    }

    /// Who durably holds a record and who does not, as far as this node knows; empty if it knows nothing of such a
    /// record, and in a cluster that is larger than the mesh, where nobody knows.
    public Optional<Receipts> holders(RecordId id) {
        return Terms.receipts(
                host.onLoop(() -> host.holdersNow(Terms.range(id))).join());
    }

    /// Tells every record that is new from now on, each once, within a stream in its order. The consumer runs
    /// on a thread of its own and may take its time; what it throws ends the subscription. A gap is logged.
    public Subscription subscribe(Consumer<ReceivedRecord> records) {
        return subscribe(Selection.now(), told -> {
            switch (told) {
                case Told.Received(ReceivedRecord record, String cursor) -> records.accept(record);
                case Told.Gap gap -> log.warn("a subscriber misses {}, which nobody has any more", gap.ids());
            }
        });
    }

    /// As above, from where the selection says on, with cursors and gaps. A cursor may come from any node of the
    /// cluster, and goes to any: what was read with the one is not told again with the other.
    ///
    /// ```java
    /// rumor.subscribe(Selection.after(cursor).topic("orders"), told -> {
    ///     if (told instanceof Told.Received(ReceivedRecord record, String after)) {
    ///         handle(record, after);
    ///     }
    /// });
    /// ```
    ///
    /// @throws Stopped if this node has stopped, or that is no cursor
    public Subscription subscribe(Selection selection, Consumer<Told> listener) {
        long limit = selection.limit() == 0 ? Long.MAX_VALUE : selection.limit();
        try {
            return host.reading(readings -> readings.begin(selection.from(), selection.topic(), limit, true))
                    .thenApply(reading -> Subscription.start(reading, told(listener), log))
                    .join();
        } catch (CompletionException refused) {
            throw new Stopped(refused.getCause().getMessage());
        }
    }

    private static Subscription.Listener told(Consumer<Told> listener) {
        return new Subscription.Listener() {
            @Override
            public void received(StoredRecord record, String cursor) {
                listener.accept(new Told.Received(Terms.record(record), cursor));
            }

            @Override
            public void missed(Range gap, String cursor) {
                listener.accept(
                        new Told.Gap(gap.stream().origin(), gap.stream().epoch(), gap.from(), gap.to(), cursor));
            }
        };
    }

    /// The node as it is now: its roster, what it holds, what is committed, and who blocks.
    public View view() {
        return host.view().join();
    }

    /// How often since the start it turned somebody away, or did not take something, for this reason.
    public long dropped(Drop reason) {
        return host.dropped(reason);
    }

    /// Says what is due, closes everything and returns, within ten seconds however slow peers and disk are.
    @Override
    public void close() {
        stop().join();
    }

    CompletableFuture<Void> stop() {
        host.close();
        return ended.exceptionally(stopped -> null);
    }
}
