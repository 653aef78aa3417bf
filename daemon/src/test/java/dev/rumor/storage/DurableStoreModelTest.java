package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The store against sets of sequences: what was appended, what was let go, what was reported as durable.
/// Now and then it is closed, or the power fails.
class DurableStoreModelTest {
    private static final int STREAMS = 4;
    private static final int SEQUENCES = 200;
    private static final int LENGTH = 900;
    private static final int SEGMENT_BYTES = 20_000;

    private final Random dice = new Random(11);
    private final Map<Stream, Intervals> held = new HashMap<>();
    private final Map<Stream, Intervals> durable = new HashMap<>();
    private final Map<Stream, Intervals> gone = new HashMap<>();
    private FaultyDisk disk = new FaultyDisk();
    private OpenStore opened;
    private long lowest;
    private int trims;
    private int crashes;

    @Test
    void itKeepsReadsTrimsAndRemembersWhatItShould() throws IOException {
        open();
        for (int step = 0; step < 6_000; step++) {
            lowest = 1 + step / 20;
            switch (dice.nextInt(40)) {
                case 0 -> reopen();
                case 1 -> crash();
                case 2, 3 -> trim();
                case 4 -> settle();
                case 5, 6, 7, 8, 9, 10, 11, 12 -> append();
                default -> read();
            }
        }
        opened.close();
        assertThat(trims).isGreaterThan(20);
        assertThat(crashes).isGreaterThan(20);
    }

    private void open() throws IOException {
        opened = OpenStore.on(disk, SEGMENT_BYTES);
        opened.openEpoch(opened.recovered.lastEpoch() + 1);
        assertThat(opened.recovered.damaged()).isEmpty();
        Map<Stream, Intervals> absent = new HashMap<>();
        opened.recovered.absent().forEach(claim -> absent.put(claim.stream(), claim.held()));
        Map<Stream, Intervals> found = new HashMap<>();
        for (Claim claim : opened.recovered.claims()) {
            found.put(claim.stream(), claim.held().minus(absent.getOrDefault(claim.stream(), Intervals.NONE)));
        }
        durable.forEach((stream, kept) -> assertThat(
                        found.getOrDefault(stream, Intervals.NONE).plus(absent.getOrDefault(stream, Intervals.NONE)))
                .matches(known -> known.containsAll(kept), "all of " + kept));
        held.clear();
        held.putAll(found);
        durable.clear();
        durable.putAll(found);
        gone.clear();
        gone.putAll(absent);
        checkRetained();
    }

    private void reopen() throws IOException {
        opened.close();
        report();
        assertThat(durable).isEqualTo(held);
        Map<Stream, Intervals> before = new HashMap<>(held);
        open();
        before.forEach((stream, kept) ->
                assertThat(held.getOrDefault(stream, Intervals.NONE)).isEqualTo(kept));
    }

    private void crash() throws IOException {
        opened.drain();
        report();
        disk.crash(dice);
        FaultyDisk left = disk.copy();
        opened.close();
        disk = left;
        crashes++;
        open();
    }

    private void settle() {
        opened.keep();
        report();
        assertThat(durable).isEqualTo(held);
        checkRetained();
    }

    private void report() {
        for (Event event : opened.events) {
            if (event instanceof Event.Appended done) {
                Intervals range = Intervals.of(done.from(), done.to());
                assertThat(held.get(done.stream())).matches(all -> all.containsAll(range), "has " + range);
                durable.merge(done.stream(), range, Intervals::plus);
            }
        }
        opened.events.clear();
    }

    /// Of what was let go nothing is appended again.
    private void append() {
        Stream.Range range = range();
        Intervals free =
                Intervals.of(range.from(), range.to()).minus(gone.getOrDefault(range.stream(), Intervals.NONE));
        if (!free.isEmpty()) {
            opened.append(OpenStore.run(range.stream(), free.from(0), free.to(0), LENGTH));
            held.merge(range.stream(), Intervals.of(free.from(0), free.to(0)), Intervals::plus);
        }
    }

    private void read() {
        Stream.Range range = range();
        int maxBytes = dice.nextInt(20_000);
        List<Run> runs = opened.read(range.stream(), range.from(), range.to(), maxBytes);
        Intervals wanted =
                Intervals.of(range.from(), range.to()).and(held.getOrDefault(range.stream(), Intervals.NONE));
        if (wanted.isEmpty() || wanted.from(0) > range.from()) {
            assertThat(runs).isEmpty();
            return;
        }
        long cost = 0;
        long next = range.from();
        for (Run run : runs) {
            OpenStore.check(run);
            assertThat(run.first()).isEqualTo(next);
            next = run.last() + 1;
            cost += run.cost();
        }
        assertThat(next).isGreaterThan(range.from()).isLessThanOrEqualTo(wanted.to(0) + 1);
        assertThat(next == range.from() + 1 || cost <= maxBytes).isTrue();
    }

    private void trim() {
        settle();
        List<Claim> committed = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            committed.add(OpenStore.claim(stream(k), 1, lowest + dice.nextInt(SEQUENCES)));
        }
        Event.Trimmed trimmed = opened.trim(dice.nextInt(200_000), 0, committed.toArray(Claim[]::new));
        for (Stream.Range range : trimmed.ranges()) {
            Intervals lost = Intervals.of(range.from(), range.to());
            assertThat(committed)
                    .anyMatch(claim -> claim.stream().equals(range.stream())
                            && claim.held().containsAll(lost));
            assertThat(held.get(range.stream()).containsAll(lost)).isTrue();
            held.merge(range.stream(), lost, Intervals::minus);
            durable.merge(range.stream(), lost, Intervals::minus);
            gone.merge(range.stream(), lost, Intervals::plus);
        }
        trims += trimmed.ranges().isEmpty() ? 0 : 1;
        checkRetained();
    }

    private void checkRetained() {
        List<Stream.Range> ranges = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            Intervals kept = held.getOrDefault(stream(k), Intervals.NONE);
            for (int i = 0; i < kept.size(); i++) {
                ranges.add(new Stream.Range(stream(k), kept.from(i), kept.to(i)));
            }
        }
        assertThat(opened.store.retained()).isEqualTo(ranges);
    }

    private Stream.Range range() {
        long from = lowest + dice.nextInt(SEQUENCES);
        return new Stream.Range(stream(dice.nextInt(STREAMS)), from, from + dice.nextInt(12));
    }

    private static Stream stream(int k) {
        return new Stream("node-" + k, 1);
    }
}
