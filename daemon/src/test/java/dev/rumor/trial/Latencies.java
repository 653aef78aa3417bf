package dev.rumor.trial;

import java.util.Arrays;
import java.util.List;

/// Spans of time, in nanoseconds, as they were measured. Not for several threads.
public final class Latencies {

    private long[] nanos = new long[1024];
    private int count;

    public void add(long span) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = span;
    }

    public int count() {
        return count;
    }

    static Latencies together(List<Latencies> parts) {
        Latencies all = new Latencies();
        all.nanos = parts.stream()
                .flatMapToLong(each -> Arrays.stream(each.nanos, 0, each.count))
                .toArray();
        all.count = all.nanos.length;
        return all;
    }

    /// In milliseconds.
    ///
    /// @param share such as 0.99
    public double millis(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[(int) Math.min(count - 1, Math.floor(share * count))] / 1e6;
    }
}
