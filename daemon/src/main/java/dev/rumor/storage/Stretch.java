package dev.rumor.storage;

import java.util.Arrays;

/// Where consecutive sequences of one stream lie in one segment: for each run of them its start and its
/// position, eight bytes, so that a million runs of one record fit a small heap.
final class Stretch {
    private final Segment segment;
    private final long first;
    private long last;

    /// First sequence of each run, counted from `first`, and its position in the file, in turns.
    private int[] table;

    private int runs;

    Stretch(Segment segment, long first, long last, int at) {
        this(segment, first, last, new int[] {0, at}, 1);
    }

    private Stretch(Segment segment, long first, long last, int[] table, int runs) {
        this.segment = segment;
        this.first = first;
        this.last = last;
        this.table = table;
        this.runs = runs;
    }

    Segment segment() {
        return segment;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    int runs() {
        return runs;
    }

    /// Adds a run if it comes right after what is here.
    boolean extend(Segment place, long from, long to, int at) {
        if (place != segment || from != last + 1 || from - first > Integer.MAX_VALUE) {
            return false;
        }
        if (table.length == 2 * runs) {
            table = Arrays.copyOf(table, Math.max(8, table.length * 2));
        }
        table[2 * runs] = (int) (from - first);
        table[2 * runs + 1] = at;
        runs++;
        last = to;
        return true;
    }

    /// First sequence here of run `k`.
    long from(int k) {
        return first + table[2 * k];
    }

    /// Last sequence here of run `k`.
    long to(int k) {
        return k + 1 < runs ? from(k + 1) - 1 : last;
    }

    /// Where the block of run `k` starts in its file. The run there may have more records than these.
    int at(int k) {
        return table[2 * k + 1];
    }

    /// Where the block of the run with this sequence starts.
    int at(long sequence) {
        return at(indexOf(sequence));
    }

    /// The same for the sequences `from` to `to` only, which lie in this; or for the start of them, if they
    /// are more than so many runs.
    Stretch part(long from, long to, int mostRuns) {
        int k = indexOf(from);
        int end = Math.min(indexOf(to) + 1, k + mostRuns);
        int[] part = Arrays.copyOfRange(table, 2 * k, 2 * end);
        for (int i = 0; i < part.length; i += 2) {
            part[i] = (int) Math.max(0, part[i] - (from - first));
        }
        return new Stretch(segment, from, Math.min(to, to(end - 1)), part, end - k);
    }

    private int indexOf(long sequence) {
        int low = 0;
        int high = runs - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (from(middle) <= sequence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
