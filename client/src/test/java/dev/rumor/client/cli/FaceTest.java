package dev.rumor.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.FakeDaemon;
import dev.rumor.client.cli.Cli.Result;
import dev.rumor.proto.client.v1.ClientRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"broadcast", "read", "members", "status", "leave", "evict"})
    void helpGoesToStandardOutputAndListsTheExitCodes(String command) {
        Result help = Cli.run(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: rumor " + command)
                .contains("--node", "RUMOR_NODE", "--timeout", "Exit codes:")
                .contains("0   done\n", "1   refused or failed\n", "2   usage", "3   unreachable", "4   timed out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broadcast one two           | broadcast takes one text, and 'two' is one more: "
                        + "put a text with spaces in quotes",
                "broadcast -x                | broadcast has no option -x: "
                        + "put -- before a text that begins with a dash",
                "broadcast --topik t x       | broadcast has no option --topik: did you mean --topic?",
                "broadcast x --file f        | give TEXT or --file, not both",
                "broadcast --wait none x     | --wait: local, majority, all or a number of members, not 'none'",
                "broadcast --wait 0 x        | --wait: a wait is for 1 to 1024 members, not 0",
                "broadcast --within 5 x      | --within: '5' is no duration "
                        + "from 1ms to 24h: give a number and ms, s, m or h, as 500ms or 2s",
                "broadcast --within 5s x     | --within is for --wait with a number, majority or all",
                "broadcast --json --quiet x  | give --json or --quiet, not both",
                "status n1                   | ID: 'n1' is no record id: "
                        + "give it as it was printed, as web-1/m4ks9f1q/42",
                "status n1/rs/1 n1/rs/2      | status takes one ID, and 'n1/rs/2' is one more",
                "read --limit 0              | --limit: 1 or more, not '0'",
                "read --limit x              | --limit: 1 or more, not 'x'",
                "read --nod x                | read has no option --nod: did you mean --node?",
                "read stray                  | read takes options only, not 'stray'",
                "read --topic                | --topic needs a value: T",
                "read --topic --json         | --topic needs a value: T",
                "read --json=yes             | --json takes no value",
                "read --json --json          | --json is given more than once",
                "members --node nowhere      | --node: 'nowhere' is no address: "
                        + "give HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535",
                "evict --yes                 | evict needs NAME",
                "evict n3 n4                 | evict takes one NAME, and 'n4' is one more",
                "leave n3                    | leave takes options only, not 'n3'",
                "leave --within 3            | --within: '3' is no duration "
                        + "from 1ms to 24h: give a number and ms, s, m or h, as 500ms or 2s",
                "status --timeout 3          | --timeout: '3' is no duration "
                        + "from 1ms to 24h: give a number and ms, s, m or h, as 500ms or 2s",
            })
    void aMistakeIsASentenceAndExitCodeTwo(String line, String sentence) {
        Result result = Cli.run(line.strip().split(" +"));
        String command = line.substring(0, line.indexOf(' '));
        assertThat(result.err()).startsWith("rumor: " + sentence + "\n").contains("'rumor " + command + " --help'");
        assertThat(result.err()).doesNotContain("Exception", "\tat ");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "readd, : did you mean read?",
        "brodcast, : did you mean broadcast?",
        "memebrs, : did you mean members?",
        "tail, ''",
        "-n, ''",
        "'', ''"
    })
    void aSlipIsGuessedAndAnotherWordIsNot(String word, String guess) {
        assertThat(Mistake.meant(word, List.of("broadcast", "read", "members", "--node", "-h")))
                .isEqualTo(guess);
    }

    @Test
    void aTopicTooLongIsAMistake() {
        Result result = Cli.run("broadcast", "--topic", "ä".repeat(128), "x");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("rumor: --topic takes at most 255 bytes of UTF-8\n");
    }

    @Test
    void noDaemonIsOneSentenceAndExitCodeThree() throws IOException {
        String nowhere;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = "127.0.0.1:" + closed.getLocalPort();
        }
        assertThat(Cli.run("members", "--node", nowhere))
                .isEqualTo(new Result(3, "", "rumor: cannot reach " + nowhere + ": Connection refused\n"));
    }

    @Test
    void aHostThatIsNotKnownIsOneSentenceAndExitCodeThree() {
        assertThat(Cli.run("members", "--node", "no.such.host.invalid:7400"))
                .isEqualTo(new Result(3, "", "rumor: cannot reach no.such.host.invalid:7400: there is no such host\n"));
    }

    @Test
    void aServerOfAnotherProtocolIsOneSentenceAndExitCodeOne() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(server, "HTTP/1.1 400 Bad Request\r\n\r\n"));
            String address = "127.0.0.1:" + server.getLocalPort();
            assertThat(Cli.run("members", "--node", address))
                    .isEqualTo(new Result(
                            1, "", "rumor: " + address + " does not speak Rumor's client protocol: it sent HTTP\n"));
        }
    }

    private static void greet(ServerSocket server, String greeting) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (IOException gone) {
            // The client has heard enough.
        }
    }

    @Test
    void aSilentDaemonIsOneSentenceAndExitCodeFour() {
        try (FakeDaemon daemon = FakeDaemon.start().on(ClientRequest.AskedCase.STATUS, (request, caller) -> {})) {
            assertThat(Cli.run(daemon, "", "status", "--timeout", "50ms"))
                    .isEqualTo(new Result(4, "", "rumor: no answer from " + daemon.address() + " within 50 ms\n"));
        }
    }

    @Test
    void whatADaemonSaysCannotSteerTheTerminal() {
        try (FakeDaemon daemon = FakeDaemon.start()) {
            daemon.on(
                    ClientRequest.AskedCase.STATUS,
                    (request, caller) -> caller.say(request, FakeDaemon.refusal("no\u001b[2J\nway", 0)));
            assertThat(Cli.run(daemon, "", "status")).isEqualTo(new Result(1, "", "rumor: no\\u001b[2J\\nway\n"));
        }
    }
}
