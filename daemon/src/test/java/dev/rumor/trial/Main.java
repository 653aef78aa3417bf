package dev.rumor.trial;

import dev.rumor.trial.http.HttpReaders;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The trials as commands; `daemon/src/test/trial` starts it.
@Command(
        name = "trial",
        sortOptions = false,
        usageHelpWidth = 100,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "TRIAL",
        description = "What the program is put through, and measured at.%n",
        commandListHeading = "%nTrials:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:passed", "1:failed", "2:usage"},
        subcommands = {
            Crash.class,
            PowerLoss.class,
            BitFlips.class,
            CatchUp.class,
            Throughput.class,
            Memory.class,
            HttpReaders.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print this.")
    private boolean help;

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which trial?");
    }
}
