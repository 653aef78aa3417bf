package dev.rumor.simulator.disk;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import java.util.ArrayList;
import java.util.List;

/// What a disk has of one stream: the runs, by their first sequence and without overlap, and which sequences are held,
/// absent or bad.
final class Reel {
    final int tag;
    private final List<Run> runs = new ArrayList<>(1);
    private Intervals held = Intervals.NONE;
    private Intervals absent = Intervals.NONE;

    /// Changed under the store, which does not know it yet; and what it knows to be damaged.
    private Intervals rotten = Intervals.NONE;

    private Intervals damaged = Intervals.NONE;

    Reel(int tag) {
        this.tag = tag;
    }

    Intervals held() {
        return held;
    }

    Intervals absent() {
        return absent;
    }

    Intervals damaged() {
        return damaged;
    }

    List<Run> runs() {
        return runs;
    }

    /// What the bytes are there of.
    Intervals readable() {
        return held.minus(absent).minus(rotten).minus(damaged);
    }

    void keep(Run run) {
        cover(run);
        if (!rotten.isEmpty() || !damaged.isEmpty()) {
            Intervals all = Intervals.of(run.first(), run.last());
            rotten = rotten.minus(all);
            damaged = damaged.minus(all);
        }
        held = held.plus(run.first(), run.last());
    }

    /// What was kept of the same sequences before gives way.
    private void cover(Run run) {
        int place = runs.size();
        if (place > 0 && runs.getLast().last() >= run.first()) {
            drop(Intervals.of(run.first(), run.last()));
            place = place(run.first()) + 1;
        }
        runs.add(place, run);
    }

    /// The last run that begins no later than this; -1 for none.
    private int place(long sequence) {
        int low = 0;
        int high = runs.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).first() <= sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// The run in which this sequence lies; null for none.
    Run covering(long sequence) {
        int place = place(sequence);
        return place >= 0 && runs.get(place).last() >= sequence ? runs.get(place) : null;
    }

    private void drop(Intervals gone) {
        if (gone.isEmpty()) {
            return;
        }
        List<Run> left = new ArrayList<>(runs.size());
        for (Run run : runs) {
            if (run.last() < gone.from(0) || run.first() > gone.last()) {
                left.add(run);
            } else {
                Intervals rest = Intervals.of(run.first(), run.last()).minus(gone);
                for (int k = 0; k < rest.size(); k++) {
                    left.add(run.slice(rest.from(k), rest.to(k)));
                }
            }
        }
        runs.clear();
        runs.addAll(left);
    }

    /// Held in name only from now on.
    void miss(Intervals gone) {
        drop(gone);
        held = held.plus(gone);
        absent = absent.plus(gone);
        rotten = rotten.minus(gone);
        damaged = damaged.minus(gone);
    }

    Intervals rot(Intervals bad) {
        Intervals changed = bad.and(readable());
        drop(changed);
        rotten = rotten.plus(changed);
        return changed;
    }

    /// The store checks these, and knows what is damaged.
    Intervals check(Intervals read) {
        Intervals found = rotten.and(read);
        rotten = rotten.minus(found);
        damaged = damaged.plus(found);
        return found;
    }
}
