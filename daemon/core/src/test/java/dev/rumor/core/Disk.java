package dev.rumor.core;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What survives a process.
final class Disk {
    final List<Run> runs = new ArrayList<>();
    final Frontier absent = new Frontier();
    final TreeMap<String, Register> roster = new TreeMap<>();
    List<Frontier.Mark> marks = List.of();
    DiskId id;
    long epoch;

    void open(Effect.OpenEpoch open) {
        id = open.disk();
        epoch = open.epoch();
    }

    List<Run> read(Range range, int maxBytes) {
        List<Run> found = new ArrayList<>();
        long next = range.from();
        long bytes = 0;
        for (boolean more = true; more && next <= range.to(); ) {
            more = false;
            for (Run run : runs) {
                boolean covers = run.stream().equals(range.stream()) && run.first() <= next && next <= run.last();
                if (covers && (found.isEmpty() || bytes + run.size() <= maxBytes)) {
                    Run part = run.slice(next, Math.min(run.last(), range.to()));
                    found.add(part);
                    bytes += part.size();
                    next = part.last() + 1;
                    more = true;
                    break;
                }
            }
        }
        return found;
    }

    Event.Trimmed trim(Effect.Trim trim) {
        Map<Stream, Intervals> committed = new HashMap<>();
        trim.committed().forEach(claim -> committed.put(claim.stream(), claim.held()));
        long kept = runs.stream().mapToLong(Run::cost).sum();
        long freed = 0;
        List<Range> gone = new ArrayList<>();
        for (Run run : List.copyOf(runs)) {
            boolean may = committed.getOrDefault(run.stream(), Intervals.NONE).contains(run.first(), run.last());
            if (kept - freed > trim.keepBytes() && may) {
                runs.remove(run);
                gone.add(run.range());
                miss(run.range(), run.tag());
                freed += run.cost();
            }
        }
        return new Event.Trimmed(gone, freed);
    }

    /// What is held in name only: trimmed, or waived.
    void miss(Range range, int tag) {
        absent.add(new Frontier.Claim(range.stream(), tag, Intervals.of(range.from(), range.to())));
    }

    Event.Recovered recovered(long wallMillis) {
        if (id == null) {
            return Event.Recovered.nothing(wallMillis);
        }
        Frontier frontier = new Frontier();
        runs.forEach(run ->
                frontier.add(new Frontier.Claim(run.stream(), run.tag(), Intervals.of(run.first(), run.last()))));
        absent.all().forEach(frontier::add);
        return new Event.Recovered(
                Event.Recovered.Found.TORN,
                id,
                epoch,
                frontier.all(),
                absent.all(),
                List.of(),
                marks,
                runs.stream().mapToLong(Run::cost).sum(),
                List.copyOf(roster.values()),
                wallMillis);
    }
}
