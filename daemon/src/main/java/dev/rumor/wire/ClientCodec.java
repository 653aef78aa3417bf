package dev.rumor.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.rumor.core.Settings;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.EvictRequest;
import dev.rumor.proto.client.v1.HoldersRequest;
import dev.rumor.proto.client.v1.LeaveRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadRequest;
import dev.rumor.proto.client.v1.Wait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What clients ask and are answered, from and to bytes. A request that breaks a rule but whose number can be
/// read becomes [Request.Faulty], which holds its answer: a client's mistake is told to the client, on a
/// connection that goes on.
public final class ClientCodec {

    /// Records in one broadcast.
    public static final int MAX_RECORDS = 4096;

    /// Payloads and topics of one broadcast together, unless it is a single record, in bytes.
    public static final int MAX_BROADCAST_BYTES = 8 << 20;

    private static final int DAY_MILLIS = 24 * 60 * 60 * 1000;

    private static final Bounds BOUNDS = new Bounds(ClientRequest.getDescriptor())
            .and(BroadcastRequest.getDescriptor(), BroadcastRequest.RECORDS_FIELD_NUMBER, MAX_RECORDS);

    private ClientCodec() {}

    /// What a frame (without its length) asks. The buffer may be reused afterwards: what is kept of it is
    /// copied.
    ///
    /// @throws Malformed if the bytes are no request at all, so that there is no number to answer under
    public static Request decodeRequest(ByteBuffer frame) throws Malformed {
        ClientRequest request;
        try {
            request = Frame.parse(frame, ClientRequest.parser(), BOUNDS, ClientRequest.getDescriptor());
        } catch (Malformed malformed) {
            return faulty(numberOf(frame, malformed), Reply.Failed.Code.INVALID, malformed.getMessage(), 0);
        }
        long id = request.getId();
        return switch (request.getAskedCase()) {
            case BROADCAST -> broadcast(id, request.getBroadcast());
            case READ -> read(id, request.getRead());
            case MEMBERS -> new Request.Members(id);
            case STATUS -> new Request.Status(id);
            case HOLDERS -> holders(id, request.getHolders());
            case LEAVE -> leave(id, request.getLeave());
            case EVICT -> evict(id, request.getEvict());
            case ASKED_NOT_SET ->
                faulty(
                        id,
                        Reply.Failed.Code.UNSUPPORTED,
                        "this daemon knows broadcast, read, members, status, holders, leave and evict; the request is "
                                + "none of them",
                        0);
        };
    }

    /// The frame with its length in front. Where an answer would not fit a frame, a failure that says so
    /// takes its place.
    public static byte[] encode(Reply reply) {
        return ReplyWriter.frame(reply);
    }

    private static Request broadcast(long id, BroadcastRequest asked) {
        List<NewRecord> records = asked.getRecordsList();
        if (records.isEmpty()) {
            return invalid(id, "a broadcast has 1 to " + MAX_RECORDS + " records, not none", 0);
        }
        Quorum quorum;
        try {
            quorum = quorum(asked);
        } catch (Malformed wrong) {
            return invalid(id, wrong.getMessage(), 0);
        }
        List<byte[]> encoded = new ArrayList<>(records.size());
        long sum = 0;
        int largest = 0;
        for (int k = 0; k < records.size(); k++) {
            ByteString topic = records.get(k).getTopicBytes();
            ByteString payload = records.get(k).getPayload();
            sum += topic.size() + payload.size();
            if (topic.size() > RunCodec.MAX_TOPIC_BYTES) {
                String rule = "a topic is at most " + RunCodec.MAX_TOPIC_BYTES + " bytes of UTF-8, not ";
                return invalid(id, rule + topic.size(), k);
            }
            if (payload.size() > Settings.MAX_PAYLOAD) {
                return invalid(
                        id,
                        "a payload is at most 8 MiB (" + Settings.MAX_PAYLOAD + " bytes), not " + payload.size(),
                        k);
            }
            if (records.size() > 1 && sum > MAX_BROADCAST_BYTES) {
                return invalid(
                        id,
                        "the records of one broadcast are together at most 8 MiB (" + MAX_BROADCAST_BYTES + " bytes)",
                        k);
            }
            if (payload.size() > records.get(largest).getPayload().size()) {
                largest = k;
            }
            encoded.add(RecordCodec.encode(topic, payload));
        }
        return new Request.Broadcast(
                id,
                new Run.Draft(encoded),
                records.get(largest).getPayload().size(),
                largest,
                quorum,
                Duration.ofMillis(asked.getWait().getWithinMs()));
    }

    /// @throws Malformed with a sentence for the client
    private static Quorum quorum(BroadcastRequest asked) throws Malformed {
        if (!asked.hasWait()) {
            return Quorum.LOCAL;
        }
        Wait wait = asked.getWait();
        within(wait.getWithinMs());
        return switch (wait.getQuorum()) {
            case QUORUM_COUNT -> count(wait.getMembers());
            case QUORUM_MAJORITY -> Quorum.MAJORITY;
            case QUORUM_ALL -> Quorum.ALL;
            case QUORUM_UNSPECIFIED, UNRECOGNIZED ->
                throw new Malformed("a wait is for so many members, a majority or all");
        };
    }

    private static Duration within(int millis) throws Malformed {
        boolean inADay = millis >= 1 && millis <= DAY_MILLIS;
        Malformed.unless(inADay, "a wait is of 1 to " + DAY_MILLIS + " ms", Integer.toUnsignedLong(millis));
        return Duration.ofMillis(millis);
    }

    private static Quorum count(int members) throws Malformed {
        boolean known = members >= 1 && members <= Quorum.MAX_MEMBERS;
        Malformed.unless(
                known, "a wait is for 1 to " + Quorum.MAX_MEMBERS + " members", Integer.toUnsignedLong(members));
        return Quorum.of(members);
    }

    private static Request holders(long id, HoldersRequest asked) {
        try {
            Stream stream = new Stream(asked.getOrigin(), asked.getEpoch());
            return new Request.Holders(id, new Range(stream, asked.getSequence(), asked.getSequence()));
        } catch (IllegalArgumentException wrong) {
            return invalid(id, "not a record id: " + wrong.getMessage(), 0);
        }
    }

    private static Request leave(long id, LeaveRequest asked) {
        try {
            return new Request.Leave(id, within(asked.getWithinMs()));
        } catch (Malformed wrong) {
            return invalid(id, wrong.getMessage(), 0);
        }
    }

    private static Request evict(long id, EvictRequest asked) {
        return Stream.isName(asked.getName())
                ? new Request.Evict(id, asked.getName(), asked.getForce())
                : invalid(id, "a name is 1 to 64 of A-Z a-z 0-9 . _ -, and this is none", 0);
    }

    private static Request read(long id, ReadRequest asked) {
        Optional<String> topic = asked.hasTopic() ? Optional.of(asked.getTopic()) : Optional.empty();
        long limit = asked.getLimit();
        return new Request.Read(id, asked.getAfter(), topic, limit <= 0 ? Long.MAX_VALUE : limit, asked.getFollow());
    }

    private static Request invalid(long id, String text, int record) {
        return faulty(id, Reply.Failed.Code.INVALID, text, record);
    }

    private static Request faulty(long id, Reply.Failed.Code code, String text, int record) {
        return new Request.Faulty(new Reply.Failed(id, code, text, record));
    }

    /// The number of a request that is otherwise wrong; 0, as everywhere in protobuf, if it states none.
    ///
    /// @throws Malformed the one given, if what stands before the number cannot be passed over
    private static long numberOf(ByteBuffer frame, Malformed malformed) throws Malformed {
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(frame).newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (ClientRequest.ID_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT)) {
                    return in.readUInt64();
                }
                if (!in.skipField(tag)) {
                    throw malformed;
                }
            }
            return 0;
        } catch (IOException e) {
            throw malformed;
        }
    }
}
