package dev.rumor.core.stream;

import java.util.Arrays;
import java.util.StringJoiner;

/// An immutable set of sequences as sorted, disjoint, non-touching intervals: `1..40 43..50`. In the steady state it
/// is one interval from 1, a contiguous low-water mark; every operation has that case first.
public final class Intervals {

    /// No stream is remembered with more holes than this; what would open another is dropped and fetched again later.
    public static final int MAX_INTERVALS = 64;

    public static final Intervals NONE = new Intervals(new long[0]);

    /// from, to, from, to, …
    private final long[] bounds;

    private Intervals(long[] bounds) {
        this.bounds = bounds;
    }

    /// The sequences `from` to `to`, both included; nothing if `to < from`.
    public static Intervals of(long from, long to) {
        return to < from ? NONE : new Intervals(new long[] {from, to});
    }

    /// @param bounds from, to, from, to, …: at least 1, ascending, disjoint
    /// @throws IllegalArgumentException if they are not, or are not pairs
    public static Intervals ofBounds(long... bounds) {
        long last = 0;
        for (int k = 0; k + 1 < bounds.length; k += 2) {
            boolean touching = k > 0 && bounds[k] <= last + 1;
            if (bounds[k] < 1 || touching || bounds[k + 1] < bounds[k] || bounds[k + 1] == Long.MAX_VALUE) {
                throw new IllegalArgumentException("not ascending and disjoint: " + Arrays.toString(bounds));
            }
            last = bounds[k + 1];
        }
        if (bounds.length % 2 != 0) {
            throw new IllegalArgumentException("not pairs: " + Arrays.toString(bounds));
        }
        return bounds.length == 0 ? NONE : new Intervals(bounds.clone());
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /// How many intervals this is, not how many sequences.
    public int size() {
        return bounds.length / 2;
    }

    public long from(int interval) {
        return bounds[2 * interval];
    }

    public long to(int interval) {
        return bounds[2 * interval + 1];
    }

    /// The highest sequence held, 0 for none.
    public long last() {
        return isEmpty() ? 0 : bounds[bounds.length - 1];
    }

    /// The highest sequence up to which all from 1 on are held, 0 if 1 is missing.
    public long contiguous() {
        return isEmpty() || bounds[0] > 1 ? 0 : bounds[1];
    }

    /// How many sequences are held.
    public long count() {
        long sum = 0;
        for (int k = 0; k < bounds.length; k += 2) {
            sum += bounds[k + 1] - bounds[k] + 1;
        }
        return sum;
    }

    public boolean containsAll(Intervals other) {
        return other.bounds.length == 2
                ? contains(other.bounds[0], other.bounds[1])
                : other == this || other.minus(this).isEmpty();
    }

    public boolean contains(long from, long to) {
        for (int k = 0; k < bounds.length; k += 2) {
            if (bounds[k] <= from && to <= bounds[k + 1]) {
                return true;
            }
        }
        return false;
    }

    public Intervals plus(long from, long to) {
        if (to < from || contains(from, to)) {
            return this;
        }
        if (bounds.length == 2 && from == bounds[1] + 1) {
            return new Intervals(new long[] {bounds[0], to});
        }
        return plus(of(from, to));
    }

    public Intervals plus(Intervals other) {
        if (other.isEmpty() || other == this) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        long[] merged = new long[bounds.length + other.bounds.length];
        int size = 0;
        int a = 0;
        int b = 0;
        while (a < bounds.length || b < other.bounds.length) {
            boolean mine = b >= other.bounds.length || a < bounds.length && bounds[a] <= other.bounds[b];
            long from = mine ? bounds[a] : other.bounds[b];
            long to = mine ? bounds[a + 1] : other.bounds[b + 1];
            a += mine ? 2 : 0;
            b += mine ? 0 : 2;
            if (size > 0 && from <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], to);
            } else {
                merged[size++] = from;
                merged[size++] = to;
            }
        }
        return new Intervals(Arrays.copyOf(merged, size));
    }

    public Intervals minus(Intervals other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        if (bounds.length == 2 && other.contains(bounds[0], bounds[1])) {
            return NONE;
        }
        long[] left = new long[bounds.length + other.bounds.length];
        int size = 0;
        int b = 0;
        for (int a = 0; a < bounds.length; a += 2) {
            long from = bounds[a];
            long to = bounds[a + 1];
            while (b < other.bounds.length && other.bounds[b + 1] < from) {
                b += 2;
            }
            for (int k = b; k < other.bounds.length && other.bounds[k] <= to && from <= to; k += 2) {
                if (other.bounds[k] > from) {
                    left[size++] = from;
                    left[size++] = other.bounds[k] - 1;
                }
                from = Math.max(from, other.bounds[k + 1] + 1);
            }
            if (from <= to) {
                left[size++] = from;
                left[size++] = to;
            }
        }
        return size == 0 ? NONE : new Intervals(Arrays.copyOf(left, size));
    }

    public Intervals and(Intervals other) {
        if (contiguous() == last() && other.contiguous() == other.last()) {
            return last() <= other.last() ? this : other;
        }
        return minus(minus(other));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Intervals intervals && Arrays.equals(bounds, intervals.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /// As people and transcripts read it: `1-40,43-50`, `-` for none.
    @Override
    public String toString() {
        if (isEmpty()) {
            return "-";
        }
        StringJoiner text = new StringJoiner(",");
        for (int k = 0; k < bounds.length; k += 2) {
            text.add(bounds[k] == bounds[k + 1] ? "" + bounds[k] : bounds[k] + "-" + bounds[k + 1]);
        }
        return text.toString();
    }
}
