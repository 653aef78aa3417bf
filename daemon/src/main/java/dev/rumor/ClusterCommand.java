package dev.rumor;

import ch.qos.logback.classic.Level;
import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.tcp.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "cluster",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Run several complete nodes in this process, named n1, n2 and on, until it is told to stop (SIGTERM or "
                    + "Ctrl-C).",
            "",
            "Prints one line with their addresses on standard output when all are linked to each other.",
            ""
        })
final class ClusterCommand implements Callable<Integer> {

    private static final int MOST_NODES = 64;
    private static final int LAST_PORT = 65_535;
    private static final long LOOK_MILLIS = 20;

    private final Stdio stdio;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "How many nodes: 1 to 64. Default: ${DEFAULT-VALUE}.")
    private String nodes;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            defaultValue = "7400",
            description = "Port of the first on 127.0.0.1, 0 to 65535; the others take those after it. "
                    + "0 lets the system choose. Default: ${DEFAULT-VALUE}.")
    private String basePort;

    private ClusterCommand(Stdio stdio, Map<String, String> environment) {
        this.stdio = stdio;
        this.environment = environment;
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        return SettingOptions.line(
                new ClusterCommand(stdio, environment),
                Setting.GOSSIP_INTERVAL,
                Setting.FANOUT,
                Setting.DELIVERY_BUDGET,
                Setting.MAX_PAYLOAD,
                Setting.RETAIN_BYTES,
                Setting.RETAIN_HARD,
                Setting.LOG_FORMAT);
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Config> configs = configs();
        // That each of them links to each other is no news here.
        Logging.start(configs.getFirst().logFormat(), Level.WARN);
        List<Rumor> started = new ArrayList<>();
        try {
            for (Config each : configs) {
                started.add(Rumor.start(
                        each.withSeeds(started.stream().map(Rumor::address).toList())));
            }
            Running running = new Running(started);
            running.heedSignals();
            running.awaitReady();
            awaitLinks(started);
            announce(started);
            running.awaitEnd();
            return ExitCode.DONE.number();
        } catch (IOException | IllegalStateException failed) {
            new Running(started).close();
            stdio.complain(failed.getMessage());
            return ExitCode.FAILED.number();
        }
    }

    private List<Config> configs() {
        try {
            int count = option("--nodes", nodes, 1, MOST_NODES);
            int first = option("--base-port", basePort, 0, LAST_PORT - count + 1);
            List<Config> configs = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                Map<Setting, String> own = Map.of(
                        Setting.NAME, "n" + (k + 1), Setting.LISTEN, "127.0.0.1:" + (first == 0 ? 0 : first + k));
                configs.add(Config.of(SettingOptions.sources(spec, environment, own)));
            }
            return configs;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private static int option(String name, String text, int least, int most) {
        try {
            return Quantity.number(text, least, most);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(name + ": " + wrong.getMessage());
        }
    }

    private static void awaitLinks(List<Rumor> nodes) throws InterruptedException {
        for (Rumor each : nodes) {
            while (!each.ended().isDone() && each.view().linked() < nodes.size() - 1) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private void announce(List<Rumor> nodes) {
        String addresses =
                nodes.stream().map(Rumor::address).map(Address::toString).collect(Collectors.joining(" "));
        spec.commandLine()
                .getOut()
                .println("rumor cluster of " + nodes.size() + " ready on " + addresses + " (ephemeral)");
    }
}
