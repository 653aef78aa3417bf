package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A durable store, opened, and the loop that it is used on, which is the test's own thread.
final class OpenStore implements AutoCloseable {
    static final Stream A = new Stream("a", 1);
    static final Stream B = new Stream("b", 1);
    static final DiskId DISK = new DiskId(1, 2);
    static final int TAG = 7;
    static final long SEGMENT_BYTES = 1 << 20;

    private static final long PATIENCE_SECONDS = 20;

    final List<Event> events = new ArrayList<>();
    final Event.Recovered recovered;
    final DurableStore store;
    private final List<Stream.Range> waived = new ArrayList<>();
    private final Deque<Stream.Range> unreported = new ArrayDeque<>();
    private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private long wallMillis = 1_000_000;

    private OpenStore(Disk disk, long segmentBytes, AutoCloseable lock, Duration patience) throws IOException {
        Random salts = new Random(disk.names().size());
        store = new DurableStore(
                new DurableStore.Ground("test", disk, lock, segmentBytes, () -> wallMillis, salts::nextLong, patience),
                this::heard,
                loop::add);
        try {
            recovered = store.open(wallMillis);
        } catch (IOException | RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    static OpenStore on(Disk disk) throws IOException {
        return on(disk, SEGMENT_BYTES);
    }

    static OpenStore on(Disk disk, long segmentBytes) throws IOException {
        return new OpenStore(disk, segmentBytes, () -> {}, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /// @param lock is closed when nothing is written any more
    /// @param patience for so long at most closing it takes
    static OpenStore on(Disk disk, AutoCloseable lock, Duration patience) throws IOException {
        return new OpenStore(disk, SEGMENT_BYTES, lock, patience);
    }

    /// Opens it and an epoch.
    static OpenStore begin(Disk disk) throws IOException {
        OpenStore opened = on(disk);
        opened.openEpoch(5);
        return opened;
    }

    void openEpoch(long epoch) {
        store.openEpoch(DISK, epoch, TAG);
        await(() -> events.contains(new Event.EpochOpened()));
        events.clear();
    }

    /// Of runs that follow each other there may be one event.
    private void heard(Event event) {
        events.add(event);
        if (event instanceof Event.Appended done && !waived.remove(range(done))) {
            long next = done.from();
            while (next <= done.to()) {
                Stream.Range range = unreported.remove();
                assertThat(range.from()).isEqualTo(next);
                assertThat(range.stream()).isEqualTo(done.stream());
                next = range.to() + 1;
            }
        }
    }

    private static Stream.Range range(Event.Appended done) {
        return new Stream.Range(done.stream(), done.from(), done.to());
    }

    void waive(Stream stream, long from, long to) {
        waived.add(new Stream.Range(stream, from, to));
        store.waive(new Stream.Range(stream, from, to), TAG);
    }

    void append(Run run) {
        unreported.add(run.range());
        store.append(run);
    }

    /// Appends, and waits until all that was appended is reported as durable.
    void keep(Run... runs) {
        for (Run run : runs) {
            append(run);
        }
        await(() -> unreported.isEmpty() && waived.isEmpty() || hasFailed());
        assertThat(hasFailed() || store.backlogBytes() == 0).isTrue();
    }

    boolean hasFailed() {
        return events.stream().anyMatch(Event.StoreFailed.class::isInstance);
    }

    void wallMillis(long millis) {
        wallMillis = millis;
    }

    List<Run> read(Stream stream, long from, long to) {
        return read(stream, from, to, 1 << 20);
    }

    List<Run> read(Stream stream, long from, long to, int maxBytes) {
        List<List<Run>> answer = new ArrayList<>();
        store.read(new Stream.Range(stream, from, to), maxBytes, answer::add);
        await(() -> !answer.isEmpty() || hasFailed());
        return answer.isEmpty() ? List.of() : answer.getFirst();
    }

    /// Everything that can be had of the range, checked: each record has the bytes that [#run] gave it.
    Intervals readable(Stream stream, long from, long to) {
        Intervals found = Intervals.NONE;
        long next = from;
        while (next <= to) {
            List<Run> runs = read(stream, next, to);
            for (Run run : runs) {
                check(run);
                found = found.plus(run.first(), run.last());
                next = run.last() + 1;
            }
            next += runs.isEmpty() ? 1 : 0;
        }
        return found;
    }

    Event.Trimmed trim(long keepBytes, long keepMillis, Claim... committed) {
        store.trim(List.of(committed), keepBytes, keepMillis);
        await(() -> events.stream().anyMatch(Event.Trimmed.class::isInstance));
        Event.Trimmed trimmed = (Event.Trimmed) events.stream()
                .filter(Event.Trimmed.class::isInstance)
                .findFirst()
                .orElseThrow();
        events.remove(trimmed);
        return trimmed;
    }

    void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                Runnable task = loop.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(task).as("something comes of it").isNotNull();
                task.run();
            }
        } catch (InterruptedException impatient) {
            throw new IllegalStateException(impatient);
        }
    }

    /// Whatever has come back until now.
    void drain() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    /// Ends in good order.
    @Override
    public void close() {
        store.close();
        drain();
    }

    // --- records

    static Claim claim(Stream stream, long from, long to) {
        return new Claim(stream, TAG, Intervals.of(from, to));
    }

    static Run run(Stream stream, long first, long last) {
        return run(stream, first, last, 20);
    }

    /// Records of about this length, whose bytes and checksums follow from stream and sequence.
    static Run run(Stream stream, long first, long last, int length) {
        return at(500_000 + first, stream, first, last, length);
    }

    static Run at(long millis, Stream stream, long first, long last, int length) {
        int count = (int) (last - first + 1);
        int[] lengths = new int[count];
        int[] checksums = new int[count];
        byte[][] records = new byte[count][];
        int size = 0;
        for (int k = 0; k < count; k++) {
            records[k] = record(stream, first + k, (int) (length + (first + k) % 4));
            lengths[k] = records[k].length;
            checksums[k] = Arrays.hashCode(records[k]);
            size += records[k].length;
        }
        byte[] bytes = new byte[size];
        int offset = 0;
        for (byte[] record : records) {
            System.arraycopy(record, 0, bytes, offset, record.length);
            offset += record.length;
        }
        return new Run(stream, TAG, first, millis << 16, lengths, checksums, bytes);
    }

    private static byte[] record(Stream stream, long sequence, int length) {
        byte[] record = new byte[length];
        new Random(stream.hashCode() * 31L + sequence).nextBytes(record);
        return record;
    }

    /// Nothing is served that was not kept.
    static void check(Run run) {
        assertThat(run.tag()).isEqualTo(TAG);
        int offset = run.offset();
        for (int k = 0; k < run.count(); k++) {
            byte[] found = Arrays.copyOfRange(run.bytes(), offset, offset + run.length(k));
            String id = run.stream().id(run.first() + k);
            assertThat(found).as(id).isEqualTo(record(run.stream(), run.first() + k, run.length(k)));
            assertThat(run.checksum(k)).as("checksum of " + id).isEqualTo(Arrays.hashCode(found));
            offset += run.length(k);
        }
    }
}
