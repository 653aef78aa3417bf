package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.client.Address;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RumorClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// One daemon of three is stopped (SIGSTOP) while many records are broadcast, and goes on: it reads them back from the
/// disks of the others. Records are broadcast all the time, by clients of the other two in turn; a node in this process
/// measures how long each takes to reach it, while the one stands still and while it catches up.
@Command(name = "catch-up", description = "What others notice of a member that reads many records back.")
final class CatchUp implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final String LIVE = "live";

    @Option(names = "--records", paramLabel = "N", description = "To read back, of 100 bytes (${DEFAULT-VALUE}).")
    private int records = 1_000_000;

    @Option(names = "--rate", paramLabel = "N", description = "Records broadcast per second (${DEFAULT-VALUE}).")
    private int rate = 500;

    @Option(names = "--rounds", paramLabel = "N", description = "${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--seconds", paramLabel = "S", description = "Measured without (${DEFAULT-VALUE}).")
    private int seconds = 8;

    @Spec
    private CommandSpec spec;

    private record Round(Latencies without, Latencies with) {}

    private volatile Latencies current = new Latencies();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (Scratch scratch = Scratch.of("catch-up");
                Daemons daemons =
                        Daemons.of(scratch.path(), 3, "--retain-bytes", "8GiB").start();
                Rumor probe = probe(scratch.path(), daemons);
                Traffic _ = new Traffic(daemons.all().subList(0, 2), rate)) {
            out.println(Figures.machine(scratch.path()));
            probe.subscribe(this::measure);
            round(daemons, probe, out);
            out.println("that was to warm up; what follows counts");
            List<Round> counted = new ArrayList<>();
            for (int k = 0; k < rounds; k++) {
                counted.add(round(daemons, probe, out));
            }
            out.println("together");
            double without = print("without", counted.stream().map(Round::without), out);
            double with = print("with", counted.stream().map(Round::with), out);
            out.printf("p99 with, over p99 without: %.2f%n", with / without);
            return with <= 2 * without ? 0 : 1;
        }
    }

    private static Rumor probe(Path directory, Daemons daemons) throws IOException {
        String seeds = daemons.all().stream().map(DaemonProcess::address).collect(Collectors.joining(","));
        String data = directory.resolve("probe").toString();
        return Rumor.start(Config.of(Map.of(
                "name", "probe", "listen", "127.0.0.1:0", "seeds", seeds, "data-dir", data, "retain-bytes", "8GiB")));
    }

    private void measure(ReceivedRecord record) {
        if (record.topic().equals(LIVE)) {
            current.add(System.nanoTime() - ByteBuffer.wrap(record.payload()).getLong());
        }
    }

    private Round round(Daemons daemons, Rumor probe, PrintWriter out) throws InterruptedException {
        DaemonProcess first = daemons.all().getFirst();
        DaemonProcess away = daemons.all().getLast();
        away.signal("STOP");
        Bulk.broadcast(first.address(), records, 100);
        long held = first.records();
        await("all at the others")
                .atMost(PATIENCE)
                .until(() ->
                        probe.view().records() >= held && daemons.all().get(1).records() >= held);
        Thread.sleep(SETTLING);

        Round round = new Round(new Latencies(), new Latencies());
        current = round.without;
        Thread.sleep(Duration.ofSeconds(seconds));
        current = round.with;
        long back = System.nanoTime();
        away.signal("CONT");
        await("all at the one that was away")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> away.records() >= held);
        current = new Latencies();
        out.printf("%,d records read back in %.1f s%n", records, (System.nanoTime() - back) / 1e9);
        print("without", Stream.of(round.without), out);
        print("with", Stream.of(round.with), out);
        return round;
    }

    /// @return the p99, in ms
    private static double print(String when, Stream<Latencies> parts, PrintWriter out) {
        Latencies all = Latencies.together(parts.toList());
        out.printf(
                "%8s: %,d delivered, p50 %.2f ms, p99 %.2f ms%n", when, all.count(), all.millis(0.5), all.millis(0.99));
        out.flush();
        return all.millis(0.99);
    }

    /// Clients of these daemons that broadcast the time at a steady pace.
    private static final class Traffic implements AutoCloseable {

        private final List<RumorClient> clients;
        private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
        private int turn;

        Traffic(List<DaemonProcess> daemons, int perSecond) {
            clients = daemons.stream()
                    .map(each -> RumorClient.connect(Address.parse(each.address()), PATIENCE))
                    .toList();
            pacer.scheduleAtFixedRate(this::tick, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
        }

        private void tick() {
            byte[] payload = ByteBuffer.allocate(100).putLong(System.nanoTime()).array();
            clients.get(turn++ % clients.size()).broadcastAsync(LIVE, List.of(payload));
        }

        @Override
        public void close() {
            pacer.shutdownNow();
            clients.forEach(RumorClient::close);
        }
    }
}
