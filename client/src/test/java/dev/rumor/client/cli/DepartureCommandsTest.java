package dev.rumor.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.FakeDaemon;
import dev.rumor.client.cli.Cli.Result;
import dev.rumor.proto.client.v1.Blocker;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest.AskedCase;
import dev.rumor.proto.client.v1.EvictReply;
import dev.rumor.proto.client.v1.EvictRequest;
import dev.rumor.proto.client.v1.LeaveReply;
import dev.rumor.proto.client.v1.Member;
import dev.rumor.proto.client.v1.MembersReply;
import dev.rumor.proto.client.v1.StatusReply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `leave` and `evict`, and what they print to the byte.
@Timeout(60)
class DepartureCommandsTest {

    private static final String TERMINAL_QUESTION = "Evict n3, which has blocked 12,034 records for 3 h? [y/N] ";

    private final FakeDaemon daemon = FakeDaemon.start();
    private final List<EvictRequest> evicted = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        daemon.on(AskedCase.EVICT, (request, caller) -> {
            evicted.add(request.getEvict());
            caller.say(
                    request,
                    ClientReply.newBuilder()
                            .setEvict(EvictReply.newBuilder()
                                    .setName(request.getEvict().getName())));
        });
        daemon.on(
                AskedCase.STATUS,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setStatus(StatusReply.newBuilder()
                                        .setBlockedBy(Blocker.newBuilder()
                                                .setName("n3")
                                                .setRecords(12_034)
                                                .setSinceMs(Duration.ofHours(3).toMillis())))));
        daemon.on(
                AskedCase.MEMBERS,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setMembers(MembersReply.newBuilder()
                                        .addMembers(Member.newBuilder()
                                                .setName("n2")
                                                .setState("active")
                                                .setLiveness("linked")))));
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    /// As `Cli.run`, by a person at a terminal who types this.
    private Result runForPerson(String typed, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Stdio stdio = new Stdio(new ByteArrayInputStream(typed.getBytes(UTF_8)), out, err, descriptor -> true);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--node", daemon.address().toString()));
        int code = Cli.command(stdio).execute(all.toArray(String[]::new));
        return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    // --- leave

    @Test
    void leaveTellsWhoHasLeft() {
        daemon.on(AskedCase.LEAVE, (request, caller) -> {
            assertThat(request.getLeave().getWithinMs()).isEqualTo(30_000);
            caller.say(
                    request,
                    ClientReply.newBuilder().setLeave(LeaveReply.newBuilder().setName("n1")));
        });
        assertThat(Cli.run(daemon, "", "leave")).isEqualTo(new Result(0, "n1 has left\n", ""));
        assertThat(Cli.run(daemon, "", "leave", "--json").out()).isEqualTo("{\"left\":\"n1\"}\n");
    }

    @Test
    void whenTheOthersAreTooFarBehindLeaveSaysWhoAndExitsWithOne() {
        daemon.on(AskedCase.LEAVE, (request, caller) -> {
            assertThat(request.getLeave().getWithinMs()).isEqualTo(1_500);
            caller.say(request, FakeDaemon.refusal("'n1' stays a member: 'n2' lacks 4 of its records", 0));
        });
        assertThat(Cli.run(daemon, "", "leave", "--within", "1500ms"))
                .isEqualTo(new Result(1, "", "rumor: 'n1' stays a member: 'n2' lacks 4 of its records\n"));
    }

    @Test
    void aDaemonThatIsSilentWhileItLeavesIsWaitedForAsLongAsItMayTakeAndTheTimeoutMore() {
        daemon.on(AskedCase.LEAVE, (request, caller) -> {});
        assertThat(Cli.run(daemon, "", "leave", "--within", "200ms", "--timeout", "100ms"))
                .isEqualTo(new Result(4, "", "rumor: no answer from " + daemon.address() + " within 300 ms\n"));
    }

    // --- evict

    @Test
    void withYesNobodyIsAsked() {
        assertThat(Cli.run(daemon, "", "evict", "n3", "--yes")).isEqualTo(new Result(0, "n3 is evicted\n", ""));
        assertThat(Cli.run(daemon, "", "evict", "n3", "--yes", "--force", "--json")
                        .out())
                .isEqualTo("{\"evicted\":\"n3\"}\n");
        assertThat(evicted).extracting(EvictRequest::getForce).containsExactly(false, true);
    }

    @Test
    void withoutATerminalItTakesYes() {
        Result result = Cli.run(daemon, "y\n", "evict", "n3");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("rumor: evict asks for confirmation, and here is no terminal: give --yes\n");
        assertThat(evicted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\n", "Y\n", "yes\r\n", " yes"})
    void onATerminalItAsksAndTakesAYes(String typed) {
        assertThat(runForPerson(typed, "evict", "n3")).isEqualTo(new Result(0, "n3 is evicted\n", TERMINAL_QUESTION));
        assertThat(evicted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "n\n", "no\n", "yesterday\n", "\ny\n"})
    void onATerminalAnythingElseIsANo(String typed) {
        assertThat(runForPerson(typed, "evict", "n3"))
                .isEqualTo(new Result(1, "", TERMINAL_QUESTION + "rumor: 'n3' is not evicted\n"));
        assertThat(evicted).isEmpty();
    }

    @Test
    void whoBlocksNothingIsShownAsItStands() {
        assertThat(runForPerson("n\n", "evict", "n2").err()).startsWith("Evict n2, which is active and linked? [y/N] ");
        assertThat(runForPerson("n\n", "evict", "n9").err()).startsWith("Evict n9? [y/N] ");
    }

    @Test
    void whatTheDaemonRefusesIsToldWithExitCodeOne() {
        daemon.on(
                AskedCase.EVICT,
                (request, caller) ->
                        caller.say(request, FakeDaemon.refusal("only 1 of 3 members can be reached from here", 0)));
        assertThat(Cli.run(daemon, "", "evict", "n3", "--yes"))
                .isEqualTo(new Result(1, "", "rumor: only 1 of 3 members can be reached from here\n"));
    }
}
