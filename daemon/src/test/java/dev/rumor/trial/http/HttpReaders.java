package dev.rumor.trial.http;

import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.client.RumorClient;
import dev.rumor.trial.Figures;
import dev.rumor.trial.Latencies;
import dev.rumor.trial.Scratch;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// One daemon takes records at a steady pace: first alone, and then while it is scraped each second and many follow it
/// over HTTP, some of whom never read. Whoever reads must be told every record once, in its order.
@Command(
        name = "http-readers",
        description = "What a daemon's pace and memory are while it is scraped, followed over HTTP, and not read.")
public final class HttpReaders implements Callable<Integer> {

    @Option(names = "--readers", paramLabel = "N", description = "Who follow (${DEFAULT-VALUE}).")
    private int readers = 50;

    @Option(names = "--idle", paramLabel = "N", description = "Of them, who never read (${DEFAULT-VALUE}).")
    private int idle = 5;

    @Option(names = "--rate", paramLabel = "N", description = "Records broadcast per second (${DEFAULT-VALUE}).")
    private int rate = 200;

    @Option(names = "--bytes", paramLabel = "N", description = "In each record (${DEFAULT-VALUE}).")
    private int bytes = 1_000;

    @Option(names = "--seconds", paramLabel = "S", description = "For each of the two (${DEFAULT-VALUE}).")
    private int seconds = 30;

    @Spec
    private CommandSpec spec;

    private PrintWriter out;

    /// @param seconds that it took
    private record Load(Latencies taken, double seconds) {}

    @Override
    public Integer call() throws Exception {
        out = spec.commandLine().getOut();
        List<Integer> ports = DaemonProcess.freePorts(2);
        String http = "127.0.0.1:" + ports.get(1);
        try (Scratch scratch = Scratch.of("http-readers");
                DaemonProcess daemon =
                        new DaemonProcess(scratch.path(), "n1", ports.get(0), List.of(), "--http", http)) {
            out.println(Figures.machine(scratch.path()));
            out.printf(
                    "a daemon with a heap of 320 MiB, %d records of %,d bytes a second, one at a time, %d s each%n",
                    rate, bytes, seconds);
            daemon.start().awaitReady();
            broadcast(daemon, Math.min(10, seconds));
            print("alone", broadcast(daemon, seconds), daemon);
            return with(daemon, ports.get(1)) ? 0 : 1;
        }
    }

    private boolean with(DaemonProcess daemon, int port) throws Exception {
        List<Follower> following = new ArrayList<>();
        long before = daemon.records();
        try (Scraper scraper = new Scraper(port)) {
            for (int k = 0; k < readers; k++) {
                following.add(new Follower(port, k >= idle));
            }
            print("with " + readers + " readers", broadcast(daemon, seconds), daemon);
            long told = daemon.records() - before;
            boolean all = true;
            for (Follower each : following.subList(idle, readers)) {
                all &= each.hasSeen(told);
            }
            out.printf(
                    "each of the %d that read %s all %,d records, once each and in their order%n",
                    readers - idle, all ? "was told" : "WAS NOT told", told);
            out.println(
                    "of the " + idle + " that never read, the daemon holds what their sockets take and a piece each");
            Latencies scrapes = scraper.latencies();
            out.printf(
                    "%d scrapes, p50 %.1f ms, longest %.1f ms%n",
                    scrapes.count(), scrapes.millis(.5), scrapes.millis(1));
            out.printf("resident now %d MiB%n", daemon.residentBytes() >> 20);
            return all;
        } finally {
            for (Follower each : following) {
                each.close();
            }
        }
    }

    private void print(String when, Load load, DaemonProcess daemon) {
        Latencies taken = load.taken;
        out.printf(
                "%16s: %,d acknowledged (%.0f/s), p50 %.2f ms, p99 %.2f ms, longest %.1f ms; resident %d MiB%n",
                when,
                taken.count(),
                taken.count() / load.seconds,
                taken.millis(.5),
                taken.millis(.99),
                taken.millis(1),
                daemon.residentBytes() >> 20);
        out.flush();
    }

    /// At a steady pace: what is late is not left out.
    private Load broadcast(DaemonProcess daemon, int forSeconds) {
        Latencies taken = new Latencies();
        long start = System.nanoTime();
        byte[] payload = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
        try (RumorClient client = daemon.client()) {
            long pause = 1_000_000_000L / rate;
            for (long k = 0; k < (long) rate * forSeconds; k++) {
                long due = start + k * pause;
                LockSupport.parkNanos(due - System.nanoTime());
                client.broadcast("load", payload);
                taken.add(System.nanoTime() - due);
            }
        }
        return new Load(taken, (System.nanoTime() - start) / 1e9);
    }

    /// Asks for the metrics each second.
    private static final class Scraper implements AutoCloseable {

        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpRequest scrape;
        private final Latencies latencies = new Latencies();
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);

        Scraper(int port) {
            scrape = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            thread.start();
        }

        private void run() {
            try {
                while (true) {
                    long asked = System.nanoTime();
                    client.send(scrape, BodyHandlers.ofString());
                    synchronized (this) {
                        latencies.add(System.nanoTime() - asked);
                    }
                    Thread.sleep(Duration.ofSeconds(1));
                }
            } catch (IOException | InterruptedException over) {
                return;
            }
        }

        synchronized Latencies latencies() {
            return latencies;
        }

        @Override
        public void close() {
            thread.interrupt();
            client.shutdownNow();
        }
    }
}
