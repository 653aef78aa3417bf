package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.Embedded;
import dev.rumor.Rumor;
import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.host.Observer;
import dev.rumor.simulator.study.Findings;
import dev.rumor.simulator.study.Plan;
import dev.rumor.simulator.study.Study;
import dev.rumor.simulator.study.Traffic;
import dev.rumor.simulator.time.Delay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The same load on nodes over real sockets, and in the simulator. The model is given what the real network takes:
/// half a round trip of this run's gossip rounds. It claims to cover what is said and how often; of the time, what
/// the network takes, and not what processors do.
@Command(name = "compare", description = "A cluster over loopback beside the same one simulated, and the ratios.")
final class Compare implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(names = "--nodes", paramLabel = "N", description = "How many, 2 to 64 (${DEFAULT-VALUE}).")
    private int nodes = 25;

    @Option(names = "--rate", paramLabel = "N", description = "Records per second (${DEFAULT-VALUE}).")
    private int rate = 100;

    @Option(names = "--seconds", paramLabel = "N", description = "For how long (${DEFAULT-VALUE}).")
    private int seconds = 20;

    @Option(names = "--payload", paramLabel = "BYTES", description = "Bytes of each record (${DEFAULT-VALUE}).")
    private int payload = 100;

    @Spec
    private CommandSpec spec;

    /// What was counted on the wire and at the border of the law, of all nodes together.
    private final AtomicLong copies = new AtomicLong();

    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong pushedBytes = new AtomicLong();
    private final AtomicInteger reached = new AtomicInteger();
    private volatile long reachedAt;
    private final Latencies roundTrips = new Latencies();

    private final class Counter implements Observer {
        private final Map<Long, Long> asked = new HashMap<>();

        @Override
        public void observe(Event event, List<Effect> effects) {
            long now = System.nanoTime();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Append append) {
                    deliveries.addAndGet(append.run().count());
                    reachedAt = now;
                    reached.addAndGet(append.run().count());
                } else if (effect instanceof Effect.Send send && send.message() instanceof Message.Round) {
                    send.links().forEach(link -> asked.put(link, now));
                }
            }
            if (event instanceof Event.Heard heard && heard.message() instanceof Message.Agreement) {
                Long since = asked.remove(heard.link());
                if (since != null) {
                    synchronized (roundTrips) {
                        roundTrips.add(now - since);
                    }
                }
            }
        }

        @Override
        public void heard(Message message, int bytes) {
            if (message instanceof Message.Runs runs) {
                copies.addAndGet(runs.runs().stream().mapToInt(Run::count).sum());
                pushedBytes.addAndGet(bytes);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Figures.machine(Path.of("").toAbsolutePath()));
        out.printf(
                "%d nodes in one process, in memory; %d records/s of %d bytes, for %d s%n%n",
                nodes, rate, payload, seconds);
        Latencies real = real();
        long records = real.count();
        Delay delay = Delay.constant(Duration.ofNanos((long) (roundTrips.millis(0.5) * 1e6 / 2)));
        Findings model = Study.of(
                new Plan(
                        nodes,
                        3,
                        64,
                        rate,
                        payload,
                        0,
                        delay,
                        Delay.NONE,
                        List.of(),
                        0,
                        Duration.ofSeconds(seconds),
                        1,
                        true,
                        false,
                        Duration.ofSeconds(1)),
                new Study.Watcher() {});
        double modelBytes = model.traffic().stream()
                        .filter(each -> each.traffic() == Traffic.PUSH || each.traffic() == Traffic.REPAIR)
                        .mapToDouble(Findings.Share::bytes)
                        .sum()
                * nodes
                * seconds
                / model.records();
        out.printf("%-34s %10s %10s %8s%n", "", "sockets", "model", "ratio");
        row(
                out,
                "until all have a record, median ms",
                real.millis(0.5),
                model.coverage().all().medianNanos() / 1e6);
        row(out, "copies for each delivery", (double) copies.get() / deliveries.get(), model.copies());
        row(out, "bytes to spread a record", (double) pushedBytes.get() / records, modelBytes);
        out.printf(
                "%nThe model was given %.3f ms for a message: half the median round trip of %d gossip rounds. What"
                        + " processors%ntake to encode, send and hear a record %d times over is not in it.%n",
                roundTrips.millis(0.5) / 2, roundTrips.count(), nodes - 1);
        return 0;
    }

    private static void row(PrintWriter out, String what, double real, double model) {
        out.printf("%-34s %10.3f %10.3f %8.2f%n", what, real, model, real / model);
    }

    /// @return for each record, from the call until the last node has it
    private Latencies real() throws IOException {
        List<Rumor> cluster = new ArrayList<>();
        try {
            for (int k = 1; k <= nodes; k++) {
                String seeds = k == 1 ? "" : cluster.getFirst().address().toString();
                cluster.add(Embedded.start(
                        Map.of("name", "n" + k, "listen", "127.0.0.1:0", "seeds", seeds, "ephemeral", "true"),
                        new Counter()));
            }
            await("links").atMost(PATIENCE).until(() -> isLinked(cluster));
            // The JVM compiles what it runs through often.
            load(cluster, 3);
            copies.set(0);
            deliveries.set(0);
            pushedBytes.set(0);
            return load(cluster, seconds);
        } finally {
            cluster.forEach(Rumor::close);
        }
    }

    private boolean isLinked(List<Rumor> cluster) {
        byte[] probe = new byte[1];
        reached.set(0);
        cluster.getFirst().broadcast("", probe).join();
        LockSupport.parkNanos(100_000_000);
        return reached.get() == nodes - 1;
    }

    /// One after the other, so that it is known which one arrives.
    private Latencies load(List<Rumor> cluster, int time) {
        SplittableRandom dice = new SplittableRandom(1);
        Latencies latencies = new Latencies();
        byte[] record = new byte[payload];
        long due = System.nanoTime();
        for (int k = 0; k < rate * time; k++) {
            due += (long) (1e9 / rate);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            reached.set(0);
            long since = System.nanoTime();
            cluster.get(dice.nextInt(nodes)).broadcast("", record);
            long until = since + PATIENCE.toNanos();
            while (reached.get() < nodes - 1 && System.nanoTime() < until) {
                LockSupport.parkNanos(20_000);
            }
            latencies.add(reachedAt - since);
        }
        return latencies;
    }
}
