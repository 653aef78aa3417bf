package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Daemons as processes of their own: what they print, and how they end.
class DaemonIT {

    private static final Pattern READY = Pattern.compile("rumor (\\S+) ready on (127\\.0\\.0\\.1:[0-9]+) "
            + "\\(cluster default, epoch [0-9a-z]+, (ephemeral|data in \\S+)\\)");

    @TempDir
    private Path state;

    @TempDir
    private Path temporary;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(each -> each.destroyForcibly().onExit().join());
    }

    @Test
    void aDaemonSaysOneLineWhenItIsReadyAndEndsInGoodOrderOnSigterm() throws Exception {
        Process daemon = start("daemon", "--name", "n1", "--listen", "127.0.0.1:0");
        try (BufferedReader out = daemon.inputReader()) {
            assertThat(out.readLine()).matches(READY).endsWith("data in " + state + "/rumor/default/n1)");
            daemon.toHandle().destroy();
            assertThat(out.readLine()).isNull();
        }
        assertThat(ended(daemon)).isZero();
    }

    @Test
    void anEphemeralDaemonSaysSoAndLeavesNothing() throws Exception {
        Process daemon = start("daemon", "--ephemeral", "--listen", "127.0.0.1:0");
        try (BufferedReader out = daemon.inputReader()) {
            assertThat(out.readLine()).matches(READY).endsWith("ephemeral)");
            daemon.toHandle().destroy();
        }
        assertThat(ended(daemon)).isZero();
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void aDaemonThatIsNotGivenANameHasTheOneInItsDataDirectory() throws Exception {
        String data = state.resolve("data").toString();
        Process first = start("daemon", "--name", "n1", "--listen", "127.0.0.1:0", "--data-dir", data);
        addressOf(first);
        first.toHandle().destroy();
        assertThat(ended(first)).isZero();
        Process second = start("daemon", "--listen", "127.0.0.1:0", "--data-dir", data);
        assertThat(second.inputReader().readLine())
                .startsWith("rumor n1 ready on ")
                .endsWith("data in " + data + ")");
    }

    @Test
    void aDaemonLogsInJsonIfAsked() throws Exception {
        Process daemon = start("daemon", "--name", "n1", "--listen", "127.0.0.1:0", "--log-format", "json");
        daemon.inputReader().readLine();
        daemon.toHandle().destroy();
        try (BufferedReader err = daemon.errorReader()) {
            assertThat(err.lines())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("\\{\"time\":\"[0-9TZ:.-]+\",\"level\":\"[A-Z]+\","
                            + "\"logger\":\"[a-zA-Z0-9.]+\",\"message\":\".+\"}"));
        }
        assertThat(ended(daemon)).isZero();
    }

    @Test
    void aDaemonWhoseNameIsTakenSaysSoAndFails() throws Exception {
        Process first = start("daemon", "--name", "n1", "--listen", "127.0.0.1:0");
        String seed = addressOf(first);
        Process second = start("daemon", "--name", "n1", "--ephemeral", "--listen", "127.0.0.1:0", "--seeds", seed);
        try (BufferedReader err = second.errorReader()) {
            assertThat(err.lines())
                    .filteredOn(line -> line.startsWith("rumor: "))
                    .singleElement()
                    .asString()
                    .contains("n1");
        }
        assertThat(ended(second)).isEqualTo(1);
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void aClusterSaysOneLineWhenAllAreLinkedAndEndsInGoodOrderOnSigterm() throws Exception {
        Process cluster = start("cluster", "--nodes", "3", "--base-port", "0");
        try (BufferedReader out = cluster.inputReader()) {
            assertThat(out.readLine())
                    .matches("rumor cluster of 3 ready on( 127\\.0\\.0\\.1:[0-9]+){3} \\(data in " + temporary
                            + "/rumor-[0-9]+ until it ends, HTTP on ports( [0-9]+){3}\\)");
            assertThat(temporary).isDirectoryContaining("glob:**/rumor-*");
            cluster.toHandle().destroy();
            assertThat(out.readLine()).isNull();
        }
        assertThat(ended(cluster)).isZero();
        assertThat(temporary).isDirectoryNotContaining("glob:**/rumor-*");
    }

    @Test
    void aClusterKeepsItsDataWhereItIsTold() throws Exception {
        Path data = state.resolve("data");
        Process cluster = start("cluster", "--nodes", "2", "--base-port", "0", "--data-dir", data.toString());
        assertThat(cluster.inputReader().readLine()).contains("(data in " + data + ", HTTP on ports");
        cluster.toHandle().destroy();
        assertThat(ended(cluster)).isZero();
        assertThat(data).isDirectoryContaining("glob:**/n1").isDirectoryContaining("glob:**/n2");
    }

    @Test
    void anEphemeralClusterSaysSo() throws Exception {
        Process cluster = start("cluster", "--nodes", "2", "--base-port", "0", "--ephemeral");
        assertThat(cluster.inputReader().readLine()).contains("(ephemeral, HTTP on ports");
        assertThat(temporary).isDirectoryNotContaining("glob:**/rumor-*");
    }

    @Test
    void aClusterTellsOfEachVersionOnStandardOutputAndEndsInGoodOrderOnSigterm() throws Exception {
        Process cluster = start("cluster", "--nodes", "3", "--base-port", "0", "--send-interval", "5ms");
        try (BufferedReader out = cluster.inputReader();
                BufferedReader err = cluster.errorReader()) {
            assertThat(out.readLine()).startsWith("rumor cluster of 3 ready on ");
            assertThat(out.readLine()).matches("committed version [0-9]+ on 3/3 nodes in [0-9]+\\.[0-9] ms");
            cluster.toHandle().destroy();
            assertThat(out.lines()).allMatch(line -> line.startsWith("committed version "));
            assertThat(err.lines()).isEmpty();
        }
        assertThat(ended(cluster)).isZero();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.rumor.Main"),
                        Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_STATE_HOME", state.toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String addressOf(Process daemon) throws IOException {
        Matcher ready = READY.matcher(daemon.inputReader(StandardCharsets.UTF_8).readLine());
        assertThat(ready.matches()).isTrue();
        return ready.group(2);
    }

    private static int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
