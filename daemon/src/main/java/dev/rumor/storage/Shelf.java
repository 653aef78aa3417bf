package dev.rumor.storage;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What can be read of one stream, and where it is: runs that were appended lately are here themselves,
/// durable ones as stretches of a segment, and for a while they are both.
final class Shelf {
    private final TreeMap<Long, Run> recent = new TreeMap<>();
    private final TreeMap<Long, Stretch> stretches = new TreeMap<>();
    private Intervals held = Intervals.NONE;

    /// Takes the run among the recent ones.
    ///
    /// @return those parts of it that were not here yet
    List<Run> add(Run run) {
        if (run.first() > held.last()) {
            Run own = run.own();
            recent.put(own.first(), own);
            held = held.plus(own.first(), own.last());
            return List.of(own);
        }
        Intervals missing = Intervals.of(run.first(), run.last()).minus(held);
        List<Run> parts = new ArrayList<>(missing.size());
        for (int k = 0; k < missing.size(); k++) {
            Run part = run.slice(missing.from(k), missing.to(k)).own();
            recent.put(part.first(), part);
            parts.add(part);
        }
        held = held.plus(missing);
        return parts;
    }

    /// A run is durable, there.
    void store(Segment segment, long first, long last, int at) {
        held = held.plus(first, last);
        Map.Entry<Long, Stretch> before = stretches.floorEntry(first);
        if (before == null || !before.getValue().extend(segment, first, last, at)) {
            stretches.put(first, new Stretch(segment, first, last, at));
        }
    }

    /// Keeps this run on disk only.
    void evict(Run run) {
        recent.remove(run.first(), run);
    }

    Intervals held() {
        return held;
    }

    Iterable<Stretch> stretches() {
        return stretches.values();
    }

    /// Whether nothing can be read of it.
    boolean isEmpty() {
        return held.isEmpty();
    }

    /// Lets go of what lies in these segments.
    ///
    /// @return what that was
    Intervals removeAll(List<Segment> segments) {
        Intervals gone = Intervals.NONE;
        for (Segment each : segments) {
            gone = gone.plus(in(each));
        }
        remove(gone);
        return gone;
    }

    /// What of it lies in this segment.
    Intervals in(Segment segment) {
        Intervals there = Intervals.NONE;
        for (Stretch each : stretches.values()) {
            if (each.segment() == segment) {
                there = there.plus(each.first(), each.last());
            }
        }
        return there;
    }

    /// Whether this is where that sequence is read from.
    boolean isAt(long sequence, Segment segment, int at) {
        Map.Entry<Long, Stretch> entry = stretches.floorEntry(sequence);
        return entry != null
                && entry.getValue().segment() == segment
                && entry.getValue().last() >= sequence
                && entry.getValue().at(sequence) == at;
    }

    /// Lets go of these sequences.
    void remove(Intervals gone) {
        for (int k = 0; k < gone.size(); k++) {
            remove(gone.from(k), gone.to(k));
        }
        held = held.minus(gone);
    }

    private void remove(long from, long to) {
        recent.subMap(from, true, to, true).clear();
        Long start = stretches.floorKey(from);
        for (Stretch each : List.copyOf(
                stretches.subMap(start == null ? from : start, true, to, true).values())) {
            if (each.last() < from) {
                continue;
            }
            stretches.remove(each.first());
            if (each.first() < from) {
                stretches.put(each.first(), each.part(each.first(), from - 1, each.runs()));
            }
            if (each.last() > to) {
                stretches.put(to + 1, each.part(to + 1, each.last(), each.runs()));
            }
        }
    }

    /// What of the start of the range is among the recent ones.
    List<Run> recent(long from, long to, long maxBytes) {
        Portion portion = new Portion(maxBytes);
        long next = from;
        boolean more = true;
        while (more && next <= to) {
            Map.Entry<Long, Run> entry = recent.floorEntry(next);
            if (entry == null || entry.getValue().last() < next) {
                break;
            }
            Run run = entry.getValue();
            more = portion.take(run.slice(next, Math.min(run.last(), to)));
            next = run.last() + 1;
        }
        return portion.runs();
    }

    /// Where the start of the range is on disk: so many runs at most.
    List<Stretch> places(long from, long to, int mostRuns) {
        List<Stretch> places = new ArrayList<>();
        long next = from;
        int left = mostRuns;
        while (left > 0 && next <= to) {
            Map.Entry<Long, Stretch> entry = stretches.floorEntry(next);
            if (entry == null || entry.getValue().last() < next) {
                break;
            }
            Stretch part =
                    entry.getValue().part(next, Math.min(to, entry.getValue().last()), left);
            places.add(part);
            left -= part.runs();
            next = part.last() + 1;
        }
        return places;
    }
}
