package dev.rumor.wire;

import static dev.rumor.wire.Sayings.CLOCK;
import static dev.rumor.wire.Sayings.STREAM;
import static dev.rumor.wire.Sayings.TAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RunCodecTest {
    private final Run run = Sayings.run(40, "one", "", "three", "four");

    @Test
    void draftsBecomeOneRunInTheirOrder() throws Malformed {
        Run.Draft first = new Run.Draft(List.of(record("a", "one"), record("", "")));
        Run.Draft second = new Run.Draft(List.of(record("b", "three")));
        Run made = RunCodec.encode(STREAM, TAG, 7, CLOCK, List.of(first, second));
        assertThat(made.count()).isEqualTo(3);
        assertThat(made.first()).isEqualTo(7);
        assertThat(made.tag()).isEqualTo(TAG);
        assertThat(text(RunCodec.decode(made, 0))).isEqualTo("web-1/" + epoch() + "/7 a: one");
        assertThat(text(RunCodec.decode(made, 1))).isEqualTo("web-1/" + epoch() + "/8 : ");
        assertThat(text(RunCodec.decode(made, 2))).isEqualTo("web-1/" + epoch() + "/9 b: three");
        assertThat(made.length(1)).as("an empty record takes no bytes").isZero();
    }

    @Test
    void everyRecordHasTheTimeOfItsOwnClock() throws Malformed {
        long lastCount = 1_763_600_000_123L << 16 | 0xffff;
        Run made =
                RunCodec.encode(STREAM, TAG, 1, lastCount, List.of(new Run.Draft(List.of(new byte[0], new byte[0]))));
        assertThat(RunCodec.decode(made, 0).timeMillis()).isEqualTo(1_763_600_000_123L);
        assertThat(RunCodec.decode(made, 1).timeMillis()).isEqualTo(1_763_600_000_124L);
    }

    @Test
    void theChecksumCoversWhatTheSchemaSays() {
        byte[] origin = "web-1".getBytes(StandardCharsets.UTF_8);
        byte[] record = record("t", "three");
        ByteBuffer covered = ByteBuffer.allocate(origin.length + 16 + record.length);
        CRC32C sum = new CRC32C();
        sum.update(covered.put(origin)
                .putLong(STREAM.epoch())
                .putLong(42)
                .put(record)
                .flip());
        assertThat(run.checksum(2)).isEqualTo((int) sum.getValue());
    }

    @Test
    void everySliceIsARunThatVerifiesAndReadsAlike() throws Malformed {
        for (long from = run.first(); from <= run.last(); from++) {
            for (long to = from; to <= run.last(); to++) {
                Run slice = run.slice(from, to);
                assertThat(RunCodec.verify(slice)).isTrue();
                byte[] frame = PeerCodec.encode(new Message.Runs(List.of(slice)));
                Message.Runs heard = (Message.Runs) PeerCodec.decode(ByteBuffer.wrap(frame, 4, frame.length - 4));
                assertThat(heard.runs()).containsExactly(slice);
                assertThat(RunCodec.shown(heard.runs().getFirst()))
                        .extracting(RunCodecTest::text)
                        .containsExactlyElementsOf(RunCodec.shown(slice).stream()
                                .map(RunCodecTest::text)
                                .toList());
            }
        }
    }

    @Test
    void aBitFlippedAnywhereFailsTheCheck() {
        for (int k = 0; k < run.size(); k++) {
            byte[] bytes = run.bytes().clone();
            bytes[k] ^= 1;
            assertThat(RunCodec.verify(copy(STREAM, run.first(), bytes))).isFalse();
        }
    }

    @Test
    void aRecordUnderAnotherNumberEpochOrNameFailsTheCheck() {
        assertThat(RunCodec.verify(copy(STREAM, run.first(), run.bytes()))).isTrue();
        assertThat(RunCodec.verify(copy(STREAM, run.first() + 1, run.bytes()))).isFalse();
        assertThat(RunCodec.verify(copy(new Stream("web-2", STREAM.epoch()), run.first(), run.bytes())))
                .isFalse();
        assertThat(RunCodec.verify(copy(new Stream("web-1", 1), run.first(), run.bytes())))
                .isFalse();
    }

    @Test
    void whatIsNoDataRecordIsNotShown() {
        byte[] garbage = {(byte) 0xff, (byte) 0xff};
        byte[] reservedKind = {0x08, 0x01};
        Run made = RunCodec.encode(
                STREAM,
                TAG,
                1,
                CLOCK,
                List.of(new Run.Draft(List.of(record("t", "one"), garbage, reservedKind, record("t", "four")))));
        assertThat(RunCodec.shown(made)).extracting(StoredRecord::sequence).containsExactly(1L, 4L);
        assertThatThrownBy(() -> RunCodec.decode(made, 1))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("/2 is no record");
    }

    @Test
    void aTopicOfMoreThan255BytesIsRefused() {
        assertThat(record("ü".repeat(127) + "x", "")).isNotEmpty();
        assertThatThrownBy(() -> record("ü".repeat(128), ""))
                .hasMessage("a topic is at most 255 bytes of UTF-8, not 256");
    }

    private Run copy(Stream stream, long first, byte[] bytes) {
        int[] lengths = new int[run.count()];
        int[] checksums = new int[run.count()];
        for (int k = 0; k < run.count(); k++) {
            lengths[k] = run.length(k);
            checksums[k] = run.checksum(k);
        }
        return new Run(stream, TAG, first, CLOCK, lengths, checksums, bytes);
    }

    private static String epoch() {
        return Long.toString(STREAM.epoch(), 36);
    }

    private static byte[] record(String topic, String text) {
        return RunCodec.record(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(StoredRecord record) {
        return record.id() + " " + record.topic() + ": " + new String(record.payload(), StandardCharsets.UTF_8);
    }
}
