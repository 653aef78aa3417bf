package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever bytes come, out comes a message or [Malformed], and nothing else.
class GarbageTest {
    private static final int FRAMES = 20_000;

    private final Random dice = new Random(20_261_120);
    private int understood;

    private interface Decoding {
        Object decode(ByteBuffer frame) throws Malformed;
    }

    @Test
    void peersMaySendAnything() {
        List<byte[]> frames = Sayings.ALL.stream()
                .map(PeerCodec::encode)
                .map(GarbageTest::content)
                .toList();
        feed(frames, PeerCodec::decode);
    }

    @Test
    void clientsMaySendAnything() {
        NewRecord record = NewRecord.newBuilder().setTopic("t").build();
        List<byte[]> frames = List.of(
                ClientRequest.newBuilder()
                        .setId(1)
                        .setBroadcast(
                                BroadcastRequest.newBuilder().addRecords(record).addRecords(record))
                        .build()
                        .toByteArray(),
                ClientRequest.newBuilder()
                        .setId(2)
                        .setRead(ReadRequest.newBuilder().setTopic("t").setLimit(3))
                        .build()
                        .toByteArray());
        feed(frames, ClientCodec::decodeRequest);
    }

    private void feed(List<byte[]> frames, Decoding decoding) {
        for (int k = 0; k < FRAMES; k++) {
            byte[] frame = k % 4 == 0 ? random() : mutated(frames.get(dice.nextInt(frames.size())));
            ByteBuffer bytes = dice.nextBoolean()
                    ? ByteBuffer.wrap(frame)
                    : ByteBuffer.allocateDirect(frame.length).put(frame).flip();
            try {
                assertThat(decoding.decode(bytes)).isNotNull();
                understood++;
            } catch (Malformed malformed) {
                assertThat(malformed.getMessage()).isNotBlank();
            }
        }
        assertThat(understood).as("some mutations do no harm, most do").isBetween(FRAMES / 100, FRAMES * 9 / 10);
    }

    private byte[] random() {
        byte[] bytes = new byte[dice.nextInt(64)];
        dice.nextBytes(bytes);
        return bytes;
    }

    /// A valid frame with some bytes changed, and now and then cut off, doubled or followed by others.
    private byte[] mutated(byte[] valid) {
        byte[] bytes = switch (dice.nextInt(4)) {
            case 0 -> Arrays.copyOf(valid, dice.nextInt(valid.length + 1));
            case 1 -> Arrays.copyOf(valid, valid.length + dice.nextInt(8));
            case 2 ->
                ByteBuffer.allocate(2 * valid.length).put(valid).put(valid).array();
            default -> valid.clone();
        };
        for (int k = dice.nextInt(4); k > 0 && bytes.length > 0; k--) {
            bytes[dice.nextInt(bytes.length)] = (byte) dice.nextInt();
        }
        return bytes;
    }

    private static byte[] content(byte[] frame) {
        return Arrays.copyOfRange(frame, Framing.LENGTH_BYTES, frame.length);
    }
}
