package dev.rumor;

import ch.qos.logback.classic.Level;
import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.core.View;
import java.io.IOException;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "daemon",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Run one node until it is told to stop (SIGTERM or Ctrl-C).",
            "",
            "Prints one line on standard output when it is ready; its log goes to standard error. Each setting is also "
                    + "read from the environment (--gossip-interval as RUMOR_GOSSIP_INTERVAL) and from a file "
                    + "(gossip-interval); the command line comes before the environment, and that before the file.",
            ""
        })
final class DaemonCommand implements Callable<Integer> {

    private final Stdio stdio;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    private DaemonCommand(Stdio stdio, Map<String, String> environment) {
        this.stdio = stdio;
        this.environment = environment;
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        return SettingOptions.line(new DaemonCommand(stdio, environment), Setting.OF_NODE);
    }

    @Override
    public Integer call() throws InterruptedException {
        Config config;
        try {
            config = Config.of(SettingOptions.sources(new Sources(), spec, environment, Map.of()));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
        Logging.start(config.logFormat(), Level.INFO);
        lookUpAgain();
        try {
            Rumor node = Rumor.start(config);
            Running running = new Running(List.of(node));
            running.heedSignals();
            running.awaitReady();
            announce(node);
            running.awaitEnd();
            return ExitCode.DONE.number();
        } catch (IOException | IllegalStateException failed) {
            stdio.complain(failed.getMessage());
            return ExitCode.FAILED.number();
        }
    }

    private void announce(Rumor node) {
        View view = node.view();
        spec.commandLine()
                .getOut()
                .println("rumor " + node.name() + " ready on " + node.address() + " (cluster "
                        + view.settings().cluster() + ", epoch "
                        + Long.toString(view.stream().epoch(), Character.MAX_RADIX) + ", "
                        + node.dataDir().map(path -> "data in " + path).orElse("ephemeral")
                        + node.http().map(http -> ", HTTP on " + http).orElse("") + ")");
    }

    /// Host names are looked up again at each attempt; Java would answer from memory for 30 s, and for 10 s
    /// that there is no answer.
    static void lookUpAgain() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }
}
