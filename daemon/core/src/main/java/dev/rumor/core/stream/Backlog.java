package dev.rumor.core.stream;

import dev.rumor.core.stream.Stream.Range;
import java.util.Map;
import java.util.TreeMap;

/// What was handed over and is not done yet: for each stream its parts, by where they start, and what they cost.
public final class Backlog {

    private final TreeMap<Stream, TreeMap<Long, Long>> costs = new TreeMap<>();
    private long bytes;

    public void add(Stream stream, long first, long cost) {
        costs.computeIfAbsent(stream, any -> new TreeMap<>()).merge(first, cost, Long::sum);
        bytes += cost;
    }

    /// All that starts within the range is done.
    public void remove(Range range) {
        TreeMap<Long, Long> ofStream = costs.getOrDefault(range.stream(), new TreeMap<>());
        Map<Long, Long> done = ofStream.subMap(range.from(), range.to() + 1);
        done.values().forEach(cost -> bytes -= cost);
        done.clear();
        if (ofStream.isEmpty()) {
            costs.remove(range.stream());
        }
    }

    /// What all of it costs.
    public long bytes() {
        return bytes;
    }
}
