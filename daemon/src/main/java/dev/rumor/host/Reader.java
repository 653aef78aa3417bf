package dev.rumor.host;

import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.storage.Store;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Reads a node's store, and answers on the node's loop wherever the store does.
public final class Reader {

    private final Store store;
    private final Executor loop;

    /// @param loop runs at once what it is given on the loop, and hands over to it what it is given elsewhere
    public Reader(Store store, Executor loop) {
        this.store = store;
        this.loop = loop;
    }

    /// What the start of a range was found to be: either runs, or a gap.
    ///
    /// @param runs records, contiguous from the start of the range
    /// @param gap what is not to be had from the start of the range on
    /// @param rest what lies behind
    public record Chunk(List<Run> runs, Optional<Range> gap, Optional<Range> rest) {}

    /// @param maxBytes how much to read at most, beyond one record
    public void read(Range range, int maxBytes, Consumer<Chunk> then) {
        store.read(range, maxBytes, runs -> loop.execute(() -> then.accept(chunk(range, runs))));
    }

    private Chunk chunk(Range range, List<Run> runs) {
        if (!runs.isEmpty()) {
            return new Chunk(
                    runs, Optional.empty(), behind(range, runs.getLast().last()));
        }
        long last = lastMissing(range);
        return new Chunk(List.of(), Optional.of(new Range(range.stream(), range.from(), last)), behind(range, last));
    }

    /// Where the gap at the start of the range ends. Its first record was just not found, so what is kept
    /// lies behind.
    private long lastMissing(Range range) {
        return store.retained().stream()
                .filter(kept -> kept.stream().equals(range.stream()) && kept.from() > range.from())
                .mapToLong(kept -> Math.min(kept.from() - 1, range.to()))
                .min()
                .orElse(range.to());
    }

    private static Optional<Range> behind(Range range, long last) {
        return last < range.to() ? Optional.of(new Range(range.stream(), last + 1, range.to())) : Optional.empty();
    }
}
