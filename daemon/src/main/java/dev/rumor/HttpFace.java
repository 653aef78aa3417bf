package dev.rumor;

import dev.rumor.core.View;
import dev.rumor.host.Drop;
import dev.rumor.host.Queue;
import dev.rumor.host.Queue.Unit;
import dev.rumor.http.Answer;
import dev.rumor.http.HttpDrop;
import dev.rumor.http.HttpPort;
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
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;

/// A node's face on HTTP: what of it is to be had at which path.
final class HttpFace implements AutoCloseable {

    /// A node whose loop did not turn for this long is not live.
    static final Duration MOST_SILENCE = Duration.ofSeconds(5);

    /// The node is looked at so often at most, and so long at most it is waited for. Who is late is seen as before.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Address asked;
    private final HttpPort port;
    private final Metrics metrics;
    private final AtomicLongArray drops = new AtomicLongArray(HttpDrop.values().length);
    private TcpHost host;
    private Pulse pulse;
    private long lookedAt = System.nanoTime() - LOOK.toNanos();

    /// Takes the port; nobody is let in before [#open].
    ///
    /// @throws IOException with a sentence for the user if it cannot
    HttpFace(Config config, Address asked, Logger log) throws IOException {
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
    Metrics metrics() {
        return metrics;
    }

    void open(TcpHost node) {
        host = node;
        pulse = new Pulse(() -> node.onLoop(System::nanoTime), System::nanoTime);
        pulse.start();
        for (Drop each : Drop.values()) {
            metrics.drops(each.name().toLowerCase(Locale.ROOT), () -> node.dropped(each));
        }
        metrics.turns(() -> pulse.silence().toNanos() / 1e9);
        port.open(Map.of("/live", this::live, "/metrics", this::scrape));
    }

    /// Where it listens; if it was asked for port 0, with the port that the system chose.
    Address address() {
        return new Address(asked.host(), port.address().getPort());
    }

    private Answer live() {
        Duration silence = pulse.silence();
        return silence.compareTo(MOST_SILENCE) < 0
                ? Answer.line(200, "live")
                : Answer.line(503, "the node's loop has not turned for " + silence.toSeconds() + " s");
    }

    /// One at a time: gauges are set anew at a look, and another scrape would find some of them gone.
    private synchronized Answer scrape() {
        look();
        return Answer.ok(Metrics.CONTENT_TYPE, metrics.scrape());
    }

    private void look() {
        if (System.nanoTime() - lookedAt < LOOK.toNanos()) {
            return;
        }
        try {
            View view = host.view().get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            List<Queue> queues = new ArrayList<>(host.queues().get(LOOK.toNanos(), TimeUnit.NANOSECONDS));
            queues.add(
                    new Queue("log", Unit.BYTES, view.bytes(), view.settings().retainHard()));
            queues.add(new Queue("http", Unit.ENTRIES, port.connections(), HttpPort.MOST_CONNECTIONS));
            metrics.look(view, queues);
        } catch (TimeoutException | ExecutionException late) {
            // What was seen last stands, and the time since the loop turned says that it is old.
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            // And not when it began: while the loop stands still, each of those that wait here would wait again.
            lookedAt = System.nanoTime();
        }
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
