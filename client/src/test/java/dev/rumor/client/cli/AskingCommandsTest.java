package dev.rumor.client.cli;

import static dev.rumor.client.FakeDaemon.CURSOR;
import static dev.rumor.client.FakeDaemon.gap;
import static dev.rumor.client.FakeDaemon.holder;
import static dev.rumor.client.FakeDaemon.part;
import static dev.rumor.client.FakeDaemon.place;
import static dev.rumor.client.FakeDaemon.record;
import static dev.rumor.client.FakeDaemon.refusal;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.HOLDERS;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.MEMBERS;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.READ;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rumor.client.FakeDaemon;
import dev.rumor.client.cli.Cli.Result;
import dev.rumor.proto.client.v1.Blocker;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.HoldersReply;
import dev.rumor.proto.client.v1.Limits;
import dev.rumor.proto.client.v1.Member;
import dev.rumor.proto.client.v1.MembersReply;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.StatusReply;
import dev.rumor.proto.client.v1.StreamStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `read`, `members` and `status`, and what they print to the byte.
@Timeout(60)
class AskingCommandsTest {

    private final FakeDaemon daemon = FakeDaemon.start();

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void readPrintsOnePayloadPerLine() {
        Cli.run(daemon, "grüße\n\na\tb\u001b[0m\n", "broadcast");
        assertThat(Cli.run(daemon, "", "read")).isEqualTo(new Result(0, "grüße\n\na\\tb\\u001b[0m\n", ""));
    }

    @Test
    void readPrintsOneJsonObjectPerLine() {
        Cli.run(daemon, "", "broadcast", "--topic", "a\"b", "grüße\t\"\\\u007f");
        assertThat(Cli.run(daemon, "", "read", "--json"))
                .isEqualTo(new Result(
                        0,
                        "{\"id\":\"n1/rs/1\",\"origin\":\"n1\",\"epoch\":1000,\"sequence\":1,\"topic\":\"a\\\"b\","
                                + "\"time\":\"2023-11-14T22:13:20.007Z\",\"payload\":\"grüße\\t\\\"\\\\\u007f\","
                                + "\"cursor\":\"AQ~n1~rs~1~06qk1jr\"}\n",
                        ""));
    }

    @Test
    void aPayloadThatIsNotUtf8IsBase64InJson() {
        daemon.on(READ, (request, caller) -> {
            caller.say(request, part(record(1, "", ByteString.copyFrom(new byte[] {(byte) 0xff, 0}))));
            caller.say(
                    request,
                    ClientReply.newBuilder()
                            .setRead(part(record(2, "", ByteString.EMPTY)).getRead().toBuilder()
                                    .setEnd(true)));
        });
        Result result = Cli.run(daemon, "", "read", "--json");
        assertThat(result.out().lines().map(line -> line.substring(line.indexOf("\"payload"))))
                .allMatch(line -> line.matches("\"payload_base64\":\"/wA=\",.*|\"payload\":\"\",.*"));
    }

    @Test
    void readTakesATopicAndALimit() {
        Cli.run(daemon, "1\n2\n3\n", "broadcast", "--topic", "a");
        Cli.run(daemon, "4\n5\n", "broadcast");
        assertThat(Cli.run(daemon, "", "read", "--topic", "a", "--limit", "2").out())
                .isEqualTo("1\n2\n");
        assertThat(Cli.run(daemon, "", "read", "--topic", "").out()).isEqualTo("4\n5\n");
        assertThat(Cli.run(daemon, "", "read", "--limit", "4").out()).isEqualTo("1\n2\n3\n4\n");
    }

    @Test
    void readGoesOnAfterACursorAndTellsOfGaps() {
        daemon.on(READ, (request, caller) -> {
            assertThat(request.getRead().getAfter()).isEqualTo("AQ~1234567");
            caller.say(request, gap(1, 3));
            caller.say(request, part(record(4, "", ByteString.copyFromUtf8("four"))));
            caller.say(
                    request,
                    ClientReply.newBuilder().setRead(ReadReply.newBuilder().setEnd(true)));
        });
        assertThat(Cli.run(daemon, "", "read", "--after", "AQ~1234567"))
                .isEqualTo(new Result(0, "four\n", "rumor: a gap: n1/rs/1..3 can no longer be had here\n"));
        assertThat(Cli.run(daemon, "", "read", "--after", "AQ~1234567", "--json")
                        .out())
                .startsWith("{\"gap\":{\"origin\":\"n1\",\"epoch\":1000,\"from\":1,\"to\":3},"
                        + "\"cursor\":\"AQ~n1~rs~3~");
    }

    @Test
    void tailGoesOnAtTheNextNodeAfterWhatItHasPrintedAndSaysSo() {
        try (FakeDaemon other = FakeDaemon.start()) {
            daemon.on(READ, (request, caller) -> {
                caller.say(request, place(CURSOR));
                caller.say(request, part(record(1, "", ByteString.copyFromUtf8("one"))));
                caller.hangUp();
            });
            other.on(READ, (request, caller) -> {
                caller.say(request, place(request.getRead().getAfter()));
                caller.say(request, part(record(2, "", ByteString.copyFromUtf8("two"))));
                caller.say(
                        request,
                        ClientReply.newBuilder().setRead(ReadReply.newBuilder().setEnd(true)));
            });
            Result result = Cli.run("tail", "--from", "start", "--node", daemon.address() + "," + other.address());
            assertThat(result)
                    .isEqualTo(new Result(
                            0,
                            "one\ntwo\n",
                            "rumor: " + daemon.address() + " closed the connection; trying " + other.address()
                                    + "\nrumor: going on at " + other.address() + "\n"));
        }
    }

    @Test
    void whatWasReadBeforeAFailureIsPrinted() {
        daemon.on(READ, (request, caller) -> {
            caller.say(request, part(record(1, "", ByteString.copyFromUtf8("a"))));
            caller.hangUp();
        });
        assertThat(Cli.run(daemon, "", "read"))
                .isEqualTo(new Result(3, "a\n", "rumor: " + daemon.address() + " closed the connection\n"));
    }

    @Test
    void membersArePrintedAsJson() {
        daemon.on(MEMBERS, (request, caller) -> caller.say(request, members()));
        assertThat(Cli.run(daemon, "", "members", "--json"))
                .isEqualTo(new Result(
                        0,
                        "[{\"name\":\"n1\",\"epoch\":1000,\"state\":\"active\",\"liveness\":\"self\","
                                + "\"addresses\":[\"127.0.0.1:7400\",\"[::1]:7400\"],\"version\":\"0.1.0\","
                                + "\"last_seen\":\"2023-11-14T22:13:20.007Z\"},"
                                + "{\"name\":\"node-2\",\"epoch\":1,\"state\":\"joining\",\"liveness\":\"unreachable\","
                                + "\"addresses\":[],\"version\":\"\",\"last_seen\":\"1970-01-01T00:00:00.000Z\"}]\n",
                        ""));
    }

    @Test
    void membersArePrintedForPeople() {
        daemon.on(MEMBERS, (request, caller) -> caller.say(request, members()));
        assertThat(Cli.run(daemon, "", "members").out()).isEqualTo("""
                        NAME    STATE    LIVENESS     LAST SEEN                 VERSION  ADDRESSES
                        n1      active   self         2023-11-14T22:13:20.007Z  0.1.0    127.0.0.1:7400,[::1]:7400
                        node-2  joining  unreachable  1970-01-01T00:00:00.000Z
                        """);
    }

    private static ClientReply.Builder members() {
        return ClientReply.newBuilder()
                .setMembers(MembersReply.newBuilder()
                        .addMembers(Member.newBuilder()
                                .setName("n1")
                                .setEpoch(FakeDaemon.EPOCH)
                                .setState("active")
                                .setLiveness("self")
                                .addAddresses("127.0.0.1:7400")
                                .addAddresses("[::1]:7400")
                                .setVersion("0.1.0")
                                .setLastSeenMs(FakeDaemon.TIME_MILLIS))
                        .addMembers(Member.newBuilder()
                                .setName("node-2")
                                .setEpoch(1)
                                .setState("joining")
                                .setLiveness("unreachable")));
    }

    @Test
    void statusIsPrintedAsJson() {
        daemon.on(
                STATUS,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setStatus(status().setBlockedBy(Blocker.newBuilder()
                                        .setName("n3")
                                        .setRecords(2)
                                        .setSinceMs(1500)))));
        assertThat(Cli.run(daemon, "", "status", "--json"))
                .isEqualTo(new Result(
                        0,
                        "{\"name\":\"n1\",\"cluster\":\"rumor\",\"epoch\":1000,\"records\":12345,\"bytes\":1572864,"
                                + "\"streams\":[{\"origin\":\"n1\",\"epoch\":1000,\"held\":\"1-40,43-50\","
                                + "\"committed\":\"1-40\"}],\"members\":3,\"linked\":1,\"committed\":40,"
                                + "\"blocked_by\":{\"name\":\"n3\",\"records\":2,\"since_ms\":1500},"
                                + "\"limits\":{\"max_payload\":1048576,\"retain_bytes\":268435456,"
                                + "\"retain_hard\":536870912,\"mesh\":0},\"version\":\"0.1.0\",\"ephemeral\":true,"
                                + "\"retired\":2}\n",
                        ""));
    }

    @Test
    void nobodyWhoBlocksIsNullInJson() {
        daemon.on(
                STATUS,
                (request, caller) ->
                        caller.say(request, ClientReply.newBuilder().setStatus(StatusReply.newBuilder())));
        assertThat(Cli.run(daemon, "", "status", "--json").out()).contains("\"streams\":[],", "\"blocked_by\":null,");
    }

    @Test
    void statusIsPrintedForPeople() {
        daemon.on(
                STATUS,
                (request, caller) ->
                        caller.say(request, ClientReply.newBuilder().setStatus(status())));
        assertThat(Cli.run(daemon, "", "status").out()).isEqualTo("""
                        name        n1
                        cluster     rumor
                        epoch       rs
                        version     0.1.0, ephemeral
                        members     3, 1 linked
                        records     12,345, 1.5 MiB, 2 former epochs retired
                        committed   40
                        blocked by  nobody
                        limits      payload 1 MiB, retain 256 MiB, refuse beyond 512 MiB

                        STREAM  HELD        COMMITTED
                        n1/rs   1-40,43-50  1-40
                        """);
    }

    @Test
    void theStatusOfARecordIsPrintedForPeople() {
        daemon.on(
                HOLDERS,
                (request, caller) ->
                        caller.say(request, ClientReply.newBuilder().setHolders(holders())));
        assertThat(Cli.run(daemon, "", "status", "n1/rs/42")).isEqualTo(new Result(0, """
                        record     n1/rs/42
                        held by    1 of 2 active members
                        committed  no

                        MEMBER  STATE    HOLDS IT
                        n1      active   yes
                        n2      active   no, behind for 12 s
                        n3      joining  no, behind for 0 s
                        """, ""));
    }

    @Test
    void theStatusOfARecordIsPrintedAsJson() {
        daemon.on(
                HOLDERS,
                (request, caller) ->
                        caller.say(request, ClientReply.newBuilder().setHolders(holders())));
        assertThat(Cli.run(daemon, "", "status", "--json", "n1/rs/42").out())
                .isEqualTo("{\"id\":\"n1/rs/42\",\"committed\":false,\"holders\":["
                        + "{\"name\":\"n1\",\"state\":\"active\",\"holds\":true,\"behind_ms\":0},"
                        + "{\"name\":\"n2\",\"state\":\"active\",\"holds\":false,\"behind_ms\":12345},"
                        + "{\"name\":\"n3\",\"state\":\"joining\",\"holds\":false,\"behind_ms\":0}]}\n");
    }

    @Test
    void aRecordThatIsNotKnownThereEndsWithOne() {
        daemon.on(HOLDERS, (request, caller) -> caller.say(request, refusal("nothing is known here of n1/rs/42", 0)));
        assertThat(Cli.run(daemon, "", "status", "n1/rs/42"))
                .isEqualTo(new Result(1, "", "rumor: nothing is known here of n1/rs/42\n"));
    }

    private static HoldersReply.Builder holders() {
        return HoldersReply.newBuilder()
                .addHolders(holder("n1", 0, 0))
                .addHolders(holder("n2", 1, 12_345))
                .addHolders(holder("n3", 1, 0).toBuilder().setState("joining"));
    }

    private static StatusReply.Builder status() {
        return StatusReply.newBuilder()
                .setName("n1")
                .setCluster("rumor")
                .setEpoch(FakeDaemon.EPOCH)
                .setRecords(12_345)
                .setBytes(3 << 19)
                .addStreams(StreamStatus.newBuilder()
                        .setOrigin("n1")
                        .setEpoch(FakeDaemon.EPOCH)
                        .setHeld("1-40,43-50")
                        .setCommitted("1-40"))
                .setMembers(3)
                .setLinked(1)
                .setCommitted(40)
                .setLimits(Limits.newBuilder()
                        .setMaxPayload(1 << 20)
                        .setRetainBytes(256 << 20)
                        .setRetainHard(512 << 20))
                .setVersion("0.1.0")
                .setEphemeral(true)
                .setRetired(2);
    }
}
