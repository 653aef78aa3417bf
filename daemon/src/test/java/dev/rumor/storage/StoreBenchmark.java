package dev.rumor.storage;

import dev.rumor.core.Event;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Measures the log on a real disk: what one force costs, how many records writers get acknowledged who
/// each wait for one before the next, and how soon a million of them is written, opened again and read.
///
/// ```sh
/// java -Xmx256m -cp 'daemon/target/test-classes:daemon/target/classes:daemon/target/lib/*' \
///     dev.rumor.storage.StoreBenchmark DIRECTORY
/// ```
final class StoreBenchmark {
    private static final int RECORD_BYTES = 100;
    private static final int MILLION = 1_000_000;
    private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final Stream STREAM = new Stream("benchmark", 1);

    private final Path directory;
    private final AtomicLong forces = new AtomicLong();
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    private StoreBenchmark(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments[0]);
        Files.createDirectories(parent);
        StoreBenchmark benchmark = new StoreBenchmark(Files.createTempDirectory(parent, "rumor-"));
        try {
            benchmark.run();
        } finally {
            benchmark.loop.shutdown();
            try (var files = Files.walk(benchmark.directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run() throws Exception {
        var system = ManagementFactory.getOperatingSystemMXBean();
        print(
                "%s %s, %d processors, Java %s, heap %d MiB, %s",
                system.getName(),
                system.getVersion(),
                system.getAvailableProcessors(),
                Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20,
                Files.getFileStore(directory));
        double raw = rawForcesPerSecond();
        print("raw: %,.0f fdatasync/s, each after %d bytes more", raw, RECORD_BYTES);
        for (int writers : List.of(1, 16, 256)) {
            acknowledge(writers, raw);
        }
        million();
    }

    private double rawForcesPerSecond() throws IOException {
        Disk disk = Disk.of(directory);
        try (Disk.File file = disk.create("raw")) {
            long start = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - start < MEASURED_NANOS) {
                file.write(ByteBuffer.allocate(RECORD_BYTES), count * RECORD_BYTES);
                file.force();
                count++;
            }
            return count * 1e9 / (System.nanoTime() - start);
        } finally {
            disk.delete("raw");
        }
    }

    private DurableStore store(Path path, Consumer<Event> post) throws Exception {
        DataDirectory locked = DataDirectory.open(path, "benchmark");
        Disk counting = new CountingDisk(locked.disk(), forces);
        DurableStore store = new DurableStore(
                new DurableStore.Ground(
                        "benchmark",
                        counting,
                        locked,
                        16 << 20,
                        System::currentTimeMillis,
                        System::nanoTime,
                        DurableStore.PATIENCE),
                post,
                loop);
        store.open(System.currentTimeMillis());
        return store;
    }

    /// Each writer has one record under way.
    private void acknowledge(int writers, double raw) throws Exception {
        long[] acknowledged = new long[1];
        long[] next = {writers};
        DurableStore[] store = new DurableStore[1];
        store[0] = store(directory.resolve("w" + writers), event -> {
            if (event instanceof Event.Appended done) {
                for (long k = done.from(); k <= done.to(); k++) {
                    acknowledged[0]++;
                    store[0].append(record(++next[0]));
                }
            }
        });
        loop.submit(() -> {
                    for (int k = 1; k <= writers; k++) {
                        store[0].append(record(k));
                    }
                })
                .get();
        TimeUnit.NANOSECONDS.sleep(MEASURED_NANOS / 3);
        long from = loop.submit(() -> acknowledged[0]).get();
        long forced = forces.get();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(MEASURED_NANOS);
        double seconds = (System.nanoTime() - start) / 1e9;
        double records = loop.submit(() -> acknowledged[0]).get() - from;
        double groups = forces.get() - forced;
        print(
                "%3d writers: %,10.0f records/s, %,6.0f forces/s (%.0f %% of raw), %6.1f records per force",
                writers, records / seconds, groups / seconds, 100 * groups / seconds / raw, records / groups);
        loop.submit(() -> store[0].close()).get();
    }

    private void million() throws Exception {
        Semaphore window = new Semaphore(10_000);
        Path path = directory.resolve("million");
        DurableStore written = store(path, event -> {
            if (event instanceof Event.Appended done) {
                window.release((int) (done.to() - done.from() + 1));
            }
        });
        long start = System.nanoTime();
        for (int k = 1; k <= MILLION; k++) {
            window.acquire();
            Run record = record(k);
            loop.execute(() -> written.append(record));
        }
        window.acquire(10_000);
        print("a million runs of one record: written in %.2f s", since(start));
        loop.submit(written::close).get();
        start = System.nanoTime();
        DurableStore opened = store(path, event -> {});
        print("opened in %.2f s, with %d MiB in use", since(start), inUseMib());
        start = System.nanoTime();
        Semaphore done = new Semaphore(0);
        loop.execute(() -> readOn(opened, 1, done));
        done.acquire();
        print("read in %.2f s", since(start));
        loop.submit(opened::close).get();
    }

    private static void readOn(DurableStore store, long from, Semaphore done) {
        if (from > MILLION) {
            done.release();
        } else {
            store.read(
                    new Stream.Range(STREAM, from, MILLION),
                    1 << 20,
                    runs -> readOn(store, runs.getLast().last() + 1, done));
        }
    }

    private static Run record(long sequence) {
        return new Run(
                STREAM,
                1,
                sequence,
                sequence << 16,
                new int[] {RECORD_BYTES},
                new int[] {(int) sequence},
                new byte[RECORD_BYTES]);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long inUseMib() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() >> 20;
    }

    private static void print(String format, Object... values) {
        IO.println(String.format(format, values));
    }

    private record CountingDisk(Disk disk, AtomicLong forces) implements Disk {
        @Override
        public List<String> names() throws IOException {
            return disk.names();
        }

        @Override
        public File create(String name) throws IOException {
            return new CountingFile(disk.create(name), forces);
        }

        @Override
        public File open(String name) throws IOException {
            return new CountingFile(disk.open(name), forces);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void force() throws Unforced {
            disk.force();
        }

        @Override
        public boolean lacks(long bytes) {
            return disk.lacks(bytes);
        }
    }

    private record CountingFile(Disk.File file, AtomicLong forces) implements Disk.File {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            file.read(into, at);
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            file.write(from, at);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws Disk.Unforced {
            forces.incrementAndGet();
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
