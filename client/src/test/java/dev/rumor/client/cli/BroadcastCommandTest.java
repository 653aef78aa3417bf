package dev.rumor.client.cli;

import static dev.rumor.client.FakeDaemon.holder;
import static dev.rumor.client.FakeDaemon.refusal;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.BROADCAST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.FakeDaemon;
import dev.rumor.client.cli.Cli.Result;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BroadcastCommandTest {

    private final FakeDaemon daemon = FakeDaemon.start();

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void aTextIsOneRecordWhateverIsInIt() {
        Result result = Cli.run(daemon, "", "broadcast", "--topic", "t", "two\nlines, grüße");
        assertThat(result).isEqualTo(new Result(0, "n1/rs/1\n", ""));
        assertThat(taken()).containsExactly("two\nlines, grüße");
        assertThat(daemon.topics()).containsExactly("t");
    }

    @Test
    void aTextMayBeEmptyOrBeginWithAnAtSignOrADash() {
        assertThat(Cli.run(daemon, "", "broadcast", "").code()).isZero();
        assertThat(Cli.run(daemon, "", "broadcast", "@alice").code()).isZero();
        assertThat(Cli.run(daemon, "", "broadcast", "--", "-x").code()).isZero();
        assertThat(taken()).containsExactly("", "@alice", "-x");
    }

    @Test
    void eachLineOfStandardInputIsARecord() {
        Result result = Cli.run(daemon, "a\n\nb\r\nc", "broadcast");
        assertThat(result).isEqualTo(new Result(0, "n1/rs/1\nn1/rs/2\nn1/rs/3\nn1/rs/4\n", ""));
        assertThat(taken()).containsExactly("a", "", "b\r", "c");
    }

    @Test
    void aTextThatSoManyHoldInTimeIsAcknowledged() {
        List<Wait> waits = new ArrayList<>();
        daemon.on(BROADCAST, (request, caller) -> {
            waits.add(request.getBroadcast().getWait());
            daemon.take(request, caller);
        });
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "all", "--within", "1500ms", "a"))
                .isEqualTo(new Result(0, "n1/rs/1\n", ""));
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "3", "b").code()).isZero();
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "majority", "c").code())
                .isZero();
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "local", "d").code())
                .isZero();
        assertThat(waits)
                .extracting(each -> each.getQuorum() + " " + each.getMembers() + " " + each.getWithinMs())
                .containsExactly(
                        "QUORUM_ALL 0 1500", "QUORUM_COUNT 3 5000", "QUORUM_MAJORITY 0 5000", "QUORUM_UNSPECIFIED 0 0");
    }

    @Test
    void aTextThatIsMissingSomewhereInTheEndIsPrintedAndEndsWithFour() {
        daemon.waitingInVainFor(holder("n1", 0, 0), holder("n3", 1, 900), holder("n2", 1, 0));
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "all", "--within", "3s", "a"))
                .isEqualTo(
                        new Result(4, "n1/rs/1\n", "rumor: not yet held by all active members: missing at n2, n3\n"));
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "majority", "--quiet", "a"))
                .isEqualTo(new Result(
                        4, "", "rumor: not yet held by a majority of the active members: missing at n2, n3\n"));
    }

    @Test
    void thereMayBeFewerMembersLeftThanWereWaitedFor() {
        daemon.waitingInVainFor(holder("n1", 0, 0), holder("n2", 0, 0));
        assertThat(Cli.run(daemon, "", "broadcast", "--wait", "3", "a").err())
                .isEqualTo("rumor: not yet held by 3 active members: 2 are active\n");
    }

    @Test
    void ofManyLinesItIsSaidInTheEndHowManyAreMissingWhere() {
        AtomicInteger requests = new AtomicInteger();
        daemon.on(BROADCAST, (request, caller) -> {
            daemon.waitingInVainFor(holder("n2", 4096, 0), holder("n3", requests.incrementAndGet(), 0));
            daemon.take(request, caller);
        });
        Result result = Cli.run(daemon, "x\n".repeat(3 * 4096), "broadcast", "--wait", "all", "--within", "250ms");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).isEqualTo(ids(1, 3 * 4096));
        assertThat(result.err())
                .isEqualTo("rumor: not yet held by all active members: "
                        + "missing at n2 (12,288 records), n3 (6 records)\n");
    }

    @Test
    void whatIsMissingIsSaidBesideWhatWasRefused() {
        daemon.limitedTo(10).waitingInVainFor(holder("n2", 1, 0));
        Result result = Cli.run(daemon, "a\n" + "x".repeat(11) + "\n", "broadcast", "--wait", "all");
        assertThat(result).isEqualTo(new Result(1, "n1/rs/1\n", """
                        rumor: line 2: the payload has 11 bytes, the limit is 10
                        rumor: the first line without an acknowledgement is line 2
                        rumor: not yet held by all active members: missing at n2
                        """));
    }

    @Test
    void jsonTellsOfEachRecordWhetherItIsHeld() {
        assertThat(Cli.run(daemon, "", "broadcast", "--json", "a").out()).isEqualTo("{\"id\":\"n1/rs/1\"}\n");
        assertThat(Cli.run(daemon, "b\nc\n", "broadcast", "--json", "--wait", "2")
                        .out())
                .isEqualTo("""
                        {"id":"n1/rs/2","reached":true,"missing":[]}
                        {"id":"n1/rs/3","reached":true,"missing":[]}
                        """);
        daemon.waitingInVainFor(holder("n1", 0, 0), holder("n2", 1, 900));
        assertThat(Cli.run(daemon, "", "broadcast", "--json", "--wait", "2", "d"))
                .isEqualTo(new Result(
                        4,
                        "{\"id\":\"n1/rs/4\",\"reached\":false,\"missing\":[\"n2\"]}\n",
                        "rumor: not yet held by 2 active members: missing at n2\n"));
    }

    @Test
    void noInputIsNoRecord() {
        assertThat(Cli.run(daemon, "", "broadcast")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void eachLineOfAFileIsARecord(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), "a\nb\n");
        Result result = Cli.run(daemon, "not this", "broadcast", "--file", file.toString());
        assertThat(result).isEqualTo(new Result(0, "n1/rs/1\nn1/rs/2\n", ""));
        assertThat(taken()).containsExactly("a", "b");
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThat(Cli.run(daemon, "", "broadcast", "--file", "/no/such"))
                .isEqualTo(new Result(1, "", "rumor: cannot read /no/such (No such file or directory)\n"));
    }

    @Test
    void quietPrintsNoIds() {
        assertThat(Cli.run(daemon, "a\nb\n", "broadcast", "--quiet")).isEqualTo(new Result(0, "", ""));
        assertThat(Cli.run(daemon, "", "broadcast", "--quiet", "c")).isEqualTo(new Result(0, "", ""));
        assertThat(taken()).containsExactly("a", "b", "c");
    }

    @Test
    void manyLinesOfAnyLengthArriveInOrderInFewRequests() {
        AtomicInteger requests = new AtomicInteger();
        daemon.on(BROADCAST, (request, caller) -> {
            requests.incrementAndGet();
            daemon.take(request, caller);
        });
        List<String> lines = IntStream.range(0, 100_000)
                .mapToObj(k -> k % 1000 == 0 ? "x".repeat(100 << 10) : k % 7 == 0 ? "" : "Zeile ü " + k % 50)
                .toList();
        Result result = Cli.run(daemon, String.join("\n", lines) + "\n", "broadcast");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo(ids(1, 100_000));
        assertThat(taken()).isEqualTo(lines);
        assertThat(requests.get()).isLessThan(300);
    }

    @Test
    void whatIsTypedIsAcknowledgedBeforeTheInputEnds() throws Exception {
        PipedOutputStream typing = new PipedOutputStream();
        PipedInputStream seen = new PipedInputStream();
        Stdio stdio =
                Stdio.of(new PipedInputStream(typing), new PipedOutputStream(seen), OutputStream.nullOutputStream());
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> Cli.command(stdio)
                .execute("broadcast", "--node", daemon.address().toString()));
        BufferedReader ids = new BufferedReader(new InputStreamReader(seen, UTF_8));
        for (int k = 1; k <= 3; k++) {
            typing.write(("line\nand part ").getBytes(UTF_8));
            typing.flush();
            assertThat(ids.readLine()).isEqualTo("n1/rs/" + k);
        }
        typing.close();
        assertThat(code.get()).isZero();
        assertThat(taken()).containsExactly("line", "and part line", "and part line", "and part ");
    }

    @Test
    void aLineBeyondTheDaemonsLimitIsNamedAndAllBeforeItIsAcknowledgedAndPrinted() {
        daemon.limitedTo(10);
        Result result = Cli.run(daemon, "a\nb\n" + "x".repeat(11) + "\nc\nd\n", "broadcast");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("n1/rs/1\nn1/rs/2\n");
        assertThat(result.err()).isEqualTo("""
                        rumor: line 3: the payload has 11 bytes, the limit is 10
                        rumor: the first line without an acknowledgement is line 3
                        """);
        assertThat(taken()).containsExactly("a", "b");
    }

    @Test
    void aLineBeyondTheProtocolsLimitIsNamedTheSame() {
        Result result = Cli.run(daemon, "a\n" + "x".repeat((8 << 20) + 1) + "\nc\n", "broadcast");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("n1/rs/1\n");
        assertThat(result.err()).isEqualTo("""
                        rumor: line 2: more than 8388608 bytes, the most that a record may have
                        rumor: the first line without an acknowledgement is line 2
                        """);
    }

    @Test
    void whenABatchIsRefusedTheLineAtFaultAndTheFirstNotTakenAreBothNamed() {
        daemon.on(BROADCAST, (request, caller) -> caller.say(request, refusal("not that one", 2)));
        Result result = Cli.run(daemon, "a\nb\nc\nd\n", "broadcast");
        assertThat(result).isEqualTo(new Result(1, "", """
                        rumor: line 3: not that one
                        rumor: the first line without an acknowledgement is line 1
                        """));
    }

    @Test
    void whatWasTakenAfterARefusalIsSaid() {
        List<ClientRequest> held = new ArrayList<>();
        daemon.on(BROADCAST, (request, caller) -> {
            if (held.isEmpty()) {
                held.add(request);
            } else {
                caller.say(held.getFirst(), refusal("full", 0));
                daemon.take(request, caller);
            }
        });
        assertThat(Cli.run(daemon, "x\n".repeat(2 * 4096), "broadcast")).isEqualTo(new Result(1, "", """
                        rumor: line 1: full
                        rumor: the first line without an acknowledgement is line 1
                        rumor: 4096 lines from 4097 to 8192 were taken all the same
                        """));
    }

    @Test
    void aConnectionCutInTheMiddleLeavesPrintedWhatWasAcknowledged() {
        AtomicInteger requests = new AtomicInteger();
        daemon.on(BROADCAST, (request, caller) -> {
            if (requests.incrementAndGet() == 3) {
                caller.hangUp();
            } else {
                daemon.take(request, caller);
            }
        });
        Result result = Cli.run(daemon, "x\n".repeat(50_000), "broadcast");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEqualTo(ids(1, 2 * 4096));
        assertThat(result.err()).contains("rumor: the first line without an acknowledgement is line 8193\n");
        assertThat(result.err()).containsPattern("rumor: lines 8193 to [0-9]+ were sent, and may or may not have been");
        assertThat(taken()).hasSize(2 * 4096);
    }

    @Test
    void aDaemonThatFallsSilentTimesOut() {
        daemon.on(BROADCAST, (request, caller) -> {});
        Result result = Cli.run(daemon, "a\n", "broadcast", "--timeout", "100ms");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("rumor: no answer from " + daemon.address() + " within 100 ms\n"
                        + "rumor: the first line without an acknowledgement is line 1\n"
                        + "rumor: line 1 was sent, and may or may not have been taken\n");
    }

    @Test
    void aTextThatTheLocaleLostIsRefusedRatherThanBroadcast() {
        Result result = Cli.run(daemon, "", "broadcast", "gr\ufffd\ufffde");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("TEXT cannot be read in this locale");
        assertThat(taken()).isEmpty();
    }

    private List<String> taken() {
        return daemon.payloads().stream().map(each -> new String(each, UTF_8)).toList();
    }

    private static String ids(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(k -> "n1/rs/" + k + "\n")
                .collect(Collectors.joining());
    }
}
