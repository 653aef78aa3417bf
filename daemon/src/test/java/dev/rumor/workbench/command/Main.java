package dev.rumor.workbench.command;

import dev.rumor.maelstrom.StdioNode;
import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The workbench as a command; `daemon/src/test/workbench` starts it.
@Command(
        name = "workbench",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "workbench [options] [-- arguments for the node]",
        description = {
            "Runs nodes that speak the Maelstrom protocol on their standard streams, and judges them as"
                    + " Maelstrom does.",
            "",
            "  workbench --nodes 25 --rate 100 --latency 100 -- --delivery-budget 600ms",
            "",
            "lets clients broadcast and read at 25 nodes of rumor. Stable latencies come out as Maelstrom measures"
                    + " them; --no-blocking gives the true ones."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every run was valid, and with --table within its limits", "1:one was not", "2:usage"})
public final class Main implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings = new Settings();

    @Option(names = "--runs", paramLabel = "N", description = "Runs, with seeds that count up (${DEFAULT-VALUE}).")
    private int runs = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Of the first run (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--bin",
            paramLabel = "FILE",
            description = "The program that runs a node; without it rumor, called with 'maelstrom'.")
    private Path program;

    @Option(
            names = "--virtual",
            description = "Run rumor's nodes in this process and in virtual time: a minute takes about a second, and a"
                    + " seed repeats a run. What processes cost is not in it.")
    private boolean virtual;

    @Option(names = "--logs", paramLabel = "DIR", description = "Where nodes' standard error goes (a new one in /tmp).")
    private Path logs;

    @Option(
            names = "--table",
            description = "Run the table of the README in place of one's own settings: three runs of each row, twenty"
                    + " of the broadcasts to 25 nodes that are cut, in about an hour; --runs says how many instead.")
    private boolean table;

    @Parameters(paramLabel = "arguments", arity = "0..*", hidden = true)
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean help;

    private Main() {}

    public static void main(String[] args) {
        // Ctrl-C leaves no node behind.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        System.exit(line().execute(args));
    }

    static CommandLine line() {
        return Settings.converting(new CommandLine(new Main())).setParameterExceptionHandler((wrong, words) -> {
            wrong.getCommandLine().getErr().println("workbench: " + wrong.getMessage() + " (see --help)");
            return CommandLine.ExitCode.USAGE;
        });
    }

    @Override
    public Integer call() throws IOException {
        settings.check(spec.commandLine());
        if (runs < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--runs is 1 or more");
        }
        if (logs == null) {
            logs = Files.createTempDirectory("workbench-");
        }
        Files.createDirectories(logs);
        Table.Runner runner = virtual ? this::runVirtually : runner(command());
        PrintWriter out = spec.commandLine().getOut();
        if (table) {
            int asked = spec.commandLine().getParseResult().hasMatchedOption("--runs") ? runs : 0;
            return new Table(out, seed, asked, runner).print() ? 0 : 1;
        }
        boolean valid = true;
        for (int k = 0; k < runs; k++) {
            Result result = runner.run(settings, seed + k, List.of());
            out.println(result);
            out.flush();
            valid &= result.isValid();
        }
        return valid ? 0 : 1;
    }

    private List<String> command() throws IOException {
        Path given = program != null ? program : Path.of(System.getProperty("workbench.rumor", "rumor"));
        if (!Files.isExecutable(given)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--bin: there is no program " + given.toAbsolutePath());
        }
        List<String> command = new ArrayList<>(List.of(given.toRealPath().toString()));
        if (program == null) {
            command.add("maelstrom");
        }
        command.addAll(arguments);
        return command;
    }

    private Table.Runner runner(List<String> command) {
        rehearse();
        return (words, number, more) -> {
            List<String> whole = new ArrayList<>(command);
            whole.addAll(more);
            return Workbench.run(
                    words, number, Agenda.real(), name -> new ProcessHost(name, whole, logs.resolve(name + ".log")));
        };
    }

    /// What processes do is to be measured, and not how long this one takes to compile what it does.
    private static void rehearse() {
        Settings broadcast = Settings.of("--nodes 25 --rate 100");
        Workbench.run(broadcast, 1, Agenda.virtual(), StdioNode.nodes(List.of(), 1));
    }

    private Result runVirtually(Settings words, long number, List<String> more) {
        List<String> whole = new ArrayList<>(arguments);
        whole.addAll(more);
        return Workbench.run(words, number, Agenda.virtual(), StdioNode.nodes(whole, number));
    }
}
