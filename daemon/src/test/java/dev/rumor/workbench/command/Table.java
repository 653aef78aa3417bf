package dev.rumor.workbench.command;

import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Runs what the README states and prints it, the figures as medians over the runs with the smallest and the largest.
final class Table {

    private static final double ANY = Double.MAX_VALUE;

    /// Stands for longer than the recovery.
    private static final long NEVER_MILLIS = 10_000;

    /// What the medians over the runs may be at most.
    ///
    /// @param messages per operation
    /// @param copies messages per write
    /// @param half the median stable latency, in ms
    /// @param most the largest stable latency, in ms
    private record Limits(double messages, double copies, double half, double most) {}

    /// @param node what the node's command line says besides
    private record Row(String title, int runs, String words, String node, Limits limits) {}

    /// Runs nodes with these arguments besides.
    interface Runner {
        Result run(Settings settings, long seed, List<String> arguments);
    }

    private static final Limits NONE = new Limits(ANY, ANY, ANY, ANY);
    private static final Limits SILENT = new Limits(0, ANY, ANY, ANY);
    private static final Limits PUSHED = new Limits(ANY, 25.2, 110, 150);
    private static final Limits WITHIN_600_MS = new Limits(1.2, ANY, 399, 599);
    private static final Limits WITHIN_2_S = new Limits(0.45, ANY, 999, 1999);
    private static final Limits CHALLENGE_3C = new Limits(4, ANY, ANY, ANY);
    private static final Limits SPARING = new Limits(0.3, ANY, ANY, ANY);

    private static final String CUT = " --nemesis partition --nemesis-interval 5";
    private static final String THREE = " --nodes 3 --rate 100" + CUT;
    private static final String ALWAYS = " --nodes 3 --rate 1000 --availability 1" + CUT;
    private static final String CHALLENGE = "--nodes 25 --rate 100 --latency 100";
    private static final String TRUE = CHALLENGE + " --no-blocking";
    private static final String STORM = CHALLENGE + " --latency-dist exponential --loss 5 --duplication 5";
    private static final String SHORT = "--delivery-budget 600ms";
    private static final String LONG = "--delivery-budget 2s";

    private static final List<Row> ROWS = List.of(
            new Row("echo", 3, "--workload echo" + ALWAYS, "", SILENT),
            new Row("unique-ids", 3, "--workload unique-ids" + ALWAYS, "", SILENT),
            new Row("broadcast", 3, CHALLENGE, "", PUSHED),
            new Row("budget 600ms", 3, CHALLENGE, SHORT, WITHIN_600_MS),
            new Row("budget 2s", 3, CHALLENGE, LONG, WITHIN_2_S),
            new Row("broadcast, true", 3, TRUE, "", NONE),
            new Row("budget 600ms, true", 3, TRUE, SHORT, NONE),
            new Row("budget 2s, true", 3, TRUE, LONG, NONE),
            new Row("broadcast, cut", 20, CHALLENGE + CUT, "", NONE),
            new Row("budget 600ms, cut", 20, CHALLENGE + CUT, SHORT, NONE),
            new Row("budget 2s, cut", 20, CHALLENGE + CUT, LONG, NONE),
            new Row("3c", 3, "--nodes 5 --rate 10 --nemesis partition", "", CHALLENGE_3C),
            new Row("g-set", 3, "--workload g-set" + THREE, LONG, SPARING),
            new Row("g-counter", 3, "--workload g-counter" + THREE, LONG, SPARING),
            new Row("pn-counter", 3, "--workload pn-counter" + THREE, LONG, SPARING),
            new Row("storm", 3, STORM, "", NONE),
            new Row("storm, budget 2s", 3, STORM, LONG, NONE));

    private final PrintWriter out;
    private final long seed;
    private final int runs;
    private final List<String> faults = new ArrayList<>();
    private final Runner runner;

    /// @param runs of each row; 0 for what is usual
    Table(PrintWriter out, long seed, int runs, Runner runner) {
        this.out = out;
        this.seed = seed;
        this.runs = runs;
        this.runner = runner;
    }

    /// Whether every run was valid, and every row within its limits.
    boolean print() {
        out.println(machine());
        out.println("Stable latencies as Maelstrom measures them; 'true' is with --no-blocking.");
        out.println("Medians over the runs, in brackets smallest and largest. '!' is beyond the limit.");
        out.println();
        out.println("| run | valid | msgs/op | msgs/write | median ms | max ms | lost | duplicates | equal ms | round"
                + " the ring | init ms | MiB |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        boolean good = true;
        for (Row row : ROWS) {
            good &= print(row);
            out.flush();
        }
        faults.forEach(out::println);
        out.flush();
        return good;
    }

    private boolean print(Row row) {
        List<Result> results = run(row);
        List<Result> sets = results.getFirst().hasLatencies() ? results : List.of();
        List<Result> cut = results.getFirst().isLevelDue() ? results : List.of();
        Limits limits = row.limits();
        List<Spread> before = List.of(
                new Spread(results, Result::messagesPerOperation, 2, Rank.MEDIAN, limits.messages()),
                new Spread(results, Result::messagesPerWrite, 1, Rank.MEDIAN, limits.copies()),
                new Spread(sets, each -> each.latencyMillis(0.5), 0, Rank.MEDIAN, limits.half()),
                new Spread(sets, each -> each.latencyMillis(1), 0, Rank.MEDIAN, limits.most()),
                new Spread(sets, Result::lost, 0, Rank.WORST, 0),
                new Spread(sets, Result::duplicates, 0, Rank.WORST, 0),
                new Spread(cut, Table::levelMillis, 0, Rank.WORST, 5000));
        List<Spread> after = List.of(
                new Spread(results, each -> each.ready().toMillis(), 0, Rank.MEDIAN, 6000),
                new Spread(results, each -> each.residentBytes() / 1048576.0, 0, Rank.MEDIAN, 70));
        long valid = results.stream().filter(Result::isValid).count();
        out.print("| " + row.title() + " | " + valid + " of " + results.size() + (valid < results.size() ? " !" : ""));
        before.forEach(spread -> out.print(" | " + spread));
        out.print(" | " + around(results));
        after.forEach(spread -> out.print(" | " + spread));
        out.println(" |");
        for (Result each : results) {
            each.faults().forEach(fault -> faults.add(row.title() + ", seed " + each.seed() + ": " + fault));
        }
        return valid == results.size()
                && Stream.concat(before.stream(), after.stream()).noneMatch(Spread::isBeyond);
    }

    private List<Result> run(Row row) {
        Settings settings = Settings.of(row.words());
        List<String> node =
                row.node().isEmpty() ? List.of() : List.of(row.node().split(" "));
        List<Result> results = new ArrayList<>();
        for (int k = 0; k < (runs > 0 ? runs : row.runs()); k++) {
            results.add(runner.run(settings, seed + k, node));
        }
        return results;
    }

    private static double levelMillis(Result result) {
        return result.level().map(Duration::toMillis).orElse(NEVER_MILLIS);
    }

    private static Result.Share around(List<Result> results) {
        return new Result.Share(
                results.stream().mapToLong(each -> each.around().part()).sum(),
                results.stream().mapToLong(each -> each.around().whole()).sum());
    }

    static String machine() {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %s %s; Java %s (%s)",
                processor().orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.name"));
    }

    private static Optional<String> processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException elsewhere) {
            return Optional.empty();
        }
    }

    /// Which of the runs must be within the limit.
    private enum Rank {
        MEDIAN,
        WORST
    }

    /// One figure over several runs.
    private record Spread(List<Result> results, ToDoubleFunction<Result> figure, int digits, Rank bound, double limit) {

        private double[] sorted() {
            return results.stream().mapToDouble(figure).sorted().toArray();
        }

        boolean isBeyond() {
            double[] all = sorted();
            return all.length > 0 && all[bound == Rank.WORST ? all.length - 1 : all.length / 2] > limit;
        }

        @Override
        public String toString() {
            double[] all = sorted();
            if (all.length == 0) {
                return "-";
            }
            String middle = text(all[all.length / 2]);
            String rest = all.length == 1 ? "" : " (" + text(all[0]) + "-" + text(all[all.length - 1]) + ")";
            return middle + rest + (isBeyond() ? " !" : "");
        }

        private String text(double value) {
            return String.format(Locale.ROOT, "%." + digits + "f", value);
        }
    }
}
