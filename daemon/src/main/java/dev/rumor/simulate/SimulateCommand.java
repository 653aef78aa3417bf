package dev.rumor.simulate;

import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.client.cli.text.Quantity;
import dev.rumor.simulator.referee.Foul;
import dev.rumor.simulator.study.Findings;
import dev.rumor.simulator.study.Plan;
import dev.rumor.simulator.study.Study;
import dev.rumor.simulator.time.Delay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Run a cluster in virtual time: the very nodes that a daemon runs, and around them a network, disks and "
                    + "faults that are made up.",
            "",
            "The same options give the same run to the letter, whatever the machine. After every event invariants are "
                    + "checked, and at the end all nodes must come to have all that was acknowledged.",
            ""
        })
public final class SimulateCommand implements Callable<Integer> {

    private static final long PROGRESS_NANOS = Duration.ofMillis(200).toNanos();
    private static final String ERASE = "\r\033[K";

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            converter = Amount.Nodes.class,
            description = "How many nodes: 1 to 20000. Default: 100.")
    private int nodes = 100;

    @Option(
            names = "--fanout",
            paramLabel = "COUNT",
            converter = Amount.UpTo64.class,
            description = "Peers in each gossip round: 1 to 64. Default: 3.")
    private int fanout = 3;

    @Option(
            names = "--mesh",
            paramLabel = "COUNT",
            converter = Amount.UpTo64.class,
            description = "Up to so many nodes everybody is linked to everybody: 1 to 64. Default: 64.")
    private int mesh = 64;

    @Option(
            names = "--gossip-interval",
            paramLabel = "DURATION",
            converter = Amount.Interval.class,
            description = "Between gossip rounds while something differs: 10ms to 1h. Default: 1s.")
    private Duration gossipInterval = Duration.ofSeconds(1);

    @Option(
            names = "--rate",
            paramLabel = "COUNT",
            converter = Amount.Rate.class,
            description = "Records broadcast per second in the whole cluster, each at a node drawn anew: 0 to 100000. "
                    + "Default: 10.")
    private double rate = 10;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            converter = Amount.Payload.class,
            description = "Bytes of each record: 1 to 1048576. Default: 100.")
    private int payload = 100;

    @Option(
            names = "--loss",
            paramLabel = "SHARE",
            converter = Amount.Loss.class,
            description =
                    "Share of messages that the network loses: 0%% to 90%%. On links they come when they are sent "
                            + "again, after 200 ms or a multiple; with --no-links they are lost. Default: 0%%.")
    private double loss;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            converter = Amount.Range.class,
            description =
                    "How long a message takes, as 20ms, or evenly drawn, as 10ms..30ms: 0ms to 10s. Default: 1ms.")
    private Delay delay = Delay.constant(Duration.ofMillis(1));

    @Option(
            names = "--disk",
            paramLabel = "DURATION",
            converter = Amount.Range.class,
            description = "How long a disk takes to make what waits durable, likewise. Default: 1ms.")
    private Delay disk = Delay.constant(Duration.ofMillis(1));

    @Option(
            names = "--partition",
            paramLabel = "FROM..TO",
            converter = Amount.Span.class,
            description = "From when to when random halves hear nothing of each other, as 30s..60s; may be repeated.")
    private List<Plan.Span> partitions = new ArrayList<>();

    @Option(
            names = "--crash",
            paramLabel = "SHARE",
            converter = Amount.Share.class,
            description =
                    "Share of the nodes that crash once each, at random times, and start again 2 to 10 s later: 0%% "
                            + "to 100%%. Default: 0%%.")
    private double crash;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = Amount.Time.class,
            description = "For how long records are broadcast, in virtual time: 1s to 24h. Default: 30s.")
    private Duration duration = Duration.ofSeconds(30);

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Of all dice. Default: 1.")
    private long seed = 1;

    @Option(names = "--no-links", description = "Messages go without links, and may be lost and overtaken.")
    private boolean unlinked;

    @Option(
            names = "--join",
            description = "The nodes join one after the other, and do not know each other from the start.")
    private boolean joining;

    @Option(names = "--json", description = "Print one JSON object. Keys that begin with wall_ are of real time.")
    private boolean json;

    @Option(names = "--versions", description = "Print a line for each record when every node has it.")
    private boolean versions;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page that shows it, for any browser.")
    private Path report;

    @Spec
    private CommandSpec spec;

    private final Stdio stdio;
    private long due = System.nanoTime() + PROGRESS_NANOS * 5;
    private Boolean progresses;

    public SimulateCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    private Plan plan() {
        Plan plan = new Plan(
                nodes,
                fanout,
                mesh,
                rate,
                payload,
                loss,
                delay,
                disk,
                partitions,
                crash,
                duration,
                seed,
                !unlinked,
                joining,
                gossipInterval);
        Optional<String> refusal = plan.refusal();
        if (refusal.isPresent()) {
            throw new ParameterException(spec.commandLine(), refusal.get());
        }
        if (json && versions) {
            throw new ParameterException(spec.commandLine(), "--versions prints lines, and --json one object");
        }
        checkReport();
        return plan;
    }

    /// Now, and not when it is to be written: a run may take long.
    private void checkReport() {
        if (report == null) {
            return;
        }
        Path directory = report.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(report)) {
            throw new ParameterException(spec.commandLine(), "--report: " + report + " is a directory");
        }
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), "--report: there is no directory " + directory);
        }
        if (!Files.isWritable(Files.exists(report) ? report : directory)) {
            throw new ParameterException(spec.commandLine(), "--report: " + report + " cannot be written");
        }
    }

    @Override
    public Integer call() {
        Plan plan = plan();
        long began = System.nanoTime();
        Findings findings;
        try {
            findings = Study.of(plan, new Watch(began));
        } catch (Foul foul) {
            erase();
            stdio.complain("an invariant is broken: " + foul.getMessage() + "; the same options repeat it");
            return ExitCode.FAILED.number();
        }
        erase();
        Duration wall = Duration.ofNanos(System.nanoTime() - began);
        boolean reported = report == null || writeReport(new Report(plan, findings));
        Summary summary = new Summary(plan, findings, wall);
        if (json) {
            stdio.out().println(summary.json().toString());
        } else {
            summary.print(stdio.out());
        }
        stdio.out().flush();
        if (!findings.isComplete()) {
            stdio.complain("after " + Study.BOUND.toSeconds()
                    + " s without faults and broadcasts, not every node has every record that was acknowledged");
            return ExitCode.FAILED.number();
        }
        return (reported ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private boolean writeReport(Report page) {
        try {
            Files.writeString(report, page.html());
            return true;
        } catch (IOException failed) {
            stdio.complain("the report cannot be written to " + report + ": " + failed.getMessage());
            return false;
        }
    }

    private void erase() {
        if (progresses != null && progresses) {
            stdio.mutter(ERASE);
        }
    }

    private final class Watch implements Study.Watcher {
        private final long began;

        private Watch(long began) {
            this.began = began;
        }

        @Override
        public void passed(double share, long records) {
            long now = System.nanoTime();
            if (now < due) {
                return;
            }
            due = now + PROGRESS_NANOS;
            if (progresses == null) {
                progresses = stdio.showsProgress(versions);
            }
            if (progresses) {
                double seconds = share * duration.toMillis() / 1000;
                stdio.mutter(String.format(
                        Locale.ROOT,
                        "%s%.0f of %d s simulated, %s records, %.1f times as fast as real time",
                        ERASE,
                        seconds,
                        duration.toSeconds(),
                        Quantity.number(records),
                        seconds * 1e9 / (now - began)));
            }
        }

        @Override
        public void everywhere(int number, long afterNanos) {
            if (versions) {
                stdio.out()
                        .println(String.format(
                                Locale.ROOT,
                                "committed version %d on %d/%d nodes in %s",
                                number,
                                nodes,
                                nodes,
                                Summary.time(afterNanos)));
            }
        }
    }
}
