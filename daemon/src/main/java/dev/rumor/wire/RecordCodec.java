package dev.rumor.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.rumor.core.Settings;
import dev.rumor.core.stream.Run;
import dev.rumor.proto.peer.v1.Record;
import java.nio.ByteBuffer;

/// One record to and from the bytes that stand for it in a run.
final class RecordCodec {

    /// Milliseconds stand in the upper 48 bits of a hybrid clock.
    private static final int CLOCK_COUNTER_BITS = 16;

    private RecordCodec() {}

    static byte[] encode(String topic, ByteBuffer payload) {
        ByteString topicBytes = ByteString.copyFromUtf8(topic);
        if (topicBytes.size() > RunCodec.MAX_TOPIC_BYTES) {
            throw new IllegalArgumentException(
                    "a topic is at most " + RunCodec.MAX_TOPIC_BYTES + " bytes of UTF-8, not " + topicBytes.size());
        }
        if (payload.remaining() > Settings.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a payload is at most " + Settings.MAX_PAYLOAD + " bytes, not " + payload.remaining());
        }
        return encode(topicBytes, UnsafeByteOperations.unsafeWrap(payload));
    }

    static byte[] encode(ByteString topic, ByteString payload) {
        Record record =
                Record.newBuilder().setTopicBytes(topic).setPayload(payload).build();
        byte[] bytes = new byte[record.getSerializedSize()];
        Frame.write(record, bytes, 0);
        return bytes;
    }

    /// Record `k` of the run, which begins at `offset` of its bytes.
    static StoredRecord decode(Run run, int k, int offset) throws Malformed {
        long sequence = run.first() + k;
        try {
            Record record =
                    Frame.parse(UnsafeByteOperations.unsafeWrap(run.bytes(), offset, run.length(k)), Record.parser());
            Malformed.unless(
                    record.getTopicBytes().size() <= RunCodec.MAX_TOPIC_BYTES,
                    "a topic is at most " + RunCodec.MAX_TOPIC_BYTES + " bytes of UTF-8",
                    record.getTopic());
            Malformed.unless(
                    record.getPayload().size() <= Settings.MAX_PAYLOAD,
                    "a payload is at most " + Settings.MAX_PAYLOAD + " bytes",
                    record.getPayload().size());
            return new StoredRecord(
                    run.stream(),
                    sequence,
                    run.clock() + k >>> CLOCK_COUNTER_BITS,
                    record.getKind(),
                    record.getTopic(),
                    record.getPayload().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed(run.stream().id(sequence) + " is no record: " + e.getMessage());
        }
    }
}
