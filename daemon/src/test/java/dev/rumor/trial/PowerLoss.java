package dev.rumor.trial;

import dev.rumor.Embedded;
import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.storage.FrailDisk;
import dev.rumor.tcp.TcpHost;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Nodes in this process lose power, one, some or all at once, while clients broadcast through all of them: of what was
/// not forced to its disk, each finds some sectors when it is back and others not. From time to time, and in the end,
/// what each shows is held against what was acknowledged.
@Command(
        name = "power-loss",
        description = "Cut the power of nodes whose disks drop, tear and reorder what was not forced; then look for "
                + "what was acknowledged and is missing, and for what is there twice.")
final class PowerLoss implements Callable<Integer> {

    private static final int CYCLES_BETWEEN_CHECKS = 20;

    @Option(names = "--cycles", paramLabel = "N", description = "Power cuts (${DEFAULT-VALUE}).")
    private int cycles = 200;

    @Option(names = "--nodes", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    private int count = 3;

    @Option(names = "--clients", paramLabel = "N", description = "Of each node (${DEFAULT-VALUE}).")
    private int clients = 4;

    @Option(names = "--seed", paramLabel = "N", description = "Of what is cut when, and lost (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec;

    private final Ledger ledger = new Ledger();
    private final List<Site> sites = new ArrayList<>();
    private int cutAtAll;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> faults = run();
        out.printf(
                "%d power cuts, %d of all nodes at once; %,d records broadcast, %,d acknowledged, %d faults%n",
                cycles, cutAtAll, ledger.offered(), ledger.acknowledged(), faults.size());
        faults.forEach(out::println);
        return faults.isEmpty() ? 0 : 1;
    }

    /// @return what is wrong, in sentences; at the first check that finds anything it ends
    List<String> run() throws IOException {
        Random dice = new Random(seed);
        List<Integer> ports = DaemonProcess.freePorts(count);
        for (int k = 0; k < count; k++) {
            sites.add(new Site("n" + (k + 1), ports.get(k), ports, new FrailDisk("n" + (k + 1), dice.nextLong())));
        }
        try {
            for (Site each : sites) {
                each.start();
            }
            List<String> faults = List.of();
            for (int done = 0; done < cycles && faults.isEmpty(); done += CYCLES_BETWEEN_CHECKS) {
                faults = run(Math.min(CYCLES_BETWEEN_CHECKS, cycles - done), dice);
            }
            return faults;
        } finally {
            sites.forEach(Site::close);
        }
    }

    int acknowledged() {
        return ledger.acknowledged();
    }

    private List<String> run(int some, Random dice) throws IOException {
        List<Voice> voices = sites.stream()
                .flatMap(each -> IntStream.range(0, clients)
                        .mapToObj(k -> new Voice(ledger.voice(), each.address(), Duration.ofMillis(1), ledger)))
                .toList();
        try {
            for (int k = 0; k < some; k++) {
                cut(voices, dice);
            }
        } finally {
            voices.forEach(Voice::close);
        }
        List<Witness> witnesses = sites.stream().map(Site::witness).toList();
        Witness.awaitLevel(witnesses);
        return witnesses.stream().flatMap(each -> each.faults(ledger).stream()).toList();
    }

    private void cut(List<Voice> voices, Random dice) throws IOException {
        Voice.awaitAcknowledgements(voices);
        List<Site> victims = new ArrayList<>(sites);
        Collections.shuffle(victims, dice);
        boolean all = dice.nextInt(3) == 0;
        cutAtAll += all ? 1 : 0;
        victims = victims.subList(0, all ? count : 1 + dice.nextInt(count - 1));
        victims.forEach(Site::cut);
        for (Site each : victims) {
            each.start();
        }
    }

    /// A node and its disk.
    private static final class Site {

        private final Map<String, String> settings;
        private final FrailDisk disk;
        private TcpHost host;

        Site(String name, int port, List<Integer> ports, FrailDisk disk) {
            this.disk = disk;
            this.settings = Map.of(
                    "name",
                    name,
                    "listen",
                    "127.0.0.1:" + port,
                    "seeds",
                    ports.stream().map(each -> "127.0.0.1:" + each).collect(Collectors.joining(",")),
                    "gossip-interval",
                    "100ms");
        }

        void start() throws IOException {
            host = Embedded.startOn(settings, disk::store);
        }

        /// Returns when the node has noticed.
        void cut() {
            disk.cut();
            host.ended().exceptionally(stopped -> null).join();
        }

        void close() {
            host.close().exceptionally(stopped -> null).join();
        }

        String address() {
            return settings.get("listen");
        }

        Witness witness() {
            return new Witness(settings.get("name"), address());
        }
    }
}
