package dev.rumor.host;

import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A walk through the log, a chunk at a time: within each stream in its order, the streams by turns. It
/// remembers what lies ahead as ranges, so that a slow reader costs what its streams cost and not what it has
/// yet to read: the log is the queue.
///
/// Lives on the node's loop; one chunk is under way at a time.
public final class Walk {

    /// A chunk is of at most so many bytes, or of one record.
    private static final int CHUNK_BYTES = 256 << 10;

    private final Reader reader;
    private final Map<Stream, Deque<Range>> ahead = new LinkedHashMap<>();

    public Walk(Reader reader) {
        this.reader = reader;
    }

    /// Lies ahead, behind everything else of its stream.
    public void add(Range range) {
        Deque<Range> ranges = ahead.computeIfAbsent(range.stream(), any -> new ArrayDeque<>());
        Range last = ranges.peekLast();
        if (last != null && last.to() + 1 == range.from()) {
            ranges.removeLast();
            ranges.add(new Range(range.stream(), last.from(), range.to()));
        } else {
            ranges.add(range);
        }
    }

    public boolean isDone() {
        return ahead.isEmpty();
    }

    public void next(Consumer<Reader.Chunk> then) {
        reader.read(take(), CHUNK_BYTES, chunk -> {
            chunk.rest().ifPresent(this::putBack);
            then.accept(chunk);
        });
    }

    private Range take() {
        Stream stream = ahead.keySet().iterator().next();
        Deque<Range> ranges = ahead.remove(stream);
        Range range = ranges.remove();
        if (!ranges.isEmpty()) {
            ahead.put(stream, ranges);
        }
        return range;
    }

    private void putBack(Range rest) {
        ahead.computeIfAbsent(rest.stream(), any -> new ArrayDeque<>()).addFirst(rest);
    }
}
