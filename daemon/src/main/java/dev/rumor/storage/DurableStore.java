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
import dev.rumor.storage.Writer.Entry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

/// Keeps runs in a log on disk, see the package. What is where is known on the loop, which owns all state
/// here; one thread writes, another reads what is not in memory any more.
public final class DurableStore implements Store {

    private static final long SMALLEST_SEGMENT_BYTES = 1 << 20;
    private static final long LARGEST_SEGMENT_BYTES = 64 << 20;

    /// Retention is by whole segments, so that one holds so much of what is retained, in bytes or in time.
    private static final int SEGMENTS_RETAINED = 16;

    private static final long SHORTEST_SEGMENT_MILLIS = 1_000;
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How long the reading thread rests after a read, in times of what that took until the loop had dealt with it.
    /// Whoever reads much back so takes a quarter of the loop at most, and less of it the more is going on besides.
    private static final int RESTS = 3;

    private static final long MOST_REST_MILLIS = 1_000;

    /// What the store stands on.
    ///
    /// @param name for threads and log lines
    /// @param wallMillis milliseconds since 1970
    /// @param salts random numbers
    /// @param patience for so long at most who closes the store waits for the disk
    record Ground(
            String name,
            Disk disk,
            AutoCloseable lock,
            long segmentBytes,
            LongSupplier wallMillis,
            LongSupplier salts,
            Duration patience) {}

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
    private Shelves shelves;
    private Writer writer;
    private long backlogBytes;

    /// @param directory the store's from here on; it closes it
    /// @param retainBytes what is to be retained, by which the size of a segment is chosen
    /// @param post is given the events, on the loop
    /// @param loop runs what it is given on the loop
    public DurableStore(DataDirectory directory, long retainBytes, Consumer<Event> post, Executor loop) {
        this(directory, retainBytes, post, loop, (records, nanos) -> {});
    }

    /// As above, and watched.
    public DurableStore(DataDirectory directory, long retainBytes, Consumer<Event> post, Executor loop, Watch watch) {
        this(
                new Ground(
                        directory.name(),
                        directory.disk(),
                        directory,
                        Math.clamp(retainBytes / SEGMENTS_RETAINED, SMALLEST_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES),
                        System::currentTimeMillis,
                        new SecureRandom()::nextLong,
                        PATIENCE),
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
            Writer.reserve(ground.disk);
            Tail tail = recovery.tail(ground.salts);
            shelves = new Shelves(recovery.shelves(), recovery.segments());
            shelves.begin(tail.segment());
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
        recovery.damaged().forEach((stream, lost) -> Shelves.addRanges(stream, lost, damaged));
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
        Intervals waived = Intervals.of(range.from(), range.to()).minus(shelves.held(range.stream()));
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
        Entry.Keep keep = new Entry.Keep(run, shelves.add(run));
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
        shelves.begin(group.newest());
        int records = 0;
        Stream.Range appended = null;
        for (Entry entry : entries) {
            if (entry instanceof Entry.Keep keep) {
                backlogBytes -= keep.cost;
                shelves.store(keep);
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

    // --- what is read

    @Override
    public void read(Stream.Range range, int maxBytes, Consumer<List<Run>> then) {
        List<Run> recent = shelves.recent(range, maxBytes);
        List<Stretch> places = recent.isEmpty() ? shelves.places(range, maxBytes) : List.of();
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

    private void quarantine(Stream stream, DiskReader.Fetched fetched) {
        for (Stream.Range range : shelves.quarantine(stream, fetched)) {
            log.warn("records {} are damaged, in {} at {}", range, fetched.segment(), fetched.at());
            post.accept(new Event.Damaged(stream, range.from(), range.to()));
        }
    }

    @Override
    public List<Stream.Range> retained() {
        return shelves.retained();
    }

    // --- what is let go

    /// By whole segments, oldest first; one with a run that is not committed holds up itself only. The
    /// newest goes when another was begun.
    @Override
    public void trim(List<Claim> committed, long keepBytes, long keepMillis) {
        long wallMillis = ground.wallMillis.getAsLong();
        long oldestMillis = keepMillis > 0 ? wallMillis - keepMillis : Long.MIN_VALUE;
        long segmentMillis = Math.max(SHORTEST_SEGMENT_MILLIS, keepMillis / SEGMENTS_RETAINED);
        Shelves.Excess excess = new Shelves.Excess(committed, keepBytes, oldestMillis);
        Segment newest = shelves.newest();
        boolean aged = keepMillis > 0 && newest.beginsBefore(wallMillis - segmentMillis);
        if (aged || shelves.isExcess(newest, excess)) {
            writer.add(new Entry.Turn(() -> remove(excess)));
        } else {
            remove(excess);
        }
    }

    private void remove(Shelves.Excess excess) {
        Shelves.Removed removed = shelves.remove(excess);
        Event trimmed = new Event.Trimmed(removed.ranges(), removed.bytes());
        if (removed.segments().isEmpty()) {
            post.accept(trimmed);
        } else {
            List<Change> absent = new ArrayList<>();
            removed.claims().forEach(claim -> absent.add(new Change.Absent(claim)));
            writer.add(new Entry.Note(absent, removed.segments(), () -> post.accept(trimmed)));
        }
    }

    // --- the end

    /// Waits for the disk, up to five seconds, so that everything appended is durable and another process
    /// may open the directory when this returns. Where that would hold up others, call it on a thread that
    /// may wait. Of a disk that takes longer nobody gets the directory before it has taken what waits.
    @Override
    public void close() {
        reading.shutdown();
        if (writer == null || writer.close(ground.patience)) {
            unlock();
        } else {
            log.warn("the disk is slow: until it has taken what waits, nobody else can open the data directory");
            Thread.ofVirtual().name("rumor-unlock-" + ground.name).start(() -> {
                writer.awaitEnd();
                unlock();
            });
        }
    }

    private void unlock() {
        try {
            ground.lock.close();
        } catch (Exception unlocked) {
            log.warn("the data directory could not be unlocked: {}", unlocked.toString());
        }
    }
}
