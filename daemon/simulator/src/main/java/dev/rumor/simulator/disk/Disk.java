package dev.rumor.simulator.disk;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/// What survives a process. Writes wait in a tail until they are forced; at a crash as much of the tail is there
/// as luck will have, and all that was forced. Reads see both.
///
/// Lean, because there may be ten thousand: runs are shared with whoever else keeps them, and so are the registers that
/// all began with.
public final class Disk {

    private static final BiConsumer<DiskId, DiskId> NOBODY = (before, after) -> {};

    private final Map<Stream, Reel> reels = new HashMap<>();
    private final ArrayDeque<Write> tail = new ArrayDeque<>();
    private final Map<String, Register> founders;
    private final TreeMap<String, Register> registers = new TreeMap<>();
    private final List<Write> history;
    private List<Frontier.Mark> marks = List.of();
    private final long begun;
    private DiskId id;
    private long epoch;
    private long cost;
    private Event.Recovered.Found found = Event.Recovered.Found.TORN;
    private BiConsumer<DiskId, DiskId> renamed = NOBODY;

    /// An empty one.
    ///
    /// @param remembers whether older copies can be made of it
    public Disk(boolean remembers) {
        this(remembers, DiskId.NONE, 0, Map.of());
    }

    /// One that has been in a cluster with these members, up to just before the epoch that `own` tells, and holds
    /// nothing yet.
    ///
    /// @param founders shared, and never changed
    public Disk(boolean remembers, Register own, Map<String, Register> founders) {
        this(remembers, own.disk(), own.epoch() - 1, founders);
    }

    private Disk(boolean remembers, DiskId id, long begun, Map<String, Register> founders) {
        this.history = remembers ? new ArrayList<>() : null;
        this.id = id;
        this.begun = begun;
        this.epoch = begun;
        this.founders = founders;
        this.found = Event.Recovered.Found.CLEAN;
    }

    /// Told the former id and the next, before the disk takes that.
    public void whenRenamed(BiConsumer<DiskId, DiskId> listener) {
        renamed = listener;
    }

    // --- writing

    void write(Write write) {
        tail.add(write);
    }

    /// How many writes wait.
    public int waiting() {
        return tail.size();
    }

    /// The oldest of those that wait is durable.
    void force() {
        Write write = tail.remove();
        apply(write);
        if (history != null) {
            history.add(write);
        }
    }

    private void apply(Write write) {
        switch (write) {
            case Write.Open open -> {
                if (!open.disk().equals(id)) {
                    renamed.accept(id, open.disk());
                }
                id = open.disk();
                epoch = open.epoch();
                found = Event.Recovered.Found.TORN;
            }
            case Write.Keep keep -> {
                Run run = keep.run();
                reel(run.stream(), run.tag()).keep(run);
                cost += run.cost();
            }
            case Write.Waive waive ->
                reel(waive.range().stream(), waive.tag())
                        .miss(Intervals.of(waive.range().from(), waive.range().to()));
            case Write.Trim trim -> {
                for (Run run : trim.gone()) {
                    reel(run.stream(), run.tag()).miss(Intervals.of(run.first(), run.last()));
                    cost -= run.cost();
                }
            }
            case Write.Remember remember -> registers.put(remember.register().name(), remember.register());
            case Write.Retire retire -> marks = retire.marks();
        }
    }

    private Reel reel(Stream stream, int tag) {
        return reels.computeIfAbsent(stream, any -> new Reel(tag));
    }

    /// Chooses what is let go of, as a store must.
    Event.Trimmed trim(Effect.Trim asked, long wallMillis) {
        long freed = 0;
        List<Run> gone = new ArrayList<>();
        for (Claim claim : asked.committed()) {
            Reel reel = reels.get(claim.stream());
            for (Run run : reel == null ? List.<Run>of() : reel.runs()) {
                boolean old = asked.keepMillis() > 0 && run.lastMillis() < wallMillis - asked.keepMillis();
                boolean room = cost - freed <= asked.keepBytes();
                if (claim.held().contains(run.first(), run.last()) && (old || !room)) {
                    gone.add(run);
                    freed += run.cost();
                }
            }
        }
        write(new Write.Trim(gone));
        return new Event.Trimmed(gone.stream().map(Run::range).toList(), freed);
    }

    // --- reading

    /// As many records from the start of the range as are there, and as `maxBytes` allows, and one at least.
    public List<Run> read(Range range, int maxBytes) {
        List<Run> found = new ArrayList<>(1);
        long bytes = 0;
        for (long next = range.from(); next <= range.to(); ) {
            Run run = covering(range.stream(), next);
            if (run == null) {
                break;
            }
            Run part = run.slice(next, Math.min(run.last(), range.to()));
            if (bytes + part.size() > maxBytes) {
                part = fitting(part, maxBytes - bytes, found.isEmpty());
            }
            if (part == null) {
                break;
            }
            found.add(part);
            bytes += part.size();
            next = part.last() + 1;
        }
        return found;
    }

    private static Run fitting(Run run, long bytes, boolean oneAtLeast) {
        int records = 0;
        for (long left = bytes; records < run.count() && run.length(records) <= left; records++) {
            left -= run.length(records);
        }
        records = oneAtLeast ? Math.max(1, records) : records;
        return records == 0 ? null : run.slice(run.first(), run.first() + records - 1);
    }

    private Run covering(Stream stream, long sequence) {
        Reel reel = reels.get(stream);
        Run run = reel == null ? null : reel.covering(sequence);
        if (run == null && !tail.isEmpty()) {
            for (Write write : tail) {
                if (write instanceof Write.Keep(Run kept)
                        && kept.first() <= sequence
                        && kept.last() >= sequence
                        && kept.stream().equals(stream)) {
                    return kept;
                }
            }
        }
        return run;
    }

    /// The first of this range that can be read; beyond its end if none can.
    long firstReadable(Range range) {
        long first = range.to() + 1;
        for (Write write : tail) {
            if (write instanceof Write.Keep(Run run)
                    && run.stream().equals(range.stream())
                    && run.last() >= range.from()) {
                first = Math.min(first, Math.max(range.from(), run.first()));
            }
        }
        Intervals there = readable(range.stream()).and(Intervals.of(range.from(), range.to()));
        return there.isEmpty() ? first : Math.min(first, there.from(0));
    }

    /// What is durably held, in name or in fact.
    public Intervals held(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? Intervals.NONE : reel.held();
    }

    /// What is durably there, byte for byte.
    public Intervals readable(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? Intervals.NONE : reel.readable();
    }

    /// What the store takes for durably there: damage that was not found yet is not missed.
    public Intervals thought(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? Intervals.NONE : reel.held().minus(reel.absent()).minus(reel.damaged());
    }

    /// What is durably held in name only.
    public Intervals absent(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? Intervals.NONE : reel.absent();
    }

    /// What was found to be damaged, and not mended yet.
    public Intervals damaged(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? Intervals.NONE : reel.damaged();
    }

    /// All of which anything is held, in order.
    public List<Stream> streams() {
        return reels.keySet().stream().sorted().toList();
    }

    public DiskId id() {
        return id;
    }

    /// The durable runs of a stream, in order.
    public List<Run> runs(Stream stream) {
        Reel reel = reels.get(stream);
        return reel == null ? List.of() : List.copyOf(reel.runs());
    }

    // --- what may happen to it

    /// The process is gone. Of what was not forced, the first few writes may be there all the same.
    void crash(RandomGenerator dice) {
        int kept = tail.isEmpty() ? 0 : dice.nextInt(tail.size() + 1);
        for (int k = 0; k < kept; k++) {
            force();
        }
        lose();
    }

    /// Nothing of what was not forced is there.
    void lose() {
        tail.clear();
        found = Event.Recovered.Found.TORN;
    }

    /// It is closed in good order.
    void close() {
        while (!tail.isEmpty()) {
            force();
        }
        found = Event.Recovered.Found.CLEAN;
    }

    /// The bytes of these records change under the store, which sees it when it reads them.
    ///
    /// @return which of them there were
    public Intervals rot(Range range) {
        Reel reel = reels.get(range.stream());
        return reel == null ? Intervals.NONE : reel.rot(Intervals.of(range.from(), range.to()));
    }

    /// What of the range is found to be damaged by reading it.
    List<Range> check(Range range) {
        Reel reel = reels.get(range.stream());
        return reel == null ? List.of() : ranges(range.stream(), reel.check(Intervals.of(range.from(), range.to())));
    }

    /// As it was after the given share of all that was forced.
    ///
    /// @param known whether the store will find out that it is not the newest there was
    public Disk copy(double share, boolean known) {
        boolean isFresh = founders.isEmpty() && !history.isEmpty();
        Disk copy = new Disk(true, isFresh ? DiskId.NONE : id, begun, founders);
        int writes = (int) (share * history.size());
        for (Write write : history.subList(0, writes)) {
            copy.write(write);
            copy.force();
        }
        copy.found = known ? Event.Recovered.Found.OLD : Event.Recovered.Found.TORN;
        return copy;
    }

    // --- beginning

    /// What a store finds when it opens.
    public Event.Recovered recover(long wallMillis) {
        if (id.equals(DiskId.NONE)) {
            return Event.Recovered.nothing(wallMillis);
        }
        List<Claim> claims = new ArrayList<>();
        List<Claim> absent = new ArrayList<>();
        List<Range> damaged = new ArrayList<>();
        for (Stream stream : streams()) {
            Reel reel = reels.get(stream);
            reel.check(reel.held());
            claims.add(new Claim(stream, reel.tag, reel.held()));
            if (!reel.absent().isEmpty()) {
                absent.add(new Claim(stream, reel.tag, reel.absent()));
            }
            damaged.addAll(ranges(stream, reel.damaged()));
        }
        boolean asFound = found == Event.Recovered.Found.OLD || damaged.isEmpty();
        return new Event.Recovered(
                asFound ? found : Event.Recovered.Found.DAMAGED,
                id,
                epoch,
                claims,
                absent,
                damaged,
                marks,
                cost,
                roster(),
                wallMillis);
    }

    private List<Register> roster() {
        if (registers.isEmpty()) {
            return List.copyOf(founders.values());
        }
        TreeMap<String, Register> all = new TreeMap<>(founders);
        all.putAll(registers);
        return List.copyOf(all.values());
    }

    /// The register of this name, as last remembered; null if it is not known.
    public Register register(String name) {
        Register later = registers.get(name);
        return later != null ? later : founders.get(name);
    }

    private static List<Range> ranges(Stream stream, Intervals set) {
        List<Range> ranges = new ArrayList<>();
        for (int k = 0; k < set.size(); k++) {
            ranges.add(new Range(stream, set.from(k), set.to(k)));
        }
        return ranges;
    }
}
