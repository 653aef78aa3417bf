package dev.rumor.storage;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.storage.Writer.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Where the log grows: the open end of its newest segment. What is written together is one group, and
/// forced at its end; each group names the offset up to which all was forced before it was written, so that
/// whoever finds it knows that what is bad below was whole once.
final class Tail implements Closeable {
    private static final int STAGE_BYTES = 1 << 20;
    private static final String UNFINISHED = ".new";
    private static final byte[] PADDING = new byte[8];

    private final Segment segment;
    private final Disk.File file;
    private final ByteBuffer stage;
    private int group;
    private int ordinal;
    private int forcedOrdinal;
    private long position;
    private long written;
    private long forced;
    private long cost;

    private Tail(Segment segment, Disk.File file, ByteBuffer stage, long end, int ordinal) {
        this.segment = segment;
        this.file = file;
        this.stage = stage;
        this.position = end;
        this.written = end;
        this.forced = end;
        this.ordinal = ordinal;
        this.forcedOrdinal = ordinal;
    }

    /// Begins a segment that begins with `state`. It gets its name when it is whole and durable: one that
    /// has its name and is not whole was damaged.
    static Tail create(Disk disk, Segment segment, State state) throws IOException {
        return create(disk, segment, state, ByteBuffer.allocateDirect(STAGE_BYTES));
    }

    private static Tail create(Disk disk, Segment segment, State state, ByteBuffer stage) throws IOException {
        String unfinished = segment.fileName() + UNFINISHED;
        disk.delete(unfinished);
        Tail tail = new Tail(segment, disk.create(unfinished), stage, Segment.HEADER_BYTES, 0);
        try {
            tail.file.write(segment.header(), 0);
            tail.write(List.of(), state.everything());
            disk.rename(unfinished, segment.fileName());
            disk.force();
            return tail;
        } catch (IOException | RuntimeException failed) {
            tail.close();
            throw failed;
        }
    }

    /// Goes on where a segment ends.
    static Tail reopen(Disk disk, Segment segment, long end, int ordinal) throws IOException {
        ByteBuffer stage = ByteBuffer.allocateDirect(STAGE_BYTES);
        Tail tail = new Tail(segment, disk.open(segment.fileName()), stage, end, ordinal);
        tail.cost = segment.cost();
        return tail;
    }

    static boolean isUnfinished(String fileName) {
        return fileName.endsWith(UNFINISHED) && Segment.number(fileName.replace(UNFINISHED, "")) > 0;
    }

    /// Begins the next segment.
    Tail next(Disk disk, long salt, State state) throws IOException {
        Tail next = create(disk, new Segment(segment.number + 1, segment.base + forced, salt), state, stage);
        close();
        return next;
    }

    Segment segment() {
        return segment;
    }

    /// How far the file is written, in bytes.
    long position() {
        return position;
    }

    /// What the runs in it cost.
    long cost() {
        return cost;
    }

    /// Writes a group and forces it.
    ///
    /// @return what it holds, by stream
    List<Claim> write(List<Entry.Keep> keeps, List<Change> changes) throws IOException {
        List<Claim> ranges = ranges(keeps);
        int runs = 0;
        for (Entry.Keep keep : keeps) {
            runs += keep.missing.size();
        }
        if (runs == 0 && changes.isEmpty()) {
            return ranges;
        }
        head(ranges, runs + (changes.isEmpty() ? 0 : 2), !changes.isEmpty());
        ByteBuffer state = ByteBuffer.wrap(Change.encode(changes));
        if (!changes.isEmpty()) {
            block(Block.Kind.STATE, state);
        }
        for (Entry.Keep keep : keeps) {
            keep.segment = segment;
            for (int k = 0; k < keep.at.length; k++) {
                keep.at[k] = Math.toIntExact(position);
                run(keep.missing.get(k));
                cost += keep.missing.get(k).cost();
            }
        }
        if (!changes.isEmpty()) {
            block(Block.Kind.STATE, state);
        }
        flush();
        file.force();
        forced = position;
        forcedOrdinal = ordinal;
        return ranges;
    }

    /// Says how far the log is forced, without forcing that: nothing is lost with it but that a damaged
    /// last group would pass for an unfinished one.
    void seal() throws IOException {
        head(List.of(), 0, false);
        flush();
    }

    /// Takes back what was written and not forced.
    void cut() throws IOException {
        stage.clear();
        file.truncate(forced);
        position = forced;
        written = forced;
        ordinal = forcedOrdinal;
    }

    private static List<Claim> ranges(List<Entry.Keep> keeps) {
        List<Claim> ranges = new ArrayList<>();
        Run first = null;
        Run last = null;
        for (Entry.Keep keep : keeps) {
            for (Run run : keep.missing) {
                if (last != null
                        && (run.first() != last.last() + 1 || !run.stream().equals(last.stream()))) {
                    ranges.add(claim(first, last));
                    first = run;
                }
                first = first == null ? run : first;
                last = run;
            }
        }
        if (last != null) {
            ranges.add(claim(first, last));
        }
        return ranges;
    }

    private static Claim claim(Run first, Run last) {
        return new Claim(first.stream(), first.tag(), Intervals.of(first.first(), last.last()));
    }

    // --- blocks

    /// What stands in front of a group.
    ///
    /// @param forced offset up to which the log was forced before
    /// @param blocks how many follow
    /// @param withState whether state is among them, twice
    /// @param ranges what runs are among them
    record Head(long forced, int blocks, boolean withState, List<Claim> ranges) {

        ByteBuffer written() {
            int bytes = Long.BYTES + 3 * Integer.BYTES;
            for (Claim range : ranges) {
                bytes += RunLayout.streamBytes(range.stream()) + Integer.BYTES + 2 * Long.BYTES;
            }
            ByteBuffer head = ByteBuffer.allocate(bytes);
            head.putLong(forced).putInt(blocks).putInt(withState ? 1 : 0).putInt(ranges.size());
            for (Claim range : ranges) {
                RunLayout.putStream(head, range.stream());
                head.putInt(range.tag())
                        .putLong(range.held().from(0))
                        .putLong(range.held().to(0));
            }
            return head.flip();
        }

        static Head read(ByteBuffer head) {
            long forced = head.getLong();
            int blocks = head.getInt();
            boolean withState = head.getInt() == 1;
            List<Claim> ranges = new ArrayList<>();
            for (int left = head.getInt(); left > 0; left--) {
                Stream stream = RunLayout.getStream(head);
                ranges.add(new Claim(stream, head.getInt(), Intervals.of(head.getLong(), head.getLong())));
            }
            return new Head(forced, blocks, withState, ranges);
        }
    }

    private void head(List<Claim> ranges, int blocks, boolean withState) throws IOException {
        block(Block.Kind.GROUP, new Head(segment.base + forced, blocks, withState, ranges).written());
    }

    private void block(Block.Kind kind, ByteBuffer head) throws IOException {
        block(kind, head, ByteBuffer.wrap(PADDING, 0, 0));
    }

    private void run(Run run) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(RunLayout.headBytes(run));
        RunLayout.putHead(head, run);
        block(Block.Kind.RUN, head.flip(), ByteBuffer.wrap(run.bytes(), run.offset(), run.size()));
    }

    private void block(Block.Kind kind, ByteBuffer head, ByteBuffer body) throws IOException {
        if (stage.remaining() < Block.HEADER_BYTES) {
            flush();
        }
        group = kind == Block.Kind.GROUP ? ordinal : group;
        long size = Block.size(head.remaining(), body.remaining());
        new Block(kind, group, ordinal, position, (int) size, head, body).putHeader(stage, segment.salt);
        put(head.duplicate());
        put(body);
        position += size;
        put(ByteBuffer.wrap(PADDING, 0, (int) (position - written - stage.position())));
        ordinal++;
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (!stage.hasRemaining()) {
                flush();
            }
            int count = Math.min(stage.remaining(), bytes.remaining());
            stage.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
    }

    private void flush() throws IOException {
        stage.flip();
        int count = stage.remaining();
        file.write(stage, written);
        written += count;
        stage.clear();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
