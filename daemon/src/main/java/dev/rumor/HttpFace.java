package dev.rumor;

import dev.rumor.core.View;
import dev.rumor.face.Api;
import dev.rumor.face.Watch;
import dev.rumor.host.Drop;
import dev.rumor.host.Observer;
import dev.rumor.host.Queue;
import dev.rumor.host.Queue.Unit;
import dev.rumor.http.Answer;
import dev.rumor.http.HttpDrop;
import dev.rumor.http.HttpPort;
import dev.rumor.http.Place;
import dev.rumor.http.Question;
import dev.rumor.http.Refusal;
import dev.rumor.metrics.Metrics;
import dev.rumor.tcp.Address;
import dev.rumor.tcp.TcpHost;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/// A node's face on HTTP: what of it is to be had at which path.
final class HttpFace implements AutoCloseable {

    /// A node whose loop did not turn for this long is not live.
    static final Duration MOST_SILENCE = Duration.ofSeconds(5);

    /// The node is looked at so often at most, and so long at most it is waited for. Who is late is seen as before.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Config config;
    private final Address asked;
    private final HttpPort port;
    private final Metrics metrics;
    private final Watch watch = new Watch(System::nanoTime);
    private final AtomicLongArray drops = new AtomicLongArray(HttpDrop.values().length);
    private TcpHost host;
    private Pulse pulse;
    private long lookedAt = System.nanoTime() - LOOK.toNanos();

    /// Takes the port; nobody is let in before [#open].
    ///
    /// @throws IOException with a sentence for the user if it cannot
    HttpFace(Config config, Address asked, Logger log) throws IOException {
        this.config = config;
        this.asked = asked;
        this.port = listen(log);
        this.metrics = new Metrics(System::nanoTime, config.name(), config.cluster(), Version.TEXT);
        config.dataDir().ifPresent(each -> metrics.kept(() -> bytesIn(each)));
        for (HttpDrop each : HttpDrop.values()) {
            metrics.drops("http_" + each.name().toLowerCase(Locale.ROOT), () -> drops.get(each.ordinal()));
        }
    }

    /// Of a file that goes meanwhile it is nothing.
    private static long bytesIn(Path directory) {
        File[] files = directory.toFile().listFiles();
        return files == null ? 0 : Arrays.stream(files).mapToLong(File::length).sum();
    }

    private HttpPort listen(Logger log) throws IOException {
        InetSocketAddress address = asked.resolve();
        try {
            return HttpPort.listen(address, drop -> drops.incrementAndGet(drop.ordinal()), log);
        } catch (IOException taken) {
            throw asked.taken(taken);
        }
    }

    /// What observes the node.
    Observer observer() {
        return metrics.and(watch);
    }

    void open(TcpHost node) {
        host = node;
        pulse = new Pulse(() -> node.onLoop(System::nanoTime), System::nanoTime);
        pulse.start();
        for (Drop each : Drop.values()) {
            metrics.drops(each.name().toLowerCase(Locale.ROOT), () -> node.dropped(each));
        }
        metrics.turns(() -> pulse.silence().toNanos() / 1e9);
        List<Place> places = new ArrayList<>(
                new Api(node, watch, config.maxPayload(), config.dataDir().isEmpty(), config.httpReadOnly()).places());
        places.add(Place.plain("/live", this::live));
        places.add(Place.plain("/ready", this::ready));
        places.add(Place.plain("/metrics", this::scrape));
        port.open(places, names());
    }

    /// The host names under which it is told to be found.
    private Set<String> names() {
        return Stream.concat(
                        config.httpHosts().stream(),
                        Stream.concat(Stream.of(asked, config.listen()), config.advertise().stream())
                                .map(each -> each.host().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toSet());
    }

    /// Where it listens; if it was asked for port 0, with the port that the system chose.
    Address address() {
        return new Address(asked.host(), port.address().getPort());
    }

    private Answer live(Question question) {
        refuseIfSilent();
        return Answer.line("live");
    }

    private void refuseIfSilent() {
        Duration silence = pulse.silence();
        if (silence.compareTo(MOST_SILENCE) >= 0) {
            throw new Refusal(503, "the node's loop has not turned for " + silence.toSeconds() + " s");
        }
    }

    /// A node that has nobody to learn from is ready when it has its epoch. Another would answer with less than it is
    /// to know, until it has drawn level.
    private Answer ready(Question question) throws InterruptedException {
        refuseIfSilent();
        View view = look(host.view()).orElseThrow(() -> new Refusal(503, "the node's loop does not turn in time"));
        if (!view.open()) {
            throw new Refusal(503, "the node has no epoch yet: it asks its seeds whether they know of an earlier one");
        }
        if (!config.first() && !config.seeds().isEmpty() && !view.reconciled()) {
            throw new Refusal(503, "the node does not yet hold all that a live peer held when they met");
        }
        return Answer.line("ready");
    }

    /// One at a time: gauges are set anew at a look, and another scrape would find some of them gone.
    private synchronized Answer scrape(Question question) throws InterruptedException {
        look();
        return Answer.ok(Metrics.CONTENT_TYPE, metrics.scrape());
    }

    /// Who is late is empty.
    private static <T> Optional<T> look(CompletableFuture<T> asked) throws InterruptedException {
        try {
            return Optional.of(asked.get(LOOK.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException late) {
            return Optional.empty();
        }
    }

    private void look() throws InterruptedException {
        if (System.nanoTime() - lookedAt < LOOK.toNanos()) {
            return;
        }
        try {
            Optional<View> view = look(host.view());
            Optional<List<Queue>> queues = view.isPresent() ? look(host.queues()) : Optional.empty();
            // Else what was seen last stands, and the time since the loop turned says that it is old.
            queues.ifPresent(each -> metrics.look(view.get(), withOwn(each, view.get())));
        } finally {
            // And not when it began: while the loop stands still, each of those that wait here would wait again.
            lookedAt = System.nanoTime();
        }
    }

    private List<Queue> withOwn(List<Queue> queues, View view) {
        List<Queue> all = new ArrayList<>(queues);
        all.add(new Queue("log", Unit.BYTES, view.bytes(), view.settings().retainHard()));
        all.add(new Queue("http", Unit.ENTRIES, port.connections(), HttpPort.MOST_CONNECTIONS));
        all.add(new Queue("http_streams", Unit.ENTRIES, port.streams(), HttpPort.MOST_STREAMS));
        return all;
    }

    @Override
    public void close() {
        if (pulse != null) {
            pulse.close();
        }
        port.close();
        metrics.close();
    }
}
