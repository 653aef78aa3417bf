package dev.rumor.metrics;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// The log on disk: how fast records get there, and what became of them. Of a node that keeps nothing, all of it is 0.
final class Disk {

    private static final Duration[] BUCKETS = LongStream.of(
                    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
                    5_000_000)
            .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
            .toArray(Duration[]::new);

    private final Timer syncs;
    private final Count synced;
    private final Count held;
    private final Count torn;
    private final Count damaged;
    private final Count repaired;

    /// What is damaged now.
    private final Map<Stream, Intervals> wanting = new HashMap<>();

    Disk(Meters meters) {
        syncs = meters.histogram(
                "log.sync", "How long it took to write a group of records and to sync it to disk.", BUCKETS);
        synced = meters.counter(
                "log.synced.records", "Records in these groups; divided by their count, the records per sync.");
        held = meters.counter(
                "log.backlogs",
                "Times that nobody was read from, because too much had come that was not on disk "
                        + "(queue=\"backlog\").");
        torn = meters.counter("log.torn", "1 if this start found an unfinished end of the log, and cut it.");
        damaged = meters.counter("records.damaged", "Records whose bytes on disk failed their check.");
        repaired = meters.counter("records.repaired", "Records of these that were had again from others.");
    }

    void recovered(Event.Recovered recovered) {
        torn.add(recovered.found() == Found.TORN ? 1 : 0);
        recovered.damaged().forEach(this::damaged);
    }

    void damaged(Range range) {
        damaged.add(range.count());
        wanting.merge(range.stream(), Intervals.of(range.from(), range.to()), Intervals::plus);
    }

    void appended(Range range) {
        Intervals wanted = wanting.getOrDefault(range.stream(), Intervals.NONE);
        Intervals back = wanted.and(Intervals.of(range.from(), range.to()));
        if (!back.isEmpty()) {
            repaired.add(back.count());
            wanting.put(range.stream(), wanted.minus(back));
        }
    }

    void synced(int records, long nanos) {
        syncs.record(nanos, TimeUnit.NANOSECONDS);
        synced.add(records);
    }

    void behind() {
        held.increment();
    }
}
