package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.storage.Writer.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A segment as it is written today, block by block, in `golden/log-segment.txt`. Logs out there look like
/// it, so that a difference is a new format; to make one on purpose, run the tests with
/// `-Dgolden.update=true`.
class LogFormatTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/log-segment.txt");
    private static final long SALT = 0x0123456789abcdefL;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void aSegmentLooksAsItAlwaysDid() throws IOException {
        try (Tail tail = Tail.create(disk, new Segment(1, 0, SALT), new State())) {
            tail.write(
                    List.of(),
                    List.of(
                            new Change.Opened(OpenStore.DISK, 5),
                            new Change.Registered(register()),
                            new Change.Marked(new Mark("b", 3, 9)),
                            new Change.Absent(OpenStore.claim(OpenStore.B, 4, 6))));
            tail.write(List.of(keep(run(1, "hello", "", "rumor")), keep(run(4, "x"))), List.of());
            tail.seal();
            tail.write(List.of(), List.of(new Change.Stopped()));
        }
        List<String> lines = lines();
        if (Boolean.getBoolean("golden.update")) {
            Files.write(GOLDEN, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
    }

    @Test
    void aSegmentFromThenIsStillUnderstood() throws IOException {
        StringBuilder hex = new StringBuilder();
        Files.readAllLines(GOLDEN).forEach(line -> hex.append(line.substring(line.indexOf(' ') + 1)));
        disk.replace(Segment.fileName(1), HexFormat.of().parseHex(hex));
        Recovery recovery = Recovery.of(disk);
        State state = recovery.state();
        assertThat(state.isComplete()).isTrue();
        assertThat(state.isStopped()).isTrue();
        assertThat(state.disk()).isEqualTo(OpenStore.DISK);
        assertThat(state.epoch()).isEqualTo(5);
        assertThat(state.roster()).containsExactly(register());
        assertThat(state.marks()).containsExactly(new Mark("b", 3, 9));
        assertThat(state.absent()).containsExactly(OpenStore.claim(OpenStore.B, 4, 6));
        assertThat(recovery.shelves().get(OpenStore.A).held()).isEqualTo(Intervals.of(1, 4));
        assertThat(recovery.damaged()).isEmpty();
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        byte[] bytes = disk.bytes(Segment.fileName(1));
        lines.add("HEADER " + HexFormat.of().formatHex(bytes, 0, Segment.HEADER_BYTES));
        try (Disk.File file = disk.open(Segment.fileName(1))) {
            Window window = new Window(file);
            long at = Segment.HEADER_BYTES;
            while (at < bytes.length) {
                Block block = Block.at(window, SALT, at, bytes.length);
                lines.add(block.kind() + " " + HexFormat.of().formatHex(bytes, (int) at, (int) block.end()));
                at = block.end();
            }
        }
        return lines;
    }

    private static Register register() {
        return new Register(
                "a",
                5,
                2,
                Register.State.ACTIVE,
                OpenStore.DISK,
                List.of("a:7400"),
                1,
                1,
                "0.1",
                List.of(new Register.End(4, 7)),
                List.of());
    }

    private static Entry.Keep keep(Run run) {
        return new Entry.Keep(run, List.of(run));
    }

    private static Run run(long first, String... records) {
        int[] lengths = Arrays.stream(records).mapToInt(String::length).toArray();
        byte[] bytes = String.join("", records).getBytes(StandardCharsets.US_ASCII);
        return new Run(OpenStore.A, OpenStore.TAG, first, 99L << 16, lengths, new int[records.length], bytes);
    }
}
