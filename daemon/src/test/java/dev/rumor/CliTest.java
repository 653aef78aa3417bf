package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.rumor.client.cli.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CliTest {

    @TempDir
    private Path state;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /// The log belongs to the whole process, and a daemon has set it up for itself.
    @AfterEach
    void giveTheLogBack() throws JoranException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void theVersionIsOneLine(String asked) {
        assertThat(run(asked)).isZero();
        assertThat(out()).matches("rumor [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help",
                "help daemon",
                "daemon --help",
                "cluster -h",
                "maelstrom --help",
                "version --help",
                "broadcast --help",
                "read --help",
                "members --help",
                "status --help"
            })
    void helpIsThereAtEveryLevelAndStatesTheExitCodes(String asked) {
        assertThat(run(asked.split(" "))).isZero();
        assertThat(out()).contains("Usage: rumor").contains("3   unreachable");
        assertThat(err()).isEmpty();
    }

    @Test
    void theHelpOfTheDaemonStatesEverySettingWithItsDefault() {
        run("daemon", "--help");
        for (Setting each : Setting.OF_NODE) {
            assertThat(out()).contains(each.flag());
        }
        assertThat(out())
                .contains("Default: 127.0.0.1:7400")
                .contains("1 to 64")
                .contains("Default: 256MiB");
    }

    @Test
    void aWrongSettingIsOneSentenceOnStandardErrorAndExitCode2() {
        assertThat(run("daemon", "--fanout", "99")).isEqualTo(2);
        assertThat(err()).isEqualTo("""
                rumor: --fanout: 1 to 64, not '99'
                Try 'rumor daemon --help'.
                """);
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "daemon --nonsense",
                "daemon --listen 0.0.0.0:7400",
                "daemon --config /nowhere/rumor.properties",
                "daemon stray",
                "maelstrom --workload nonsense",
                "maelstrom --delivery-budget 2m",
                "maelstrom --fanout",
                "maelstrom stray",
                "cluster --nodes 0",
                "cluster --nodes 65",
                "cluster --nodes 5 --base-port 65533",
                "cluster --send-interval 0",
                "cluster --send-interval 25h",
                "cluster --ephemeral --data-dir /nowhere",
                "daemon --ephemeral --data-dir /nowhere",
                "daemon --data-dir",
                "daemon --nodes 5"
            })
    void aWrongCommandLineIsExitCode2(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err()).startsWith("rumor: ").doesNotContain("\tat ");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense              | there is no command 'nonsense', only daemon, cluster, maelstrom, simulate,
            help nonsense         | there is no command 'nonsense', only daemon,
            deamon                | there is no command 'deamon': did you mean daemon?
            daemon --fannout 3    | daemon has no option --fannout: did you mean --fanout?
            daemon --fanout       | --fanout needs a value: COUNT
            daemon --insecure=yes | --insecure takes no value
            daemon stray          | daemon takes options only, not 'stray'
            cluster --nodes 65    | --nodes: 1 to 64, not '65'
            """)
    void whatWasNotUnderstoodIsSaidAndWhatThereIs(String line, String sentence) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err())
                .startsWith("rumor: " + sentence)
                .contains("\nTry 'rumor ")
                .doesNotContain("rehearse");
    }

    @Test
    void aWrongVariableIsNamed() {
        assertThat(run(Map.of("RUMOR_FANOUT", "0"), "daemon")).isEqualTo(2);
        assertThat(err()).startsWith("rumor: RUMOR_FANOUT: 1 to 64, not '0'");
    }

    @Test
    void aVariableWithASlipIsRefusedAndTheRightOneNamed() {
        assertThat(run(Map.of("RUMOR_NODES", "a:1"), "daemon")).isEqualTo(2);
        assertThat(err()).startsWith("rumor: RUMOR_NODES in the environment is no setting: did you mean RUMOR_NODE?\n");
    }

    @Test
    void theOtherNamesOfAClustersSettingsComeBehindOurs() {
        Map<String, String> environment =
                Map.of("NUM_GOROUTINES", "many", "RUMOR_NODES", "lots", "START_PORT", "0", "RUMOR_CLUSTER", "c1");
        assertThat(run(environment, "cluster", "--nodes", "all")).isEqualTo(2);
        assertThat(run(environment, "cluster")).isEqualTo(2);
        assertThat(err()).contains("rumor: --nodes: 1 to 64, not 'all'", "rumor: RUMOR_NODES: 1 to 64, not 'lots'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NUM_GOROUTINES    | 65    | 1 to 64, not '65'
            START_PORT        | 65432 | 0 to 65431, not '65432'
            NUM_NODES_TO_SEND | 0     | 1 to 64, not '0'
            SEND_INTERVAL     | 0.0   | 1ms to 24h, in ms, s, m, h or d, or a number of seconds, not '0.0'
            SEND_INTERVAL     | 86401 | 1ms to 24h, in ms, s, m, h or d, or a number of seconds, not '86401'
            """)
    void aWrongVariableOfAClusterIsNamedAsItWasWritten(String variable, String value, String sentence) {
        assertThat(run(Map.of(variable, value), "cluster")).isEqualTo(2);
        assertThat(err()).startsWith("rumor: " + variable + ": " + sentence);
    }

    @Test
    void aPortInUseIsOneSentenceAndExitCode1() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThat(run("daemon", "--name", "n1", "--listen", address)).isEqualTo(1);
            assertThat(err()).contains("rumor: cannot listen on " + address + ": the port is in use\n");
            assertThat(run("cluster", "--base-port", "" + taken.getLocalPort())).isEqualTo(1);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsOneSentenceAndExitCode1() {
        assertThat(run("daemon", "--insecure", "--listen", "192.0.2.1:7400")).isEqualTo(1);
        assertThat(err()).contains("rumor: cannot listen on 192.0.2.1:7400: this machine has no such address\n");
    }

    @Test
    void aHostThatCannotBeFoundIsOneSentenceAndExitCode1() {
        assertThat(run("daemon", "--listen", "no.such.host.invalid:7400")).isEqualTo(1);
        assertThat(err()).contains("cannot listen on no.such.host.invalid:7400: the host has no address");
    }

    @Test
    void aDataDirectoryOfAnotherNodeIsOneSentenceThatNamesBothAndExitCode1() throws IOException {
        write("node", "format=1\nname=n1\n");
        assertThat(run("daemon", "--name", "n2", "--data-dir", state.toString()))
                .isEqualTo(1);
        assertThat(err())
                .endsWith(
                        "rumor: the data directory " + state + " is that of 'n1', not of 'n2': leave out the name, or "
                                + "give this node another directory\n");
    }

    @Test
    void aDataDirectoryOfANewerFormatIsOneSentenceAndExitCode1() throws IOException {
        write("node", "format=99\nname=n1\n");
        refusesTheDirectory("was written by a newer rumor: it has format 99, and this one knows 1 at most");
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotTakenForData() throws IOException {
        write("thesis.tex", "");
        refusesTheDirectory("is none of rumor's: it has no file 'node', but 'thesis.tex'");
        assertThat(state).isDirectoryNotContaining("glob:**node*");
    }

    @Test
    void aFileInPlaceOfTheDataDirectoryIsOneSentenceAndExitCode1() throws IOException {
        state = write("file", "");
        refusesTheDirectory("cannot be used: it is a file");
        state = state.resolve("below");
        refusesTheDirectory("cannot be used: Not a directory");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(state.resolve(name), content);
    }

    /// Before it takes the port.
    private void refusesTheDirectory(String why) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            assertThat(run("daemon", "--listen", listen, "--data-dir", state.toString()))
                    .isEqualTo(1);
            assertThat(err()).endsWith("rumor: the data directory " + state + " " + why + "\n");
        }
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        Stdio stdio = Stdio.of(new ByteArrayInputStream(new byte[0]), out, err);
        Map<String, String> all = new HashMap<>(environment);
        all.put("XDG_STATE_HOME", state.toString());
        return Main.line(stdio, all).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
