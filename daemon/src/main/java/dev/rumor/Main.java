package dev.rumor;

import dev.rumor.client.cli.ClientCommands;
import dev.rumor.client.cli.Face;
import dev.rumor.client.cli.Stdio;
import dev.rumor.simulate.SimulateCommand;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `rumor`: composes hosts and client to one program. Nobody depends on it.
@Command(
        name = "rumor",
        sortOptions = false,
        versionProvider = Main.Release.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A gossip daemon, and its client: tell any node something, and all of them have it.%n")
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    public static void main(String[] arguments) throws InterruptedException {
        Stdio stdio = Stdio.system();
        Map<String, String> environment = System.getenv();
        System.exit(MaelstromCommand.runAtOnce(arguments, stdio, environment)
                .orElseGet(() -> line(stdio, environment).execute(arguments)));
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        CommandLine rumor = new CommandLine(new Main());
        rumor.addSubcommand(DaemonCommand.line(stdio, environment));
        rumor.addSubcommand(ClusterCommand.line(stdio, environment));
        rumor.addSubcommand(MaelstromCommand.line(stdio, environment));
        rumor.addSubcommand(new SimulateCommand(stdio));
        ClientCommands.of(stdio).forEach(rumor::addSubcommand);
        rumor.addSubcommand(new RehearseCommand(() -> line(stdio, environment)));
        rumor.addSubcommand(new CompletionCommand(stdio));
        rumor.addSubcommand(new VersionCommand());
        rumor.addSubcommand(new HelpCommand());
        return Face.dress(rumor, stdio);
    }

    @Override
    public void run() {
        throw SettingOptions.mistake(spec, "a command is missing");
    }

    static final class Release implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"rumor " + Version.TEXT};
        }
    }

    @Command(
            name = "completion",
            description = "Print a script by which bash and zsh complete commands and options: "
                    + "source <(rumor completion)")
    static final class CompletionCommand implements Callable<Integer> {

        private final Stdio stdio;

        @Spec
        private CommandSpec spec;

        private CompletionCommand(Stdio stdio) {
            this.stdio = stdio;
        }

        @Override
        public Integer call() {
            CommandLine rumor = spec.root().commandLine();
            stdio.out().println(AutoComplete.bash(rumor.getCommandName(), rumor).strip());
            stdio.out().flush();
            return 0;
        }
    }

    @Command(name = "version", description = "Show the version and exit.")
    static final class VersionCommand implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            spec.parent().commandLine().printVersionHelp(spec.commandLine().getOut());
            return 0;
        }
    }
}
