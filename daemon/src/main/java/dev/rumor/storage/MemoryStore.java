package dev.rumor.storage;

import dev.rumor.core.Event;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Keeps everything in memory, so nothing outlives the process: every start finds a new disk. Answers within
/// the call.
public final class MemoryStore implements Store {
    private final Consumer<Event> post;
    private final LongSupplier wallMillis;
    private final TreeMap<Stream, Log> logs = new TreeMap<>();
    private long arrivals;
    private long bytes;

    /// @param post is given the events, within the call that causes them
    public MemoryStore(Consumer<Event> post) {
        this(post, System::currentTimeMillis);
    }

    /// @param wallMillis milliseconds since 1970, by which the age of records is told
    public MemoryStore(Consumer<Event> post, LongSupplier wallMillis) {
        this.post = post;
        this.wallMillis = wallMillis;
    }

    @Override
    public Event.Recovered open(long wallMillis) {
        return Event.Recovered.nothing(wallMillis);
    }

    @Override
    public void openEpoch(DiskId disk, long epoch, int tag) {
        post.accept(new Event.EpochOpened());
    }

    @Override
    public void append(Run run) {
        bytes += logs.computeIfAbsent(run.stream(), Log::new).add(run, arrivals++);
        post.accept(new Event.Appended(run.stream(), run.first(), run.last()));
    }

    @Override
    public void waive(Stream.Range range, int tag) {
        post.accept(new Event.Appended(range.stream(), range.from(), range.to()));
    }

    /// Everything is as durable as it gets within the call.
    @Override
    public long backlogBytes() {
        return 0;
    }

    @Override
    public void read(Stream.Range range, int maxBytes, Consumer<List<Run>> then) {
        Log log = logs.get(range.stream());
        then.accept(log == null ? List.of() : log.read(range.from(), range.to(), maxBytes));
    }

    @Override
    public List<Stream.Range> retained() {
        List<Stream.Range> ranges = new ArrayList<>();
        logs.values().forEach(log -> addRanges(log.stream(), log.held(), ranges));
        return ranges;
    }

    /// The streams' first runs compete by arrival. A stream whose first run is not committed takes no part:
    /// it holds up nobody, and is looked at once and not at each of its runs.
    @Override
    public void trim(List<Claim> committed, long keepBytes, long keepMillis) {
        TreeMap<Stream, Intervals> gone = new TreeMap<>();
        long before = bytes;
        if (keepMillis > 0) {
            long oldestMillis = wallMillis.getAsLong() - keepMillis;
            committed.forEach(claim -> removeBefore(oldestMillis, claim, gone));
        }
        PriorityQueue<Candidate> oldest = new PriorityQueue<>();
        if (bytes > keepBytes) {
            committed.forEach(claim -> compete(logs.get(claim.stream()), claim.held(), oldest));
        }
        while (bytes > keepBytes && !oldest.isEmpty()) {
            Candidate next = oldest.poll();
            removeFirst(next.log, gone);
            compete(next.log, next.committed, oldest);
        }
        forget(gone, before - bytes);
    }

    private void removeBefore(long oldestMillis, Claim committed, Map<Stream, Intervals> gone) {
        Log log = logs.get(committed.stream());
        while (log != null && log.startsWithin(committed.held()) && log.firstMillis() < oldestMillis) {
            removeFirst(log, gone);
        }
    }

    private void removeFirst(Log log, Map<Stream, Intervals> gone) {
        Run run = log.removeFirst();
        bytes -= run.cost();
        gone.merge(run.stream(), Intervals.of(run.first(), run.last()), Intervals::plus);
    }

    private record Candidate(Log log, Intervals committed) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return Long.compare(log.firstArrival(), other.log.firstArrival());
        }
    }

    private static void compete(Log log, Intervals committed, PriorityQueue<Candidate> oldest) {
        if (log != null && log.startsWithin(committed)) {
            oldest.add(new Candidate(log, committed));
        }
    }

    private void forget(Map<Stream, Intervals> gone, long freedBytes) {
        List<Stream.Range> ranges = new ArrayList<>();
        gone.forEach((stream, held) -> {
            addRanges(stream, held, ranges);
            if (logs.get(stream).isEmpty()) {
                logs.remove(stream);
            }
        });
        post.accept(new Event.Trimmed(List.copyOf(ranges), freedBytes));
    }

    private static void addRanges(Stream stream, Intervals held, List<Stream.Range> ranges) {
        for (int k = 0; k < held.size(); k++) {
            ranges.add(new Stream.Range(stream, held.from(k), held.to(k)));
        }
    }

    /// Nothing is kept for the next start.
    @Override
    public void rememberRegister(Register register) {}

    /// Nothing is kept for the next start.
    @Override
    public void rememberMarks(List<Mark> marks) {}

    @Override
    public void close() {}

    /// The runs kept of one stream, without overlap and by their first sequence.
    private static final class Log {
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

        /// Records from `from` on without a hole, to `to` at most: as many as cost at most `maxBytes`, but
        /// one at least unless the first is not there.
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

        /// When the last record of the first run was broadcast, in milliseconds since 1970 by its hybrid
        /// clock. Only while there is one.
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
}
