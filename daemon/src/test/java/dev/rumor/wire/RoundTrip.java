package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
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
import dev.rumor.proto.peer.v1.Record;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What must hold of any bytes: they are [Malformed], or they mean something that, said anew, means the same.
public final class RoundTrip {

    private RoundTrip() {}

    public static Message ofPeer(ByteBuffer frame) throws Malformed {
        Message heard = PeerCodec.decode(frame);
        byte[] said = PeerCodec.encode(heard);
        Message again = PeerCodec.decode(content(said));
        if (!again.equals(heard) || !Arrays.equals(PeerCodec.encode(again), said)) {
            throw new AssertionError(heard + " came back as " + again);
        }
        return heard;
    }

    public static Request ofClient(ByteBuffer frame) throws Malformed {
        Request asked = ClientCodec.decodeRequest(frame);
        if (asked instanceof Request.Faulty faulty) {
            assertThat(ClientCodec.encode(faulty.answer())).isNotEmpty();
            return asked;
        }
        Request again = ClientCodec.decodeRequest(ByteBuffer.wrap(request(asked).toByteArray()));
        if (!same(asked, again)) {
            throw new AssertionError(asked + " came back as " + again);
        }
        return asked;
    }

    /// Shows what can be shown of a run, record by record as all at once.
    public static void ofRun(Run run) {
        assertThat(RunCodec.verify(run)).isTrue();
        int shown = 0;
        for (int k = 0; k < run.count(); k++) {
            try {
                StoredRecord record = RunCodec.decode(run, k);
                shown += record.kind() == StoredRecord.DATA ? 1 : 0;
            } catch (Malformed malformed) {
                assertThat(malformed.getMessage()).isNotBlank();
            }
        }
        assertThat(RunCodec.shown(run)).hasSize(shown);
    }

    static ByteBuffer content(byte[] frame) {
        return ByteBuffer.wrap(frame, Framing.LENGTH_BYTES, frame.length - Framing.LENGTH_BYTES);
    }

    private static ClientRequest request(Request asked) {
        ClientRequest.Builder request = ClientRequest.newBuilder().setId(asked.id());
        switch (asked) {
            case Request.Broadcast broadcast -> request.setBroadcast(broadcast(broadcast));
            case Request.Read read -> {
                ReadRequest.Builder said = ReadRequest.newBuilder()
                        .setLimit(read.limit())
                        .setAfter(read.from())
                        .setFollow(read.follows());
                read.topic().ifPresent(said::setTopic);
                request.setRead(said);
            }
            case Request.Members members -> request.setMembers(MembersRequest.getDefaultInstance());
            case Request.Status status -> request.setStatus(StatusRequest.getDefaultInstance());
            case Request.Holders holders ->
                request.setHolders(HoldersRequest.newBuilder()
                        .setOrigin(holders.record().stream().origin())
                        .setEpoch(holders.record().stream().epoch())
                        .setSequence(holders.record().from()));
            case Request.Leave leave ->
                request.setLeave(LeaveRequest.newBuilder()
                        .setWithinMs(Math.toIntExact(leave.within().toMillis())));
            case Request.Evict evict ->
                request.setEvict(EvictRequest.newBuilder().setName(evict.name()).setForce(evict.force()));
            case Request.Faulty faulty -> throw new IllegalArgumentException("nothing was asked: " + faulty);
        }
        return request.build();
    }

    private static BroadcastRequest.Builder broadcast(Request.Broadcast asked) {
        BroadcastRequest.Builder request = records(asked.draft());
        if (!asked.quorum().isLocal()) {
            request.setWait(Wait.newBuilder()
                    .setQuorum(Wait.Quorum.valueOf("QUORUM_" + asked.quorum().kind()))
                    .setMembers(asked.quorum().members())
                    .setWithinMs(Math.toIntExact(asked.within().toMillis())));
        }
        return request;
    }

    private static BroadcastRequest.Builder records(Run.Draft draft) {
        BroadcastRequest.Builder records = BroadcastRequest.newBuilder();
        for (byte[] each : draft.records()) {
            try {
                Record record = Record.parseFrom(each);
                records.addRecords(
                        NewRecord.newBuilder().setTopic(record.getTopic()).setPayload(record.getPayload()));
            } catch (InvalidProtocolBufferException broken) {
                throw new AssertionError("a draft holds what is no record", broken);
            }
        }
        return records;
    }

    private static boolean same(Request one, Request other) {
        if (one instanceof Request.Broadcast a && other instanceof Request.Broadcast b) {
            byte[][] first = a.draft().records().toArray(byte[][]::new);
            return a.id() == b.id()
                    && a.largestIndex() == b.largestIndex()
                    && a.quorum().equals(b.quorum())
                    && (a.quorum().isLocal() || a.within().equals(b.within()))
                    && a.largestPayloadBytes() == b.largestPayloadBytes()
                    && Arrays.deepEquals(first, b.draft().records().toArray(byte[][]::new));
        }
        return one.equals(other);
    }
}
