package dev.rumor.storage;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The thread that writes the log. It takes all that waits, writes it as one group, forces it once, and
/// hands the whole of it back to the loop as one task; meanwhile the next group gathers.
///
/// The first error is the last: what could not be forced may be lost although a second attempt succeeds,
/// because the system forgets what it failed to write. So nothing is attempted again. A disk that is full
/// has lost nothing, though, and still takes the clean stop, for which a little is kept in reserve.
final class Writer {

    /// What the loop hands over, and what it is handed back when that is durable.
    sealed interface Entry {

        /// A run, and those parts of it that were missing. The writer says where they are.
        final class Keep implements Entry {
            final Run run;
            final List<Run> missing;
            final long cost;
            final int[] at;
            Segment segment;

            Keep(Run run, List<Run> missing) {
                this.run = run;
                this.missing = missing;
                this.at = new int[missing.size()];
                long sum = 0;
                for (Run part : missing) {
                    sum += part.cost();
                }
                this.cost = sum;
            }
        }

        /// Something else to remember.
        ///
        /// @param gone segments that nobody needs once it is durable
        /// @param then what the loop does then
        record Note(List<Change> changes, List<Segment> gone, Runnable then) implements Entry {}

        /// Begins a new segment, unless the present one holds no run.
        ///
        /// @param then what the loop does then
        record Turn(Runnable then) implements Entry {}

        /// The last one.
        record End() implements Entry {}
    }

    /// What a group costs at most, but for its last run.
    private static final long GROUP_BYTES = 8 << 20;

    /// After so much time with nothing to write, what was written last is sealed.
    private static final long IDLE_MILLIS = 100;

    static final String RESERVE = "reserve";
    private static final int RESERVE_BYTES = 64 << 10;

    /// What the writer tells, each on the loop.
    ///
    /// @param durable is given what was written together
    /// @param failed is given a sentence, once
    record Loop(Executor executor, Consumer<Group> durable, Consumer<String> failed) {}

    /// What was written and forced together.
    ///
    /// @param newest the newest segment now
    /// @param nanos how long it took
    record Group(List<Entry> entries, Segment newest, long nanos) {}

    private final LinkedTransferQueue<Entry> queue = new LinkedTransferQueue<>();
    private final Disk disk;
    private final State state;
    private final long segmentBytes;
    private final LongSupplier salts;
    private final Loop loop;
    private final Thread thread;
    private Tail tail;
    private boolean sealed = true;
    private boolean failed;
    private boolean full;

    /// @param state as the tail says it; the writer's from here on
    /// @param segmentBytes when the runs of a segment cost so much, or the file is so long, the next one
    ///     begins
    Writer(String name, Disk disk, Tail tail, State state, long segmentBytes, LongSupplier salts, Loop loop) {
        this.disk = disk;
        this.tail = tail;
        this.state = state;
        this.segmentBytes = segmentBytes;
        this.salts = salts;
        this.loop = loop;
        this.thread = Thread.ofPlatform().daemon().name("rumor-log-" + name).unstarted(this::run);
    }

    /// What a full disk must still take lies in a file until then, whole: on a disk that is full already no node
    /// starts.
    static void reserve(Disk disk) throws IOException {
        if (disk.names().contains(RESERVE)) {
            try (Disk.File there = disk.open(RESERVE)) {
                if (there.size() == RESERVE_BYTES) {
                    return;
                }
            }
            disk.delete(RESERVE);
        }
        try (Disk.File file = disk.create(RESERVE)) {
            file.write(ByteBuffer.allocate(RESERVE_BYTES), 0);
            file.force();
        } catch (IOException full) {
            try {
                disk.delete(RESERVE);
            } catch (IOException worse) {
                full.addSuppressed(worse);
            }
            throw full;
        }
    }

    void start() {
        thread.start();
    }

    void add(Entry entry) {
        queue.add(entry);
    }

    /// Writes what waits and a clean stop.
    ///
    /// @return whether that is done: the disk may take longer than anybody would wait
    boolean close(Duration patience) {
        queue.add(new Entry.End());
        try {
            return thread.join(patience);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// However long the disk takes.
    void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private void run() {
        List<Entry> batch = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            gather(batch);
            ended = !batch.isEmpty() && batch.getLast() instanceof Entry.End;
            if (!failed) {
                attempt(() -> write(batch));
            }
            if (ended && (!failed || full)) {
                attempt(this::stop);
            }
            batch.clear();
        }
        try {
            tail.close();
        } catch (IOException unforced) {
            // Everything that counts was forced.
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | Error broken) {
            fail(broken);
        }
    }

    private void gather(List<Entry> batch) {
        try {
            Entry entry = sealed ? queue.take() : queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            long cost = 0;
            while (entry != null) {
                batch.add(entry);
                cost += entry instanceof Entry.Keep keep ? keep.cost : 0;
                entry = cost < GROUP_BYTES && !(entry instanceof Entry.Turn) ? queue.poll() : null;
            }
        } catch (InterruptedException end) {
            batch.add(new Entry.End());
        }
    }

    private void write(List<Entry> batch) throws IOException {
        if (batch.isEmpty()) {
            tail.seal();
            sealed = true;
            return;
        }
        List<Entry.Keep> keeps = new ArrayList<>(batch.size());
        List<Change> changes = new ArrayList<>();
        boolean turn = false;
        for (Entry entry : batch) {
            switch (entry) {
                case Entry.Keep keep -> keeps.add(keep);
                case Entry.Note note -> changes.addAll(note.changes());
                case Entry.Turn _ -> turn = true;
                case Entry.End _ -> {}
            }
        }
        if (tail.cost() >= segmentBytes || tail.position() >= 2 * segmentBytes && tail.cost() > 0) {
            turn();
        }
        long start = System.nanoTime();
        List<Claim> held = tail.write(keeps, changes);
        long nanos = System.nanoTime() - start;
        for (Claim claim : held) {
            state.apply(new Change.Held(claim));
        }
        changes.forEach(state::apply);
        sealed = false;
        remove(batch);
        if (turn && tail.cost() > 0) {
            turn();
        }
        Group group = new Group(List.copyOf(batch), tail.segment(), nanos);
        tell(() -> loop.durable.accept(group));
    }

    private void turn() throws IOException {
        tail = tail.next(disk, salts.getAsLong(), state);
        sealed = true;
    }

    private void remove(List<Entry> batch) throws IOException {
        boolean removed = false;
        for (Entry entry : batch) {
            if (entry instanceof Entry.Note note) {
                for (Segment gone : note.gone()) {
                    disk.delete(gone.fileName());
                    removed = true;
                }
            }
        }
        if (removed) {
            disk.force();
        }
    }

    private void fail(Throwable broken) {
        if (!failed) {
            failed = true;
            full = !(broken instanceof Disk.Unforced) && disk.lacks(RESERVE_BYTES);
            String why = broken instanceof IOException error ? DataDirectory.reason(error) : broken.toString();
            tell(() -> loop.failed.accept("the log cannot be written: " + why + "; nothing more will be acknowledged"));
        }
    }

    /// In a group of its own, so that nothing would be lost with it. A full disk takes at least this.
    private void stop() throws IOException {
        if (failed) {
            tail.cut();
            disk.delete(RESERVE);
        }
        tail.write(List.of(), List.of(new Change.Stopped()));
    }

    private void tell(Runnable task) {
        try {
            loop.executor.execute(task);
        } catch (RejectedExecutionException ended) {
            // Nobody is left to be told.
        }
    }
}
