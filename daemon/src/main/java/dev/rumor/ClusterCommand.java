package dev.rumor;

import ch.qos.logback.classic.Level;
import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.tcp.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
            "Prints one line with their addresses on standard output when all are linked to each other. With "
                    + "--send-interval it then broadcasts version 1, 2, 3 and on, each from a random node under the "
                    + "topic 'version', and prints one line for each when every node holds it, with the time from "
                    + "the call until then. At most 1000 are under way; then the next waits.",
            "",
            "Each node keeps its records in a temporary directory, which is removed at the end; with --data-dir in "
                    + "DIR/n1, DIR/n2 and on, which stay.",
            "",
            "Each setting is also read from the environment (--nodes as RUMOR_NODES) and from a file (nodes); four of "
                    + "them also as NUM_GOROUTINES (--nodes), START_PORT (--base-port), NUM_NODES_TO_SEND (--fanout) "
                    + "and SEND_INTERVAL (--send-interval). The command line comes before RUMOR_..., that before "
                    + "those four, and those before the file.",
            ""
        })
final class ClusterCommand implements Callable<Integer> {

    private static final int MOST_NODES = 64;
    private static final int LAST_PORT = 65_535;
    private static final int HTTP_OFFSET = 100;
    private static final long LOOK_MILLIS = 20;

    /// As other programs of this kind call them.
    private static final Map<Setting, String> OTHER_NAMES = Map.of(
            Setting.NODES, "NUM_GOROUTINES",
            Setting.BASE_PORT, "START_PORT",
            Setting.FANOUT, "NUM_NODES_TO_SEND",
            Setting.SEND_INTERVAL, "SEND_INTERVAL");

    private final Stdio stdio;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    private ClusterCommand(Stdio stdio, Map<String, String> environment) {
        this.stdio = stdio;
        this.environment = environment;
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        return SettingOptions.line(
                new ClusterCommand(stdio, environment),
                List.of(
                        Setting.NODES,
                        Setting.BASE_PORT,
                        Setting.SEND_INTERVAL,
                        Setting.GOSSIP_INTERVAL,
                        Setting.FANOUT,
                        Setting.MESH,
                        Setting.DELIVERY_BUDGET,
                        Setting.MAX_PAYLOAD,
                        Setting.RETAIN_BYTES,
                        Setting.RETAIN_HARD,
                        Setting.DATA_DIR,
                        Setting.EPHEMERAL,
                        Setting.LOG_FORMAT));
    }

    /// What is to run.
    ///
    /// @param data where all of them keep their data, in words
    private record Plan(List<Config> configs, String data, Optional<Duration> sendInterval) {}

    @Override
    public Integer call() throws InterruptedException {
        try (TemporaryDirectory temporary = new TemporaryDirectory()) {
            return run(plan(temporary), temporary);
        } catch (UncheckedIOException failed) {
            return fail(failed);
        }
    }

    private int run(Plan plan, TemporaryDirectory temporary) throws InterruptedException {
        // That each of them links to each other is no news here.
        Logging.start(plan.configs.getFirst().logFormat(), Level.WARN);
        Versions versions = new Versions(plan.configs.size(), spec.commandLine().getOut());
        List<Rumor> started = new ArrayList<>();
        try {
            for (Config each : plan.configs) {
                Config seeded =
                        each.withSeeds(started.stream().map(Rumor::address).toList());
                started.add(Rumor.start(seeded, versions.at(each.name()), settings -> settings));
            }
            Running running = new Running(started, versions::close, temporary::close);
            running.heedSignals();
            running.awaitReady();
            awaitLinks(started);
            announce(started, plan.data);
            plan.sendInterval.ifPresent(interval -> versions.start(started, interval));
            running.tell(stdio::complain);
            running.awaitEnd();
            return ExitCode.DONE.number();
        } catch (IOException | IllegalStateException failed) {
            new Running(started, versions::close, temporary::close).close();
            return fail(failed);
        }
    }

    private int fail(Exception failed) {
        boolean taken = failed.getMessage().endsWith("the port is in use");
        stdio.complain(failed.getMessage() + (taken ? "; --base-port takes others, for HTTP 100 above" : ""));
        return ExitCode.FAILED.number();
    }

    private Plan plan(TemporaryDirectory temporary) {
        try {
            Sources said = sources(Map.of());
            Optional<Path> data = Config.dataDir(said, temporary::path);
            String where = data.map(path -> "data in " + path + (temporary.exists() ? " until it ends" : ""))
                    .orElse("ephemeral");
            return new Plan(
                    configs(said, data),
                    where,
                    said.get(Setting.SEND_INTERVAL, text -> Optional.of(sendInterval(text)), Optional.empty()));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private List<Config> configs(Sources said, Optional<Path> data) {
        int count = said.get(Setting.NODES, text -> Quantity.number(text, 1, MOST_NODES), 5);
        int last = LAST_PORT - HTTP_OFFSET - count + 1;
        int first = said.get(Setting.BASE_PORT, text -> Quantity.number(text, 0, last), 7400);
        List<Config> configs = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            String name = "n" + (k + 1);
            Map<Setting, String> own = new EnumMap<>(Map.of(
                    Setting.NAME,
                    name,
                    Setting.LISTEN,
                    "127.0.0.1:" + (first == 0 ? 0 : first + k),
                    Setting.HTTP,
                    "127.0.0.1:" + (first == 0 ? 0 : first + HTTP_OFFSET + k)));
            data.ifPresent(path -> own.put(Setting.DATA_DIR, path.resolve(name).toString()));
            configs.add(Config.of(sources(own)));
        }
        return configs;
    }

    private Sources sources(Map<Setting, String> fixed) {
        return SettingOptions.sources(new Sources(Setting.ALL, OTHER_NAMES), spec, environment, fixed);
    }

    private static Duration sendInterval(String text) {
        return Quantity.seconds(text, Duration.ofMillis(1), Duration.ofDays(1), "1ms to 24h");
    }

    private static void awaitLinks(List<Rumor> nodes) throws InterruptedException {
        for (Rumor each : nodes) {
            while (!each.ended().isDone() && each.view().linked() < nodes.size() - 1) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private void announce(List<Rumor> nodes, String data) {
        String addresses = joined(nodes.stream().map(Rumor::address).map(Address::toString));
        String ports =
                joined(nodes.stream().flatMap(each -> each.http().stream()).map(each -> String.valueOf(each.port())));
        spec.commandLine()
                .getOut()
                .println("rumor cluster of " + nodes.size() + " ready on " + addresses + " (" + data
                        + ", HTTP on ports " + ports + ")");
    }

    private static String joined(Stream<String> words) {
        return words.collect(Collectors.joining(" "));
    }
}
