package dev.rumor.storage;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
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
            Run part = run.slice(missing.from(k), missing.to(k)).own();
            runs.put(part.first(), new Kept(part, arrival));
            cost += part.cost();
        }
        held = held.plus(missing);
        return cost;
    }

    /// Records from `from` on without a hole, to `to` at most: as many as cost at most `maxBytes`, but one at
    /// least unless the first is not there.
    List<Run> read(long from, long to, long maxBytes) {
        Portion portion = new Portion(maxBytes);
        long next = from;
        boolean more = true;
        while (more && next <= to) {
            Map.Entry<Long, Kept> entry = runs.floorEntry(next);
            Run run = entry == null ? null : entry.getValue().run;
            if (run == null || run.last() < next) {
                break;
            }
            more = portion.take(run.slice(next, Math.min(run.last(), to)));
            next = run.last() + 1;
        }
        return portion.runs();
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
