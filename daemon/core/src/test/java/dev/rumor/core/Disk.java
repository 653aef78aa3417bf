package dev.rumor.core;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Ranges;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What survives a process: a journal of writes, and what they add up to. Those that were forced are there after a
/// crash, and of the others as many as luck will have. An older copy is an earlier part of the journal.
final class Disk {
    private final List<Consumer<Disk>> journal = new ArrayList<>();
    private int forced;
    private int decays;

    /// What the forced part of the journal claims, brought up to date when it is asked for.
    private Disk durable;

    final List<Run> runs = new ArrayList<>();
    final TreeMap<String, Register> roster = new TreeMap<>();
    final Ranges rotten = new Ranges();
    private final Frontier held = new Frontier();
    private final Frontier absent = new Frontier();
    private final Ranges damaged = new Ranges();
    private List<Frontier.Mark> marks = List.of();
    private boolean old;
    DiskId id;
    long epoch;

    // --- the journal

    /// @return how many writes were asked for by now
    private int write(Consumer<Disk> change) {
        journal.add(change);
        change.accept(this);
        return asked();
    }

    /// So many of the writes that were asked for are durable.
    void force(int writes) {
        forced = Math.max(forced, writes + decays);
    }

    int forced() {
        return forced;
    }

    int asked() {
        return journal.size() - decays;
    }

    int writes() {
        return journal.size();
    }

    /// As it would be found after a crash.
    Disk durable() {
        durable = durable == null ? new Disk() : durable;
        for (int k = durable.writes(); k < forced; k++) {
            durable.write(journal.get(k));
        }
        return durable;
    }

    /// As it was after so many writes.
    Disk copy(int writes) {
        Disk copy = new Disk();
        journal.subList(0, writes).forEach(copy::write);
        copy.forced = writes;
        copy.old = old;
        return copy;
    }

    /// The store will find out that this is not the newest that there was.
    Disk knownToBeOld() {
        old = true;
        return this;
    }

    // --- writing

    int open(Effect.OpenEpoch open) {
        return write(disk -> {
            disk.id = open.disk();
            disk.epoch = open.epoch();
            disk.old = false;
        });
    }

    int keep(Run run) {
        return write(disk -> {
            Intervals all = Intervals.of(run.first(), run.last());
            disk.runs.add(run);
            disk.held.add(new Frontier.Claim(run.stream(), run.tag(), all));
            disk.rotten.remove(run.stream(), all);
            disk.damaged.remove(run.stream(), all);
        });
    }

    /// What comes of these drafts.
    static Run run(Effect.AppendOwn own) {
        List<byte[]> all = new ArrayList<>();
        own.drafts().forEach(draft -> all.addAll(draft.records()));
        int[] lengths = all.stream().mapToInt(each -> each.length).toArray();
        int size = 0;
        for (int length : lengths) {
            size += length;
        }
        return new Run(own.stream(), own.tag(), own.first(), own.clock(), lengths, new int[all.size()], new byte[size]);
    }

    int waive(Range range, int tag) {
        return write(disk -> disk.miss(range, tag));
    }

    int remember(Register register) {
        return write(disk -> disk.roster.put(register.name(), register));
    }

    int remember(List<Frontier.Mark> all) {
        return write(disk -> disk.marks = all);
    }

    private void miss(Range range, int tag) {
        Intervals gone = Intervals.of(range.from(), range.to());
        Frontier.Claim claim = new Frontier.Claim(range.stream(), tag, gone);
        held.add(claim);
        absent.add(claim);
        rotten.remove(range.stream(), gone);
        damaged.remove(range.stream(), gone);
    }

    Event.Trimmed trim(Effect.Trim trim, long wallMillis) {
        Map<Stream, Intervals> may = new HashMap<>();
        trim.committed().forEach(claim -> may.put(claim.stream(), claim.held()));
        long kept = cost();
        long freed = 0;
        List<Run> gone = new ArrayList<>();
        for (Run run : runs) {
            boolean old = trim.keepMillis() > 0 && run.lastMillis() < wallMillis - trim.keepMillis();
            boolean allowed = may.getOrDefault(run.stream(), Intervals.NONE).contains(run.first(), run.last());
            if (allowed && (old || kept - freed > trim.keepBytes())) {
                gone.add(run);
                freed += run.cost();
            }
        }
        write(disk -> {
            disk.runs.removeAll(gone);
            gone.forEach(run -> disk.miss(run.range(), run.tag()));
        });
        return new Event.Trimmed(gone.stream().map(Run::range).toList(), freed);
    }

    private long cost() {
        return runs.stream().mapToLong(Run::cost).sum();
    }

    // --- decay

    /// The bytes of these records change under the store, which will see it when it reads them.
    void rot(Range range) {
        Consumer<Disk> decay = disk -> {
            Intervals bad = Intervals.of(range.from(), range.to()).and(disk.readable(range.stream()));
            for (Run run : List.copyOf(disk.runs)) {
                Intervals all = Intervals.of(run.first(), run.last());
                Intervals rest = all.minus(bad);
                if (run.stream().equals(range.stream()) && !rest.equals(all)) {
                    disk.runs.remove(run);
                    for (int k = 0; k < rest.size(); k++) {
                        disk.runs.add(run.slice(rest.from(k), rest.to(k)));
                    }
                }
            }
            disk.rotten.add(range.stream(), bad);
        };
        durable();
        journal.add(forced++, decay);
        decays++;
        decay.accept(this);
    }

    Intervals held(Stream stream) {
        return held.held(stream);
    }

    /// What is known to be damaged and was not mended.
    List<Stream> damaged() {
        return damaged.streams();
    }

    /// How many records are held in name only.
    long absent() {
        return absent.all().stream().mapToLong(claim -> claim.held().count()).sum();
    }

    /// What is not absent, and not known to be damaged.
    Intervals thought(Stream stream) {
        return readable(stream).plus(rotten.of(stream));
    }

    Intervals readable(Stream stream) {
        Intervals readable = Intervals.NONE;
        for (Run run : runs) {
            readable = run.stream().equals(stream) ? readable.plus(run.first(), run.last()) : readable;
        }
        return readable;
    }

    // --- reading

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

    /// What of the range is found to be damaged by reading it.
    List<Range> findDamage(Range range) {
        Intervals bad = rotten.of(range.stream()).and(Intervals.of(range.from(), range.to()));
        rotten.remove(range.stream(), bad);
        damaged.add(range.stream(), bad);
        return ranges(range.stream(), bad);
    }

    private static List<Range> ranges(Stream stream, Intervals set) {
        List<Range> ranges = new ArrayList<>();
        for (int k = 0; k < set.size(); k++) {
            ranges.add(new Range(stream, set.from(k), set.to(k)));
        }
        return ranges;
    }

    Event.Recovered recovered(long wallMillis) {
        if (id == null) {
            return Event.Recovered.nothing(wallMillis);
        }
        List<Range> bad = new ArrayList<>();
        for (Frontier.Claim claim : held.all()) {
            Intervals lost = rotten.of(claim.stream()).plus(damaged.of(claim.stream()));
            rotten.remove(claim.stream(), lost);
            damaged.add(claim.stream(), lost);
            bad.addAll(ranges(claim.stream(), lost));
        }
        return new Event.Recovered(
                old
                        ? Event.Recovered.Found.OLD
                        : bad.isEmpty() ? Event.Recovered.Found.TORN : Event.Recovered.Found.DAMAGED,
                id,
                epoch,
                held.all(),
                absent.all(),
                bad,
                marks,
                cost(),
                List.copyOf(roster.values()),
                wallMillis);
    }
}
