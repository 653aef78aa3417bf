package dev.rumor.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Describes a run, together with its seed. Options have Maelstrom's names, units and defaults where Maelstrom has
/// them, but for the time limit, which there is 60 s.
public final class Settings {

    @Option(
            names = {"-w", "--workload"},
            paramLabel = "NAME",
            description = "echo, unique-ids, broadcast, g-set, g-counter or pn-counter (broadcast).")
    Workload workload = Workload.BROADCAST;

    @Option(
            names = {"--nodes", "--node-count"},
            paramLabel = "N",
            description = "Nodes, 1 or more (${DEFAULT-VALUE}).")
    int nodes = 5;

    @Option(names = "--rate", paramLabel = "HZ", description = "Operations per second, of all (${DEFAULT-VALUE}).")
    double ratePerSecond = 5;

    @Option(names = "--time-limit", paramLabel = "S", description = "How long clients ask, in s (${DEFAULT-VALUE}).")
    int timeLimitSeconds = 20;

    @Option(names = "--latency", paramLabel = "MS", description = "Mean between nodes, in ms (${DEFAULT-VALUE}).")
    int latencyMillis;

    @Option(names = "--latency-dist", paramLabel = "D", description = "constant, uniform or exponential (constant).")
    Network.Latency latencyDist = Network.Latency.CONSTANT;

    @Option(
            names = "--topology",
            paramLabel = "T",
            description = "line, grid, tree, tree2, tree3, tree4 or total (grid).")
    Topology topology = Topology.GRID;

    @Option(names = "--nemesis", paramLabel = "partition", description = "Cut the network and heal it, in turn.")
    Nemeses nemesis = Nemeses.NONE;

    @Option(
            names = "--nemesis-interval",
            paramLabel = "S",
            description = "Mean between a cut and its healing, and the next cut, in s (${DEFAULT-VALUE}).")
    double nemesisIntervalSeconds = 10;

    @Option(
            names = "--cut",
            paramLabel = "KIND",
            split = ",",
            description = "Only these cuts: one, minority-third, majority, majorities-ring.")
    List<Cut.Kind> only = new ArrayList<>();

    @Option(names = "--loss", paramLabel = "%", description = "Messages between nodes that are lost, in %% (0).")
    double lossPercent;

    @Option(names = "--duplication", paramLabel = "%", description = "Those that arrive twice, in %% (0).")
    double duplicationPercent;

    @Option(
            names = "--no-blocking",
            negatable = true,
            description = "Do not let messages wait behind one that is still on its way, as they do under Maelstrom.")
    boolean blocking = true;

    @Option(
            names = "--availability",
            paramLabel = "A",
            description = "Least share of operations that must succeed; 1 is Maelstrom's 'total' (0).")
    double availability;

    enum Nemeses {
        NONE,
        PARTITION
    }

    /// With the defaults, for picocli to fill in.
    public Settings() {}

    /// From the words of a command line, as in `--workload broadcast --nodes 25 --rate 100 --latency 100`.
    ///
    /// @throws picocli.CommandLine.ParameterException when a word is not understood, with a sentence that says why
    public static Settings of(String words) {
        Settings settings = new Settings();
        CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObjectLenient(settings));
        converting(line)
                .parseArgs(words.isBlank() ? new String[0] : words.strip().split("\\s+"));
        settings.check(line);
        return settings;
    }

    /// Teaches `line` how the options' values are written.
    public static CommandLine converting(CommandLine line) {
        return line.registerConverter(Workload.class, named(Workload.values()))
                .registerConverter(Network.Latency.class, named(Network.Latency.values()))
                .registerConverter(Topology.class, named(Topology.values()))
                .registerConverter(Nemeses.class, named(Nemeses.values()))
                .registerConverter(Cut.Kind.class, named(Cut.Kind.values()));
    }

    /// The kinds of cut that the nemesis draws from, none when there is no nemesis.
    List<Cut.Kind> cuts() {
        if (nemesis == Nemeses.NONE) {
            return List.of();
        }
        return only.isEmpty() ? List.of(Cut.Kind.values()) : only;
    }

    /// @throws picocli.CommandLine.ParameterException with the range, when a value is outside
    public void check(CommandLine line) {
        require(line, nodes >= 1, "--nodes is 1 or more");
        require(line, ratePerSecond > 0, "--rate is more than 0");
        require(line, timeLimitSeconds >= 1, "--time-limit is 1 s or more");
        require(line, latencyMillis >= 0, "--latency is 0 ms or more");
        require(line, nemesisIntervalSeconds > 0, "--nemesis-interval is more than 0 s");
        require(line, lossPercent >= 0 && lossPercent < 100, "--loss is 0 to 99 %");
        require(line, duplicationPercent >= 0 && duplicationPercent <= 100, "--duplication is 0 to 100 %");
        require(line, availability >= 0 && availability <= 1, "--availability is 0 to 1");
    }

    private static void require(CommandLine line, boolean holds, String rule) {
        if (!holds) {
            throw new CommandLine.ParameterException(line, rule);
        }
    }

    @Override
    public String toString() {
        StringJoiner words = new StringJoiner(" ")
                .add(word(workload) + ", " + nodes + " nodes, " + ratePerSecond + "/s for " + timeLimitSeconds + " s,")
                .add("latency " + latencyMillis + " ms " + word(latencyDist));
        if (nemesis != Nemeses.NONE) {
            words.add(", partition every " + nemesisIntervalSeconds + " s");
        }
        if (lossPercent + duplicationPercent > 0) {
            words.add(", loss " + lossPercent + " %, duplicates " + duplicationPercent + " %");
        }
        return words.add(blocking ? "" : ", no blocking").toString().strip().replace(" ,", ",");
    }

    /// A constant's name as people write it in options.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> ITypeConverter<E> named(E[] constants) {
        return text -> {
            List<String> words = new ArrayList<>();
            for (E constant : constants) {
                if (word(constant).equals(text)) {
                    return constant;
                }
                words.add(word(constant));
            }
            throw new TypeConversionException("one of " + String.join(", ", words) + ", not '" + text + "'");
        };
    }
}
