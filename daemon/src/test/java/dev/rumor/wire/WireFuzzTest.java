package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.rumor.core.stream.Cursor;
import dev.rumor.core.stream.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// For a fuzzer that sees which code its bytes reach; CONTRIBUTING says how to set it going. Without one, each
/// test takes the golden frames and what was found in the past (`WireFuzzTestInputs` among the resources).
class WireFuzzTest {

    @MethodSource("peerFrames")
    @FuzzTest
    void aPeerMaySendAnything(byte[] frame) {
        try {
            new BesiegedNode().hear(RoundTrip.ofPeer(ByteBuffer.wrap(frame)));
        } catch (Malformed declared) {
            // As it should be.
        }
    }

    @MethodSource("clientFrames")
    @FuzzTest
    void aClientMaySendAnything(byte[] frame) {
        try {
            RoundTrip.ofClient(ByteBuffer.wrap(frame));
        } catch (Malformed declared) {
            // As it should be.
        }
    }

    @MethodSource("records")
    @FuzzTest
    void anOriginMayPutAnythingIntoItsRuns(byte[] record) {
        Run run = RunCodec.encode(Sayings.STREAM, 1, 1, Sayings.CLOCK, List.of(new Run.Draft(List.of(record))));
        RoundTrip.ofRun(run);
    }

    @MethodSource("cursors")
    @FuzzTest
    void aReaderMayGiveAnyCursor(byte[] places) {
        CursorText text = new CursorText("default");
        String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(places) + "~unknown";
        try {
            Cursor cursor = text.parse(CursorText.after(forged, Sayings.STREAM, 7));
            assertThat(text.parse(text.write(cursor))).isEqualTo(cursor);
        } catch (Malformed declared) {
            assertThat(declared.getMessage()).isNotBlank();
        }
    }

    static Stream<byte[]> cursors() {
        String written = new CursorText("default")
                .write(Cursor.ORIGIN.settled("n1", 7).advanced(new dev.rumor.core.stream.Stream("n2", 9), 3));
        return Stream.of(Base64.getUrlDecoder().decode(written.substring(0, written.lastIndexOf('~'))));
    }

    static Stream<byte[]> peerFrames() throws IOException {
        return golden(Path.of("src/test/resources/golden/peer-frames.txt"));
    }

    static Stream<byte[]> clientFrames() throws IOException {
        return golden(Path.of("../client/src/test/resources/golden/client-frames.txt"));
    }

    static Stream<byte[]> records() {
        return Stream.of(RunCodec.record("news", "grüße".getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<byte[]> golden(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)))
                .map(frame -> Arrays.copyOfRange(frame, Framing.LENGTH_BYTES, frame.length));
    }
}
