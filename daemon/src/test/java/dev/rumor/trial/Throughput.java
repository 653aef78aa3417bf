package dev.rumor.trial;

import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How many records one daemon acknowledges, each client waiting for one acknowledgement before it sends the next
/// record, and how many share an fsync; beside what the disk does when a program writes and syncs and does nothing
/// else.
@Command(
        name = "throughput",
        description = "Records acknowledged per second and per fsync, by one daemon, beside the disk's own rate.")
final class Throughput implements Callable<Integer> {

    private static final int RECORD_BYTES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--clients", split = ",", paramLabel = "N", description = "At once (1,16,256).")
    private List<Integer> clients = List.of(1, 16, 256);

    @Option(names = "--rounds", paramLabel = "N", description = "Of all of it, in turn (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(names = "--seconds", paramLabel = "S", description = "For each measurement (${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Spec
    private CommandSpec spec;

    private URI metrics;

    /// @param fsyncs per second
    private record Sample(double recordsPerSecond, double fsyncs, Latencies latencies) {
        double recordsPerFsync() {
            return recordsPerSecond / fsyncs;
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Integer> ports = DaemonProcess.freePorts(2);
        String http = "127.0.0.1:" + ports.get(1);
        metrics = URI.create("http://" + http + "/metrics");
        try (Scratch scratch = Scratch.of("throughput");
                DaemonProcess daemon =
                        new DaemonProcess(scratch.path(), "n1", ports.get(0), List.of(), "--http", http)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(Figures.machine(scratch.path()));
            out.println(rounds + " rounds of " + seconds + " s each; medians, with the least and the most");
            daemon.start().awaitReady();
            measure(daemon, scratch.path(), out);
        }
        return 0;
    }

    private void measure(DaemonProcess daemon, Path directory, PrintWriter out) throws Exception {
        double[] raw = new double[rounds];
        List<List<Sample>> samples =
                clients.stream().<List<Sample>>map(each -> new ArrayList<>()).toList();
        load(daemon, clients.getLast());
        for (int round = 0; round < rounds; round++) {
            raw[round] = fdatasyncRate(directory.resolve("raw"));
            for (int k = 0; k < clients.size(); k++) {
                samples.get(k).add(load(daemon, clients.get(k)));
            }
        }
        print(out, raw, samples);
    }

    private void print(PrintWriter out, double[] raw, List<List<Sample>> samples) {
        out.println(
                "write of " + RECORD_BYTES + " bytes and fdatasync, alone: " + Figures.spread("%,.0f", raw) + " /s");
        double one = Figures.median(rates(samples.getFirst()));
        for (int k = 0; k < clients.size(); k++) {
            List<Sample> some = samples.get(k);
            Latencies all =
                    Latencies.together(some.stream().map(Sample::latencies).toList());
            out.printf(
                    "%3d clients: %s records/s, %.1f times one client's; %s per fsync; p50 %.2f ms, p99 %.2f ms%n",
                    clients.get(k),
                    Figures.spread("%,.0f", rates(some)),
                    Figures.median(rates(some)) / one,
                    Figures.spread("%.1f", of(some.stream().mapToDouble(Sample::recordsPerFsync))),
                    all.millis(0.5),
                    all.millis(0.99));
        }
    }

    private static double[] rates(List<Sample> samples) {
        return of(samples.stream().mapToDouble(Sample::recordsPerSecond));
    }

    private static double[] of(DoubleStream values) {
        return values.toArray();
    }

    /// How often in a second this disk takes a record and says that it is durable.
    private double fdatasyncRate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            int count = 0;
            for (; System.nanoTime() < end; count++) {
                channel.write(record.rewind());
                channel.force(false);
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.delete(file);
        }
    }

    private Sample load(DaemonProcess daemon, int count) throws Exception {
        List<Asker> askers = IntStream.range(0, count)
                .mapToObj(k -> new Asker(RumorClient.connect(Address.parse(daemon.address()), PATIENCE)))
                .toList();
        long syncsBefore = fsyncs();
        long start = System.nanoTime();
        askers.forEach(Asker::ask);
        Thread.sleep(Duration.ofSeconds(seconds));
        askers.forEach(each -> each.done = true);
        double span = (System.nanoTime() - start) / 1e9;
        long syncs = fsyncs() - syncsBefore;
        askers.forEach(each -> each.client.close());
        Latencies latencies =
                Latencies.together(askers.stream().map(each -> each.latencies).toList());
        return new Sample(latencies.count() / span, syncs / span, latencies);
    }

    /// How often the daemon has synced its log.
    private long fsyncs() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith("rumor_log_sync_seconds_count"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Asks for the next record when it has the answer to the last, on its connection's own thread.
    private static final class Asker {

        private static final List<byte[]> RECORD = List.of(new byte[RECORD_BYTES]);

        private final RumorClient client;
        private final Latencies latencies = new Latencies();
        private volatile boolean done;

        Asker(RumorClient client) {
            this.client = client;
        }

        void ask() {
            long asked = System.nanoTime();
            client.broadcastAsync("", RECORD).thenRun(() -> {
                if (!done) {
                    latencies.add(System.nanoTime() - asked);
                    ask();
                }
            });
        }
    }
}
