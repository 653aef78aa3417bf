package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.EvictRequest;
import dev.rumor.proto.client.v1.HoldersRequest;
import dev.rumor.proto.client.v1.LeaveRequest;
import dev.rumor.proto.client.v1.MembersRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadRequest;
import dev.rumor.proto.client.v1.StatusRequest;
import dev.rumor.proto.client.v1.Wait;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientCodecTest {
    private static final long ID = -7;

    @Test
    void aBroadcastBecomesADraftOfRecords() throws Malformed {
        Request.Broadcast asked =
                (Request.Broadcast) decode(broadcast(record("a", "one"), record("", ""), record("b", "three")));
        assertThat(asked.id()).isEqualTo(ID);
        Run run = RunCodec.encode(Sayings.STREAM, 1, 1, 1, List.of(asked.draft()));
        assertThat(RunCodec.shown(run))
                .extracting(each -> each.topic() + ":" + new String(each.payload(), StandardCharsets.UTF_8))
                .containsExactly("a:one", ":", "b:three");
    }

    @Test
    void aBroadcastTellsItsLargestPayload() throws Malformed {
        Request.Broadcast asked =
                (Request.Broadcast) decode(broadcast(record("ttttttt", "12"), record("", "1234"), record("", "123")));
        assertThat(asked.largestPayloadBytes()).isEqualTo(4);
        assertThat(asked.largestIndex()).isEqualTo(1);
    }

    @Test
    void theRecordsOfABroadcastOutliveTheFrame() throws Malformed {
        byte[] frame = broadcast(record("t", "kept")).build().toByteArray();
        Request.Broadcast asked = (Request.Broadcast) ClientCodec.decodeRequest(ByteBuffer.wrap(frame));
        Arrays.fill(frame, (byte) 0);
        assertThat(asked.draft().records().getFirst())
                .isEqualTo(RunCodec.record("t", "kept".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBroadcastWaitsForNobodyElseUnlessItSaysSo() throws Malformed {
        assertThat(((Request.Broadcast) decode(broadcast(record("", "")))).quorum())
                .isEqualTo(Quorum.LOCAL);
        assertThat(waiting(Wait.Quorum.QUORUM_COUNT, 3).quorum()).isEqualTo(Quorum.of(3));
        assertThat(waiting(Wait.Quorum.QUORUM_MAJORITY, 0).quorum()).isEqualTo(Quorum.MAJORITY);
        assertThat(waiting(Wait.Quorum.QUORUM_ALL, 0).quorum()).isEqualTo(Quorum.ALL);
        assertThat(waiting(Wait.Quorum.QUORUM_ALL, 0).within()).isEqualTo(Duration.ofMillis(1500));
    }

    private static Request.Broadcast waiting(Wait.Quorum quorum, int members) throws Malformed {
        return (Request.Broadcast) decode(waits(quorum, members, 1500));
    }

    private static ClientRequest.Builder waits(Wait.Quorum quorum, int members, int withinMillis) {
        ClientRequest.Builder request = broadcast(record("", ""));
        request.getBroadcastBuilder()
                .setWait(Wait.newBuilder().setQuorum(quorum).setMembers(members).setWithinMs(withinMillis));
        return request;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            QUORUM_COUNT       | 0    | 1        | a wait is for 1 to 1024 members, not 0
            QUORUM_COUNT       | 1025 | 1        | a wait is for 1 to 1024 members, not 1025
            QUORUM_COUNT       | -1   | 1        | a wait is for 1 to 1024 members, not 4294967295
            QUORUM_ALL         | 0    | 0        | a wait is of 1 to 86400000 ms, not 0
            QUORUM_ALL         | 0    | 86400001 | a wait is of 1 to 86400000 ms, not 86400001
            QUORUM_MAJORITY    | 0    | -1       | a wait is of 1 to 86400000 ms, not 4294967295
            QUORUM_UNSPECIFIED | 0    | 1        | a wait is for so many members, a majority or all
            """)
    void aWaitBeyondItsLimitsIsAnsweredAsInvalid(Wait.Quorum quorum, int members, int withinMillis, String text)
            throws Malformed {
        assertInvalid(waits(quorum, members, withinMillis), text, 0);
    }

    @Test
    void theHoldersOfARecordAreAsked() throws Malformed {
        assertThat(decode(holders("web-1", 5, 42)))
                .isEqualTo(new Request.Holders(ID, new Range(new dev.rumor.core.stream.Stream("web-1", 5), 42, 42)));
        assertInvalid(
                holders("web 1", 5, 42), "not a record id: a name is 1 to 64 of A-Z a-z 0-9 . _ -, not 'web 1'", 0);
        assertInvalid(holders("web-1", 5, 0), "not a record id: not a range: 0..0", 0);
    }

    private static ClientRequest.Builder holders(String origin, long epoch, long sequence) {
        return ClientRequest.newBuilder()
                .setId(ID)
                .setHolders(HoldersRequest.newBuilder()
                        .setOrigin(origin)
                        .setEpoch(epoch)
                        .setSequence(sequence));
    }

    @Test
    void aReadMayNameATopicAndALimit() throws Malformed {
        assertThat(decode(ClientRequest.newBuilder().setId(ID).setRead(ReadRequest.getDefaultInstance())))
                .isEqualTo(new Request.Read(ID, "", Optional.empty(), Long.MAX_VALUE, false));
        assertThat(decode(ClientRequest.newBuilder()
                        .setId(ID)
                        .setRead(ReadRequest.newBuilder().setTopic("").setLimit(3))))
                .isEqualTo(new Request.Read(ID, "", Optional.of(""), 3, false));
        assertThat(decode(ClientRequest.newBuilder()
                        .setId(ID)
                        .setRead(ReadRequest.newBuilder().setLimit(-1))))
                .as("more than any daemon has")
                .isEqualTo(new Request.Read(ID, "", Optional.empty(), Long.MAX_VALUE, false));
    }

    @Test
    void aReadMayBeginSomewhereAndGoOn() throws Malformed {
        assertThat(decode(ClientRequest.newBuilder()
                        .setId(ID)
                        .setRead(ReadRequest.newBuilder().setAfter("now").setFollow(true))))
                .isEqualTo(new Request.Read(ID, "now", Optional.empty(), Long.MAX_VALUE, true));
    }

    @Test
    void membersAndStatusAreAsked() throws Malformed {
        assertThat(decode(ClientRequest.newBuilder().setId(ID).setMembers(MembersRequest.getDefaultInstance())))
                .isEqualTo(new Request.Members(ID));
        assertThat(decode(ClientRequest.newBuilder().setId(ID).setStatus(StatusRequest.getDefaultInstance())))
                .isEqualTo(new Request.Status(ID));
    }

    @Test
    void leavingIsAskedWithATimeAndEvictingWithAName() throws Malformed {
        assertThat(decode(leave(86_400_000))).isEqualTo(new Request.Leave(ID, Duration.ofDays(1)));
        assertInvalid(leave(0), "a wait is of 1 to 86400000 ms, not 0", 0);
        assertInvalid(leave(86_400_001), "a wait is of 1 to 86400000 ms, not 86400001", 0);
        assertThat(decode(evict("n3", true))).isEqualTo(new Request.Evict(ID, "n3", true));
        assertThat(decode(evict("n3", false))).isEqualTo(new Request.Evict(ID, "n3", false));
        assertInvalid(evict("", true), "a name is 1 to 64 of A-Z a-z 0-9 . _ -, and this is none", 0);
        assertInvalid(evict("x".repeat(65), true), "a name is 1 to 64 of A-Z a-z 0-9 . _ -, and this is none", 0);
    }

    private static ClientRequest.Builder leave(int withinMillis) {
        return ClientRequest.newBuilder()
                .setId(ID)
                .setLeave(LeaveRequest.newBuilder().setWithinMs(withinMillis));
    }

    private static ClientRequest.Builder evict(String name, boolean force) {
        return ClientRequest.newBuilder()
                .setId(ID)
                .setEvict(EvictRequest.newBuilder().setName(name).setForce(force));
    }

    @Test
    void aBroadcastOfNoneOrOf4097RecordsIsAnsweredAsInvalid() throws Malformed {
        assertInvalid(broadcast(), "a broadcast has 1 to 4096 records, not none", 0);
        NewRecord[] most = Collections.nCopies(4096, record("", "")).toArray(NewRecord[]::new);
        assertThat(((Request.Broadcast) decode(broadcast(most))).draft().count())
                .isEqualTo(4096);
        assertInvalid(
                broadcast(Collections.nCopies(4097, record("", "")).toArray(NewRecord[]::new)),
                "a BroadcastRequest has at most 4,096 records",
                0);
    }

    @Test
    void aTopicOf256BytesIsAnsweredAsInvalidWithItsRecord() throws Malformed {
        decode(broadcast(record("x".repeat(255), "")));
        assertInvalid(
                broadcast(record("", ""), record("ü".repeat(128), "")),
                "a topic is at most 255 bytes of UTF-8, not 256",
                1);
    }

    @Test
    void aPayloadBeyond8MebibytesIsAnsweredAsInvalidWithItsRecord() throws Malformed {
        decode(broadcast(record("x".repeat(255), zeros(8 << 20))));
        assertInvalid(
                broadcast(record("", ""), record("", zeros((8 << 20) + 1))),
                "a payload is at most 8 MiB (8388608 bytes), not 8388609",
                1);
    }

    @Test
    void recordsOfMoreThan8MebibytesTogetherAreAnsweredAsInvalid() throws Malformed {
        decode(broadcast(record("", zeros(4 << 20)), record("", zeros(4 << 20))));
        assertInvalid(
                broadcast(record("", zeros(4 << 20)), record("t", zeros(4 << 20))),
                "the records of one broadcast are together at most 8 MiB (8388608 bytes)",
                1);
    }

    @Test
    void whatIsNotKnownHereIsAnsweredAsUnsupported() throws Malformed {
        assertThat(decode(ClientRequest.newBuilder().setId(ID)))
                .isEqualTo(new Request.Faulty(new Reply.Failed(
                        ID,
                        Reply.Failed.Code.UNSUPPORTED,
                        "this daemon knows broadcast, read, members, status, holders, leave and evict; the request is "
                                + "none of them",
                        0)));
    }

    @Test
    void aRequestThatIsBrokenBehindItsNumberIsAnswered() throws Malformed {
        byte[] torn = broadcast(record("t", "text")).build().toByteArray();
        Request request = ClientCodec.decodeRequest(ByteBuffer.wrap(torn, 0, torn.length - 1));
        assertThat(request).isInstanceOf(Request.Faulty.class);
        assertThat(request.id()).isEqualTo(ID);
    }

    @Test
    void theNumberZeroStandsNowhereAndIsAnsweredToo() throws Malformed {
        NewRecord[] many = Collections.nCopies(4097, record("", "")).toArray(NewRecord[]::new);
        assertThat(decode(broadcast(many).clearId()).id()).isZero();
    }

    @Test
    void whatIsNoRequestAtAllIsMalformed() {
        assertThatThrownBy(() -> ClientCodec.decodeRequest(ByteBuffer.wrap(new byte[] {(byte) 0xff})))
                .isInstanceOf(Malformed.class)
                .hasMessageStartingWith("a frame holds one ClientRequest, and this one does not: ");
    }

    private static void assertInvalid(ClientRequest.Builder asked, String text, int record) throws Malformed {
        assertThat(decode(asked))
                .isEqualTo(new Request.Faulty(new Reply.Failed(ID, Reply.Failed.Code.INVALID, text, record)));
    }

    private static Request decode(ClientRequest.Builder asked) throws Malformed {
        return ClientCodec.decodeRequest(ByteBuffer.wrap(asked.build().toByteArray()));
    }

    private static ClientRequest.Builder broadcast(NewRecord... records) {
        return ClientRequest.newBuilder()
                .setId(ID)
                .setBroadcast(BroadcastRequest.newBuilder().addAllRecords(List.of(records)));
    }

    private static NewRecord record(String topic, String payload) {
        return record(topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static NewRecord record(String topic, byte[] payload) {
        return NewRecord.newBuilder()
                .setTopic(topic)
                .setPayload(ByteString.copyFrom(payload))
                .build();
    }

    private static byte[] zeros(int count) {
        return new byte[count];
    }
}
