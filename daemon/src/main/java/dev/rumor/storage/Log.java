package dev.rumor.storage;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The runs kept of one stream, without overlap and by their first sequence.
final class Log {
    private record Kept(Run run, long arrival) {}

    private final Stream stream;
    private final TreeMap<Long, Kept> runs = new TreeMap<>();

    /// What the runs hold together, kept beside them so that nobody has to walk them to know.
    private Intervals held = Intervals.NONE;

    Log(Stream stream) {
        this.stream = stream;
    }

    Stream stream() {
        return stream;
    }

    Intervals held() {
        return held;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /// Keeps what of this run is not kept yet.
    ///
    /// @param arrival grows from one run to the next, over all streams
    /// @return what that costs, in bytes
    long add(Run run, long arrival) {
        Intervals missing = Intervals.of(run.first(), run.last()).minus(held);
        long cost = 0;
        for (int k = 0; k < missing.size(); k++) {
            Run part = own(run.slice(missing.from(k), missing.to(k)));
            runs.put(part.first(), new Kept(part, arrival));
            cost += part.cost();
        }
        held = held.plus(missing);
        return cost;
    }

    /// A slice keeps the whole of its run alive, which nobody would account for.
    private static Run own(Run run) {
        if (run.size() == run.bytes().length) {
            return run;
        }
        int[] lengths = new int[run.count()];
        int[] checksums = new int[run.count()];
        for (int k = 0; k < run.count(); k++) {
            lengths[k] = run.length(k);
            checksums[k] = run.checksum(k);
        }
        byte[] bytes = new byte[run.size()];
        System.arraycopy(run.bytes(), run.offset(), bytes, 0, bytes.length);
        return new Run(run.stream(), run.tag(), run.first(), run.clock(), lengths, checksums, bytes);
    }

    /// Records from `from` on without a hole, to `to` at most: as many as cost at most `maxBytes`, but one at
    /// least unless the first is not there.
    List<Run> read(long from, long to, long maxBytes) {
        List<Run> found = new ArrayList<>();
        long next = from;
        long left = maxBytes;
        while (next <= to) {
            Map.Entry<Long, Kept> entry = runs.floorEntry(next);
            Run run = entry == null ? null : entry.getValue().run;
            if (run == null || run.last() < next) {
                break;
            }
            Run wanted = run.slice(next, Math.min(run.last(), to));
            Run taken = start(wanted, left);
            if (!found.isEmpty() && taken.cost() > left) {
                break;
            }
            found.add(taken);
            left -= taken.cost();
            next = taken.last() + 1;
        }
        return found;
    }

    /// As many records from the start of the run as cost at most `maxBytes`, one at least.
    private static Run start(Run run, long maxBytes) {
        if (run.cost() <= maxBytes) {
            return run;
        }
        int count = 1;
        long cost = Run.RUN_OVERHEAD_BYTES + Run.RECORD_OVERHEAD_BYTES + run.length(0);
        while (count < run.count()) {
            cost += Run.RECORD_OVERHEAD_BYTES + run.length(count);
            if (cost > maxBytes) {
                break;
            }
            count++;
        }
        return run.slice(run.first(), run.first() + count - 1);
    }

    /// When the first run arrived. Only while there is one.
    long firstArrival() {
        return runs.firstEntry().getValue().arrival;
    }

    /// When the last record of the first run was broadcast, in milliseconds since 1970 by its hybrid clock. Only
    /// while there is one.
    long firstMillis() {
        return runs.firstEntry().getValue().run.lastMillis();
    }

    /// Whether there is a first run and it lies wholly in `committed`.
    boolean startsWithin(Intervals committed) {
        Map.Entry<Long, Kept> first = runs.firstEntry();
        return first != null
                && committed.contains(
                        first.getValue().run.first(), first.getValue().run.last());
    }

    /// Lets go of the first run. Only while there is one.
    Run removeFirst() {
        Run gone = runs.pollFirstEntry().getValue().run;
        held = held.minus(Intervals.of(gone.first(), gone.last()));
        return gone;
    }
}
