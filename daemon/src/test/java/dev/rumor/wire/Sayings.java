package dev.rumor.wire;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Sections;
import dev.rumor.core.stream.Stream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// One message of each kind with something in every field, for the tests of this package.
final class Sayings {
    static final Stream STREAM = new Stream("web-1", 1_763_600_000_000L);
    static final int TAG = 0xcafe0001;
    static final long CLOCK = 1_763_600_000_123L << 16 | 7;
    static final DiskId DISK = new DiskId(0x0123456789abcdefL, -2);

    static final Register REGISTER = new Register(
            "web-1",
            STREAM.epoch(),
            3,
            Register.State.ACTIVE,
            DISK,
            List.of("10.0.0.1:7400", "[::1]:7400"),
            1,
            2,
            "0.1.0",
            List.of(new Register.End(5, 42), new Register.End(6, Register.End.UNKNOWN)),
            List.of(new DiskId(1, 2)));

    private static final Claim CLAIM = new Claim(STREAM, TAG, Intervals.ofBounds(1, 40, 43, 50));

    static final List<Message> ALL = List.of(
            new Message.NameQuery("rumor", 1, 2, "web-1", DISK),
            new Message.NameReply(
                    STREAM.epoch(), List.of(CLAIM, new Claim(new Stream("db", 1), 0, Intervals.NONE)), true),
            new Message.Hello("rumor", 1, 2, "web-1", STREAM.epoch(), TAG, -3, DISK, true, "0.1.0"),
            new Message.Refusal(Message.Refusal.Reason.NAME_TAKEN, "web-1 is taken, déjà", "db"),
            new Message.Ping(),
            new Message.Pong(),
            new Message.Registers(List.of(REGISTER)),
            new Message.Round(new Digest(Long.MIN_VALUE, 77), new Digest(3, -4)),
            new Message.Sections(Collections.nCopies(Sections.COUNT, new Digest(-1, 2)), List.of(), true),
            new Message.Agreement(),
            new Message.Claims(List.of(CLAIM), List.of(new Mark("db", 9, -7)), true, true),
            new Message.Pull(List.of(new Stream.Range(STREAM, 41, 42), new Stream.Range(STREAM, 51, 900)), true),
            new Message.Runs(List.of(run(1, "one", "", "three"), run(4, "four"))),
            new Message.Served(List.of(new Stream.Range(STREAM, 41, 41)), true),
            new Message.Stamp(
                    STREAM.epoch(), TAG, DISK, "db", 380_000_000, 7, -9, List.of(new Message.Echo("db", -5, 12))),
            new Message.Confirmed(List.of(new Message.Witness("db", 9, DISK)), List.of(CLAIM)));

    private Sayings() {}

    /// These texts as records of topic `t`, numbered from `first` on.
    static Run run(long first, String... texts) {
        List<byte[]> records = List.of(texts).stream()
                .map(text -> RunCodec.record("t", text.getBytes(StandardCharsets.UTF_8)))
                .toList();
        return RunCodec.encode(STREAM, TAG, first, CLOCK, List.of(new Run.Draft(records)));
    }
}
