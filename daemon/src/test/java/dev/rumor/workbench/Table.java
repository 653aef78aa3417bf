package dev.rumor.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Runs what the README states and prints it, the figures as medians over the runs with the smallest and the largest.
final class Table {

    private static final double ANY = Double.MAX_VALUE;

    /// @param messages largest median of messages per operation
    /// @param half largest median of the runs' median stable latency, in ms
    /// @param most largest median of the runs' largest stable latency, in ms
    private record Limits(double messages, double half, double most) {
        static final Limits NONE = new Limits(ANY, ANY, ANY);
    }

    /// @param node what the node's command line says besides
    private record Row(String title, String words, String node, Limits limits) {}

    private static final String CHALLENGE = "--workload broadcast --nodes 25 --rate 100 --latency 100 --time-limit 20";
    private static final String CUT = " --nemesis partition --nemesis-interval 5";
    private static final String SMALL = " --nodes 3 --rate 100 --time-limit 20" + CUT;
    private static final String STORM = CHALLENGE + " --latency-dist exponential --loss 5 --duplication 5";

    private static final List<Row> ROWS = List.of(
            row("echo", "--workload echo --nodes 3 --rate 1000 --availability 1" + CUT, "", new Limits(0, ANY, ANY)),
            row("unique-ids", "--workload unique-ids --nodes 3 --rate 1000 --availability 1" + CUT, "", new Limits(0, ANY, ANY)),
            row("broadcast", CHALLENGE, "", new Limits(12.8, 110, 150)),
            row("budget 600ms", CHALLENGE, "--delivery-budget 600ms", new Limits(1.2, 400, 600)),
            row("budget 2s", CHALLENGE, "--delivery-budget 2s", new Limits(0.45, 1000, 2000)),
            row("broadcast, true", CHALLENGE + " --no-blocking", "", new Limits(12.8, 110, 150)),
            row("budget 600ms, true", CHALLENGE + " --no-blocking", "--delivery-budget 600ms", Limits.NONE),
            row("budget 2s, true", CHALLENGE + " --no-blocking", "--delivery-budget 2s", Limits.NONE),
            row("broadcast, cut", CHALLENGE + CUT, "", Limits.NONE),
            row("budget 600ms, cut", CHALLENGE + CUT, "--delivery-budget 600ms", Limits.NONE),
            row("budget 2s, cut", CHALLENGE + CUT, "--delivery-budget 2s", Limits.NONE),
            row("3c", "--workload broadcast --nodes 5 --rate 10 --time-limit 20 --nemesis partition", "", new Limits(4, ANY, ANY)),
            row("g-set", "--workload g-set" + SMALL, "--delivery-budget 2s", new Limits(0.3, ANY, ANY)),
            row("g-counter", "--workload g-counter" + SMALL, "--delivery-budget 2s", new Limits(0.3, ANY, ANY)),
            row("pn-counter", "--workload pn-counter" + SMALL, "--delivery-budget 2s", new Limits(0.3, ANY, ANY)),
            row("storm", STORM, "", Limits.NONE),
            row("storm, budget 2s", STORM, "--delivery-budget 2s", Limits.NONE));

    private final PrintWriter out;
    private final long seed;
    private final int runs;
    private final Function<List<String>, Function<String, Host>> hosts;

    /// @param runs of each row; 0 for what is usual
    /// @param hosts makes nodes with these arguments besides
    Table(PrintWriter out, long seed, int runs, Function<List<String>, Function<String, Host>> hosts) {
        this.out = out;
        this.seed = seed;
        this.runs = runs;
        this.hosts = hosts;
    }

    private static Row row(String title, String words, String node, Limits limits) {
        return new Row(title, words, node, limits);
    }

    /// Whether every run was valid, and every row within its limits.
    boolean print() {
        out.println(machine());
        out.println("Stable latencies as Maelstrom measures them, with messages waiting behind others; 'true' is without.");
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
        return good;
    }

    private boolean print(Row row) {
        Settings settings = Settings.of(row.words());
        int count = runs > 0 ? runs : settings.cuts().isEmpty() ? 3 : 20;
        List<String> node = row.node().isEmpty() ? List.of() : List.of(row.node().split(" "));
        List<Result> results = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            results.add(Workbench.run(settings, seed + k, Agenda.real(), hosts.apply(node)));
        }
        long valid = results.stream().filter(Result::isValid).count();
        boolean set = settings.workload.isSet();
        Limits limits = row.limits();
        List<Spread> spreads = List.of(
                new Spread(results, Result::messagesPerOperation, 2, limits.messages()),
                new Spread(results, Result::messagesPerWrite, 1, ANY),
                new Spread(set ? results : List.of(), each -> each.latencyMillis(0.5), 0, limits.half()),
                new Spread(set ? results : List.of(), each -> each.latencyMillis(1), 0, limits.most()),
                new Spread(set ? results : List.of(), Result::lost, 0, 0),
                new Spread(set ? results : List.of(), Result::duplicates, 0, 0),
                new Spread(levelled(results), each -> each.level().orElseThrow().toMillis(), 0, 5000));
        out.print("| " + row.title() + " | " + valid + " of " + count + (valid < count ? " !" : ""));
        spreads.forEach(spread -> out.print(" | " + spread));
        out.print(" | " + around(results));
        out.print(" | " + new Spread(results, each -> each.ready().toMillis(), 0, 6000));
        out.println(" | " + new Spread(results, each -> each.residentBytes() / 1048576.0, 0, 70) + " |");
        results.forEach(each -> each.faults().forEach(fault -> out.println("  seed " + each.seed() + ": " + fault)));
        return valid == count && spreads.stream().noneMatch(Spread::isBeyond);
    }

    private static List<Result> levelled(List<Result> results) {
        return results.stream().filter(each -> each.level().isPresent()).toList();
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

    /// One figure over several runs.
    private record Spread(List<Result> results, ToDoubleFunction<Result> figure, int digits, double limit) {

        private double[] sorted() {
            return results.stream().mapToDouble(figure).sorted().toArray();
        }

        boolean isBeyond() {
            double[] all = sorted();
            return all.length > 0 && all[all.length / 2] > limit;
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
