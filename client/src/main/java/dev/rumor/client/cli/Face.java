package dev.rumor.client.cli;

import dev.rumor.client.RumorException;
import dev.rumor.client.cli.text.PlainText;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The manners that all commands of `rumor` share: UTF-8 whatever the locale, `--help`, which lists the exit codes,
/// and for what goes wrong a sentence on standard error, never a stack trace for a user's mistake.
public final class Face {

    /// Gives `rumor` and every subcommand added so far these manners.
    public static CommandLine dress(CommandLine rumor, Stdio stdio) {
        // Else a text that begins with @ would be taken for the name of a file with arguments.
        rumor.setExpandAtFiles(false);
        rumor.setOut(writer(stdio.rawOut()));
        rumor.setErr(writer(stdio.err()));
        rumor.setParameterExceptionHandler((mistake, arguments) -> explain(mistake));
        rumor.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, stdio));
        offerHelp(rumor);
        return rumor;
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static void offerHelp(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        // Picocli's own `help` brings its own.
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help and exit.")
                    .build());
        }
        command.getSubcommands().values().forEach(Face::offerHelp);
    }

    private static int explain(ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("rumor: " + PlainText.of(Mistake.sentence(mistake)));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE.number();
    }

    private static int explain(Exception failure, Stdio stdio) throws Exception {
        if (failure instanceof RumorException known) {
            stdio.complain(known.getMessage());
            return ExitCode.of(known).number();
        }
        if (failure instanceof Output.Closed) {
            return ExitCode.DONE.number();
        }
        throw failure;
    }

    private Face() {}
}
