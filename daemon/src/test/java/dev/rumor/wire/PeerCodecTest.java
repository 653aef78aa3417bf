package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerCodecTest {

    @Test
    void everyMessageThereIsHasASample() {
        assertThat(Sayings.ALL)
                .extracting(message -> (Object) message.getClass())
                .containsExactlyInAnyOrder((Object[]) Message.class.getPermittedSubclasses());
    }

    @Test
    void everyMessageComesBackAsItWasSaid() throws Malformed {
        for (Message message : Sayings.ALL) {
            assertThat(heard(message)).isEqualTo(message);
        }
    }

    @Test
    void everyMessageComesBackFromADirectBufferToo() throws Malformed {
        for (Message message : Sayings.ALL) {
            byte[] frame = PeerCodec.encode(message);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(frame.length).put(frame).flip();
            assertThat(PeerCodec.decode(direct.position(Framing.LENGTH_BYTES))).isEqualTo(message);
        }
    }

    @Test
    void theBytesOfEveryMessageStayWhatTheyAre() throws IOException {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        Sayings.ALL.forEach(message -> frames.put(message.getClass().getSimpleName(), PeerCodec.encode(message)));
        Golden.check("peer-frames.txt", frames);
    }

    @Test
    void aFrameCarriesItsLength() {
        byte[] frame = PeerCodec.encode(Sayings.ALL.getFirst());
        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - Framing.LENGTH_BYTES);
    }

    @Test
    void everyReasonOfARefusalComesBack() throws Malformed {
        for (Message.Refusal.Reason reason : Message.Refusal.Reason.values()) {
            Message refusal = new Message.Refusal(reason, "", "");
            assertThat(heard(refusal)).isEqualTo(refusal);
        }
    }

    @Test
    void sequencesNearTheEndOfNumbersComeBack() throws Malformed {
        long last = Long.MAX_VALUE - 1;
        for (Intervals held : List.of(
                Intervals.of(1, last), Intervals.of(last, last), Intervals.ofBounds(1, 1, 3, 3, last - 2, last))) {
            Message claims = new Message.Claims(List.of(new Claim(Sayings.STREAM, 0, held)), List.of(), false, false);
            assertThat(heard(claims)).isEqualTo(claims);
        }
    }

    @Test
    void theRecordsOfARunOutliveTheFrameTheyCameIn() throws Malformed {
        byte[] frame = PeerCodec.encode(new Message.Runs(List.of(Sayings.run(1, "one", "two"))));
        Message.Runs heard = (Message.Runs) PeerCodec.decode(ByteBuffer.wrap(frame, 4, frame.length - 4));
        Arrays.fill(frame, (byte) 0);
        assertThat(RunCodec.verify(heard.runs().getFirst())).isTrue();
    }

    @Test
    void theLargestRecordFitsAFrameAloneWithTheLongestOfHeaders() throws Malformed {
        byte[] record = RunCodec.record("t".repeat(255), new byte[8 << 20]);
        Stream stream = new Stream("n".repeat(64), Long.MAX_VALUE);
        Run run = RunCodec.encode(stream, -1, Long.MAX_VALUE - 2, -1, List.of(new Run.Draft(List.of(record))));
        Message runs = new Message.Runs(List.of(run));
        assertThat(heard(runs)).isEqualTo(runs);
    }

    @Test
    void theLargestBroadcastFitsAFrame() throws Malformed {
        byte[] record = RunCodec.record("t".repeat(255), new byte[(8 << 20) / 4096 - 255]);
        Run.Draft draft = new Run.Draft(Collections.nCopies(4096, record));
        Run run = RunCodec.encode(new Stream("n".repeat(64), Long.MAX_VALUE), -1, 1, -1, List.of(draft));
        Message runs = new Message.Runs(List.of(run));
        assertThat(heard(runs)).isEqualTo(runs);
    }

    @Test
    void moreThanAFrameIsNotEncoded() {
        Run half = Sayings.run(1, "x".repeat(5 << 20));
        assertThatThrownBy(() -> PeerCodec.encode(new Message.Runs(List.of(half, half))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a frame is at most 9437184 bytes");
    }

    private static Message heard(Message said) throws Malformed {
        byte[] frame = PeerCodec.encode(said);
        return PeerCodec.decode(ByteBuffer.wrap(frame, Framing.LENGTH_BYTES, frame.length - Framing.LENGTH_BYTES));
    }
}
