package dev.rumor.core.stream;

import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// For each stream a set of sequences, and nothing else: no tags, no digest, no ceiling. What a [Frontier] is not
/// needed for.
public final class Ranges {

    private final TreeMap<Stream, Intervals> sets = new TreeMap<>();

    /// These sequences of a stream, piece by piece.
    public static List<Range> of(Stream stream, Intervals held) {
        List<Range> ranges = new ArrayList<>();
        for (int k = 0; k < held.size(); k++) {
            ranges.add(new Range(stream, held.from(k), held.to(k)));
        }
        return ranges;
    }

    public Intervals of(Stream stream) {
        return sets.getOrDefault(stream, Intervals.NONE);
    }

    public void add(Stream stream, Intervals more) {
        if (!more.isEmpty()) {
            sets.merge(stream, more, Intervals::plus);
        }
    }

    public void add(Range range) {
        add(range.stream(), Intervals.of(range.from(), range.to()));
    }

    public void remove(Stream stream, Intervals less) {
        sets.computeIfPresent(stream, (any, set) -> {
            Intervals left = set.minus(less);
            return left.isEmpty() ? null : left;
        });
    }

    /// The streams of which there is anything, in order.
    public List<Stream> streams() {
        return List.copyOf(sets.keySet());
    }
}
