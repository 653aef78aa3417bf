package dev.rumor.storage;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps runs in a log on disk, see the package. What is where is known on the loop, which owns all state here; one
/// thread writes, another reads what is not in memory any more.
public final class DurableStore implements Store {

    /// What is kept in memory of runs that are durable.
    private static final long CACHE_BYTES = 16 << 20;

    private static final long SMALLEST_SEGMENT_BYTES = 1 << 20;
    private static final long LARGEST_SEGMENT_BYTES = 64 << 20;

    /// Retention is by whole segments, so that one holds so much of what is retained, in bytes or in time.
    private static final int SEGMENTS_RETAINED = 16;

    private static final long SHORTEST_SEGMENT_MILLIS = 1_000;

    /// How long the reading thread rests after a read, in times of what that took until the loop had dealt with it.
    /// Whoever reads much back so takes a quarter of the loop at most, and less of it the more is going on besides.
    private static final int RESTS = Integer.getInteger("rests", 3);

    private static final long MOST_REST_MILLIS = 1_000;

    /// What the store stands on.
    ///
    /// @param name for threads and log lines
    /// @param wallMillis milliseconds since 1970
    /// @param salts random numbers
    record Ground(
            String name,
            Disk disk,
            AutoCloseable lock,
            long segmentBytes,
            LongSupplier wallMillis,
            LongSupplier salts) {}

    /// Is told on the loop of each group of records that was written and forced together.
    @FunctionalInterface
    public interface Watch {

        /// @param nanos how long it took
        void synced(int records, long nanos);
    }

    private final Ground ground;
    private final Consumer<Event> post;
    private final Executor loop;
    private final Watch watch;
    private final Logger log;
    private final DiskReader disk;
    private final ExecutorService reading;
    private final Deque<Run> cached = new ArrayDeque<>();
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private TreeMap<Stream, Shelf> shelves = new TreeMap<>();
    private Segment newest;
    private Writer writer;
    private long cachedBytes;
    private long backlogBytes;

    /// @param directory the store's from here on; it closes it
    /// @param retainBytes what is to be retained, by which the size of a segment is chosen
    /// @param post is given the events, on the loop
    /// @param loop runs what it is given on the loop
    public DurableStore(DataDirectory directory, long retainBytes, Consumer<Event> post, Executor loop, Watch watch) {
        this(
                new Ground(
                        directory.name(),
                        directory.disk(),
                        directory,
                        Math.clamp(retainBytes / SEGMENTS_RETAINED, SMALLEST_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES),
                        System::currentTimeMillis,
                        new SecureRandom()::nextLong),
                post,
                loop,
                watch);
    }

    DurableStore(Ground ground, Consumer<Event> post, Executor loop) {
        this(ground, post, loop, (records, nanos) -> {});
    }

    private DurableStore(Ground ground, Consumer<Event> post, Executor loop, Watch watch) {
        this.ground = ground;
        this.post = post;
        this.loop = loop;
        this.watch = watch;
        this.log = LoggerFactory.getLogger("rumor." + ground.name);
        this.disk = new DiskReader(ground.disk);
        this.reading = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("rumor-read-" + ground.name).factory());
    }

    // --- the start

    @Override
    public Event.Recovered open(long wallMillis) throws IOException {
        try {
            Recovery recovery = Recovery.of(ground.disk);
            Event.Recovered recovered = recovered(recovery, wallMillis);
            Tail tail = recovery.tail(ground.salts);
            reserve();
            shelves = recovery.shelves();
            recovery.segments().forEach(each -> segments.put(each.number, each));
            arrived(tail.segment());
            writer = new Writer(
                    ground.name,
                    ground.disk,
                    tail,
                    recovery.state(),
                    ground.segmentBytes,
                    ground.salts,
                    new Writer.Loop(loop, this::durable, why -> post.accept(new Event.StoreFailed(why))));
            writer.start();
            return recovered;
        } catch (IOException failed) {
            throw new IOException("the log cannot be opened: " + DataDirectory.reason(failed), failed);
        }
    }

    private Event.Recovered recovered(Recovery recovery, long wallMillis) {
        State state = recovery.state();
        List<Stream.Range> damaged = new ArrayList<>();
        recovery.damaged().forEach((stream, lost) -> addRanges(stream, lost, damaged));
        Found found = found(recovery, damaged);
        long bytes = 0;
        for (Segment segment : recovery.segments()) {
            bytes += segment.cost();
        }
        if (found != Found.NOTHING && found != Found.CLEAN) {
            log.warn(
                    "the log was not closed in good order: {} bytes of an unfinished end were cut, {} ranges of records"
                            + " are damaged{}{}",
                    recovery.cutBytes(),
                    damaged.size(),
                    damaged.isEmpty() ? "" : ", the first is " + damaged.getFirst(),
                    found == Found.OLD ? ", and nobody can say what else it held: it is taken for an older copy" : "");
        }
        return new Event.Recovered(
                found,
                state.disk(),
                state.epoch(),
                state.claims(),
                state.absent(),
                damaged,
                state.marks(),
                bytes,
                state.roster(),
                wallMillis);
    }

    private static Found found(Recovery recovery, List<Stream.Range> damaged) {
        State state = recovery.state();
        if (!state.disk().equals(DiskId.NONE)) {
            boolean clean = state.isStopped() && recovery.cutBytes() == 0;
            return !damaged.isEmpty() ? Found.DAMAGED : clean ? Found.CLEAN : Found.TORN;
        }
        boolean fresh =
                state.isComplete() && state.epoch() == 0 && state.claims().isEmpty();
        return fresh ? Found.NOTHING : Found.OLD;
    }

    /// What a full disk must still take lies here until then.
    private void reserve() throws IOException {
        if (!ground.disk.names().contains(Writer.RESERVE)) {
            try (Disk.File file = ground.disk.create(Writer.RESERVE)) {
                file.write(ByteBuffer.allocate(Writer.RESERVE_BYTES), 0);
                file.force();
            }
        }
    }

    // --- what is kept

    @Override
    public void openEpoch(DiskId id, long epoch, int tag) {
        note(new Change.Opened(id, epoch), () -> post.accept(new Event.EpochOpened()));
    }

    @Override
    public void rememberRegister(Register register) {
        note(new Change.Registered(register), () -> {});
    }

    @Override
    public void rememberMarks(List<Mark> marks) {
        marks.forEach(mark -> note(new Change.Marked(mark), () -> {}));
    }

    @Override
    public void waive(Stream.Range range, int tag) {
        Shelf shelf = shelves.get(range.stream());
        Intervals waived = Intervals.of(range.from(), range.to()).minus(shelf == null ? Intervals.NONE : shelf.held());
        List<Change> changes =
                waived.isEmpty() ? List.of() : List.of(new Change.Absent(new Claim(range.stream(), tag, waived)));
        Event appended = new Event.Appended(range.stream(), range.from(), range.to());
        writer.add(new Entry.Note(changes, List.of(), () -> post.accept(appended)));
    }

    private void note(Change change, Runnable then) {
        writer.add(new Entry.Note(List.of(change), List.of(), then));
    }

    @Override
    public void append(Run run) {
        List<Run> missing =
                shelves.computeIfAbsent(run.stream(), stream -> new Shelf()).add(run);
        Entry.Keep keep = new Entry.Keep(run, missing);
        backlogBytes += keep.cost;
        writer.add(keep);
    }

    @Override
    public long backlogBytes() {
        return backlogBytes;
    }

    /// This is durable. Of runs that follow each other one event is made.
    private void durable(Writer.Group group) {
        List<Entry> entries = group.entries();
        arrived(group.newest());
        int records = 0;
        Stream.Range appended = null;
        for (Entry entry : entries) {
            if (entry instanceof Entry.Keep keep) {
                store(keep);
                records += keep.run.count();
                appended = report(appended, keep.run.range());
            }
        }
        report(appended, null);
        watch.synced(records, group.nanos());
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Note note -> note.then().run();
                case Entry.Turn turn -> turn.then().run();
                case Entry.Keep _, Entry.End _ -> {}
            }
        }
    }

    private Stream.Range report(Stream.Range before, Stream.Range next) {
        if (before == null) {
            return next;
        }
        if (next != null && next.from() == before.to() + 1 && next.stream().equals(before.stream())) {
            return new Stream.Range(before.stream(), before.from(), next.to());
        }
        post.accept(new Event.Appended(before.stream(), before.from(), before.to()));
        return next;
    }

    private void store(Entry.Keep keep) {
        backlogBytes -= keep.cost;
        if (keep.segment != null) {
            arrived(keep.segment);
        }
        Shelf shelf = shelves.get(keep.run.stream());
        for (int k = 0; k < keep.at.length; k++) {
            Run part = keep.missing.get(k);
            keep.segment.count(part);
            shelf.store(keep.segment, part.first(), part.last(), keep.at[k]);
            cached.add(part);
            cachedBytes += part.cost();
        }
        while (cachedBytes > CACHE_BYTES) {
            Run oldest = cached.remove();
            cachedBytes -= oldest.cost();
            Shelf keeper = shelves.get(oldest.stream());
            if (keeper != null) {
                keeper.evict(oldest);
            }
        }
    }

    private void arrived(Segment segment) {
        segments.put(segment.number, segment);
        newest = segment;
    }

    // --- what is read

    @Override
    public void read(Stream.Range range, int maxBytes, Consumer<List<Run>> then) {
        Shelf shelf = shelves.get(range.stream());
        List<Run> recent = shelf == null ? List.of() : shelf.recent(range.from(), range.to(), maxBytes);
        int mostRuns = maxBytes / (Run.RUN_OVERHEAD_BYTES + Run.RECORD_OVERHEAD_BYTES) + 1;
        List<Stretch> places =
                shelf == null || !recent.isEmpty() ? List.of() : shelf.places(range.from(), range.to(), mostRuns);
        if (places.isEmpty()) {
            then.accept(recent);
        } else {
            readFromDisk(range.stream(), places, maxBytes, then);
        }
    }

    private void readFromDisk(Stream stream, List<Stretch> places, int maxBytes, Consumer<List<Run>> then) {
        Runnable job = () -> {
            long start = System.nanoTime();
            try {
                DiskReader.Fetched fetched = disk.read(stream, places, maxBytes);
                tell(() -> {
                    quarantine(stream, fetched);
                    then.accept(fetched.runs());
                });
                rest(start);
            } catch (IOException | RuntimeException failed) {
                String why = failed instanceof IOException error ? DataDirectory.reason(error) : failed.toString();
                tell(() -> post.accept(new Event.StoreFailed("the log cannot be read: " + why)));
            }
        };
        try {
            reading.execute(job);
        } catch (RejectedExecutionException closed) {
            // Nobody waits for it any more.
        }
    }

    /// Until the loop has dealt with what was read since `start`, and then for a while.
    private void rest(long start) {
        Semaphore dealt = new Semaphore(0);
        tell(dealt::release);
        try {
            if (dealt.tryAcquire(MOST_REST_MILLIS, TimeUnit.MILLISECONDS)) {
                TimeUnit.NANOSECONDS.sleep(RESTS * (System.nanoTime() - start));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // Nobody is left to be told.
        }
    }

    /// What was let go meanwhile, or found before and replaced, is no damage.
    private void quarantine(Stream stream, DiskReader.Fetched fetched) {
        Shelf shelf = shelves.get(stream);
        Intervals bad = fetched.bad();
        for (int k = 0; k < bad.size(); k++) {
            if (shelf != null && shelf.isAt(bad.from(k), fetched.segment(), fetched.at())) {
                shelf.remove(Intervals.of(bad.from(k), bad.to(k)));
                log.warn(
                        "records {} are damaged, in {} at {}",
                        new Stream.Range(stream, bad.from(k), bad.to(k)),
                        fetched.segment(),
                        fetched.at());
                post.accept(new Event.Damaged(stream, bad.from(k), bad.to(k)));
            }
        }
    }

    @Override
    public List<Stream.Range> retained() {
        List<Stream.Range> ranges = new ArrayList<>();
        shelves.forEach((stream, shelf) -> addRanges(stream, shelf.held(), ranges));
        return ranges;
    }

    private static void addRanges(Stream stream, Intervals held, List<Stream.Range> ranges) {
        for (int k = 0; k < held.size(); k++) {
            ranges.add(new Stream.Range(stream, held.from(k), held.to(k)));
        }
    }

    // --- what is let go

    /// By whole segments, oldest first; one with a run that is not committed holds up itself only. The newest goes
    /// when another was begun.
    @Override
    public void trim(List<Claim> committed, long keepBytes, long keepMillis) {
        TreeMap<Stream, Claim> held = new TreeMap<>();
        committed.forEach(claim -> held.put(claim.stream(), claim));
        long wallMillis = ground.wallMillis.getAsLong();
        long oldestMillis = keepMillis > 0 ? wallMillis - keepMillis : Long.MIN_VALUE;
        long segmentMillis = Math.max(SHORTEST_SEGMENT_MILLIS, keepMillis / SEGMENTS_RETAINED);
        boolean full = keepMillis > 0 && newest.beginsBefore(wallMillis - segmentMillis);
        if (newest.cost() > 0
                && (full || removable(held, keepBytes, oldestMillis).contains(newest))) {
            writer.add(new Entry.Turn(() -> remove(held, keepBytes, oldestMillis)));
        } else {
            remove(held, keepBytes, oldestMillis);
        }
    }

    private List<Segment> removable(TreeMap<Stream, Claim> committed, long keepBytes, long oldestMillis) {
        Set<Segment> pinned = new HashSet<>();
        shelves.forEach((stream, shelf) -> {
            Claim claim = committed.get(stream);
            for (Stretch each : shelf.stretches()) {
                if (claim == null || !claim.held().contains(each.first(), each.last())) {
                    pinned.add(each.segment());
                }
            }
        });
        long bytes = backlogBytes;
        for (Segment each : segments.values()) {
            bytes += each.cost();
        }
        List<Segment> removable = new ArrayList<>();
        for (Segment each : segments.values()) {
            boolean mayGo = bytes > keepBytes || each.isBefore(oldestMillis) || each.cost() == 0;
            if (mayGo && !pinned.contains(each)) {
                removable.add(each);
                bytes -= each.cost();
            }
        }
        return removable;
    }

    private void remove(TreeMap<Stream, Claim> committed, long keepBytes, long oldestMillis) {
        List<Segment> gone = removable(committed, keepBytes, oldestMillis);
        gone.remove(newest);
        List<Stream.Range> ranges = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        shelves.forEach((stream, shelf) -> {
            Intervals lost = shelf.removeAll(gone);
            if (!lost.isEmpty()) {
                addRanges(stream, lost, ranges);
                changes.add(new Change.Absent(
                        new Claim(stream, committed.get(stream).tag(), lost)));
            }
        });
        shelves.values().removeIf(Shelf::isEmpty);
        long bytes = 0;
        for (Segment each : gone) {
            segments.remove(each.number);
            bytes += each.cost();
        }
        Event trimmed = new Event.Trimmed(ranges, bytes);
        if (gone.isEmpty()) {
            post.accept(trimmed);
        } else {
            writer.add(new Entry.Note(changes, gone, () -> post.accept(trimmed)));
        }
    }

    // --- the end

    /// Waits for the disk, up to five seconds, so that everything appended is durable and another process may open the
    /// directory when this returns. Where that would hold up others, call it on a thread that may wait.
    @Override
    public void close() {
        reading.shutdown();
        if (writer != null) {
            writer.close();
        }
        try {
            ground.lock.close();
        } catch (Exception unlocked) {
            log.warn("the data directory could not be unlocked: {}", unlocked.toString());
        }
    }
}
