package dev.rumor.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.rumor.proto.client.v1.Blocker;
import dev.rumor.proto.client.v1.BroadcastReply;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.EvictReply;
import dev.rumor.proto.client.v1.EvictRequest;
import dev.rumor.proto.client.v1.Failure;
import dev.rumor.proto.client.v1.HoldersReply;
import dev.rumor.proto.client.v1.HoldersRequest;
import dev.rumor.proto.client.v1.LeaveReply;
import dev.rumor.proto.client.v1.LeaveRequest;
import dev.rumor.proto.client.v1.Limits;
import dev.rumor.proto.client.v1.MembersReply;
import dev.rumor.proto.client.v1.MembersRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.ReadRequest;
import dev.rumor.proto.client.v1.StatusReply;
import dev.rumor.proto.client.v1.StatusRequest;
import dev.rumor.proto.client.v1.StreamStatus;
import dev.rumor.proto.client.v1.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The bytes of client.proto, version 1, as recorded. They are read by the daemon's tests too: what changes
/// them changes the protocol.
class GoldenFramesTest {

    private static final long EPOCH = 1_700_000_000_000L;

    @Test
    void framesAreTheRecordedBytes() throws IOException {
        Map<String, String> written = new LinkedHashMap<>();
        frames().forEach((name, message) -> written.put(name, hex(message)));
        assertThat(written).isEqualTo(recorded());
    }

    private static Map<String, String> recorded() throws IOException {
        Map<String, String> frames = new LinkedHashMap<>();
        try (InputStream file = GoldenFramesTest.class.getResourceAsStream("/golden/client-frames.txt")) {
            new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .forEach(line -> frames.put(line[0], line[1]));
        }
        return frames;
    }

    private static String hex(MessageLite message) {
        byte[] body = message.toByteArray();
        byte[] frame = ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(body.length)
                .put(body)
                .array();
        return HexFormat.of().formatHex(frame);
    }

    private static Map<String, MessageLite> frames() {
        Map<String, MessageLite> frames = new LinkedHashMap<>();
        frames.put("broadcast-request", asked(1).setBroadcast(broadcast()).build());
        frames.put("broadcast-reply", answered(1).setBroadcast(taken()).build());
        frames.put("failure", answered(2).setFailure(failure()).build());
        frames.put(
                "read-request-all",
                asked(3).setRead(ReadRequest.getDefaultInstance()).build());
        frames.put(
                "read-request-some",
                asked(300)
                        .setRead(ReadRequest.newBuilder().setTopic("").setLimit(10))
                        .build());
        frames.put("read-reply", answered(3).setRead(shown()).build());
        frames.put(
                "read-reply-end",
                answered(3).setRead(ReadReply.newBuilder().setEnd(true)).build());
        frames.put(
                "read-request-follow",
                asked(10)
                        .setRead(ReadRequest.newBuilder()
                                .setAfter(FakeDaemon.CURSOR)
                                .setFollow(true))
                        .build());
        frames.put(
                "read-reply-cursor",
                answered(10).setRead(shown().setCursor(FakeDaemon.CURSOR)).build());
        frames.put("read-reply-gap", FakeDaemon.gap(3, 200).setId(10).build());
        frames.put(
                "members-request",
                asked(4).setMembers(MembersRequest.getDefaultInstance()).build());
        frames.put("members-reply", answered(4).setMembers(members()).build());
        frames.put(
                "status-request",
                asked(5).setStatus(StatusRequest.getDefaultInstance()).build());
        frames.put("status-reply", answered(5).setStatus(status()).build());
        frames.put(
                "broadcast-request-wait",
                asked(6).setBroadcast(broadcast().setWait(waiting())).build());
        frames.put(
                "broadcast-reply-held",
                answered(6).setBroadcast(taken().setReached(true)).build());
        frames.put(
                "broadcast-reply-late",
                answered(6).setBroadcast(taken().addHolders(late())).build());
        frames.put("holders-request", asked(7).setHolders(record()).build());
        frames.put("holders-reply", answered(7).setHolders(holders()).build());
        frames.put(
                "leave-request",
                asked(8).setLeave(LeaveRequest.newBuilder().setWithinMs(30_000)).build());
        frames.put(
                "leave-reply",
                answered(8).setLeave(LeaveReply.newBuilder().setName("n1")).build());
        frames.put(
                "evict-request",
                asked(9).setEvict(EvictRequest.newBuilder().setName("n3").setForce(true))
                        .build());
        frames.put(
                "evict-reply",
                answered(9).setEvict(EvictReply.newBuilder().setName("n3")).build());
        return frames;
    }

    private static Wait.Builder waiting() {
        return Wait.newBuilder()
                .setQuorum(Wait.Quorum.QUORUM_COUNT)
                .setMembers(3)
                .setWithinMs(5000);
    }

    private static dev.rumor.proto.client.v1.Holder late() {
        return FakeDaemon.holder("n3", 2, 1500);
    }

    private static HoldersRequest.Builder record() {
        return HoldersRequest.newBuilder().setOrigin("n1").setEpoch(EPOCH).setSequence(42);
    }

    private static HoldersReply.Builder holders() {
        return HoldersReply.newBuilder()
                .setCommitted(true)
                .addHolders(FakeDaemon.holder("n1", 0, 0))
                .addHolders(late());
    }

    private static ClientRequest.Builder asked(long id) {
        return ClientRequest.newBuilder().setId(id);
    }

    private static ClientReply.Builder answered(long id) {
        return ClientReply.newBuilder().setId(id);
    }

    private static BroadcastRequest.Builder broadcast() {
        return BroadcastRequest.newBuilder()
                .addRecords(
                        NewRecord.newBuilder().setTopic("greetings").setPayload(ByteString.copyFromUtf8("grüß dich")))
                .addRecords(NewRecord.newBuilder());
    }

    private static BroadcastReply.Builder taken() {
        return BroadcastReply.newBuilder()
                .setOrigin("n1")
                .setEpoch(EPOCH)
                .setFirst(41)
                .setCount(2);
    }

    private static Failure.Builder failure() {
        return Failure.newBuilder()
                .setCode(Failure.Code.CODE_INVALID)
                .setText("too large")
                .setRecord(7);
    }

    private static ReadReply.Builder shown() {
        return ReadReply.newBuilder()
                .addRecords(FakeDaemon.record(1, "greetings", ByteString.copyFromUtf8("grüß dich")))
                .addRecords(FakeDaemon.record(2, "", ByteString.copyFrom(new byte[] {(byte) 0xff})));
    }

    private static MembersReply.Builder members() {
        return MembersReply.newBuilder()
                .addMembers(dev.rumor.proto.client.v1.Member.newBuilder()
                        .setName("n1")
                        .setEpoch(EPOCH)
                        .setState("active")
                        .setLiveness("self")
                        .addAddresses("127.0.0.1:7400")
                        .setVersion("0.1.0")
                        .setLastSeenMs(EPOCH + 1));
    }

    private static StatusReply.Builder status() {
        return StatusReply.newBuilder()
                .setName("n1")
                .setCluster("rumor")
                .setEpoch(EPOCH)
                .setRecords(42)
                .setBytes(4096)
                .addStreams(StreamStatus.newBuilder()
                        .setOrigin("n1")
                        .setEpoch(EPOCH)
                        .setHeld("1-42")
                        .setCommitted("1-40"))
                .setMembers(3)
                .setLinked(1)
                .setCommitted(40)
                .setBlockedBy(Blocker.newBuilder().setName("n3").setRecords(2).setSinceMs(1500))
                .setLimits(Limits.newBuilder()
                        .setMaxPayload(1 << 20)
                        .setRetainBytes(256 << 20)
                        .setRetainHard(512 << 20))
                .setVersion("0.1.0")
                .setEphemeral(true);
    }
}
