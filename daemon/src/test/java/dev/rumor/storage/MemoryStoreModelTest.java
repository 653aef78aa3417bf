package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The store against a list of runs that is searched from end to end for everything.
class MemoryStoreModelTest {
    private static final int STREAMS = 4;
    private static final int SEQUENCES = 60;

    private record Kept(Run run, int arrival) {}

    private final Random dice = new Random(7);
    private final List<Event> events = new ArrayList<>();
    private final MemoryStore store = new MemoryStore(events::add);
    private final List<Kept> model = new ArrayList<>();
    private int arrivals;

    @Test
    void itKeepsReadsAndTrimsWhatANaiveOneDoes() {
        for (int step = 0; step < 5_000; step++) {
            switch (dice.nextInt(6)) {
                case 0 -> trim();
                case 1, 2 -> append();
                default -> read();
            }
        }
    }

    private void append() {
        Run run = run(range());
        for (long next = run.first(); next <= run.last(); next++) {
            if (keeper(run.stream(), next).isEmpty()) {
                long from = next;
                while (next < run.last() && keeper(run.stream(), next + 1).isEmpty()) {
                    next++;
                }
                model.add(new Kept(run.slice(from, next), arrivals));
            }
        }
        arrivals++;
        store.append(run);
        assertThat(events.removeLast()).isEqualTo(new Event.Appended(run.stream(), run.first(), run.last()));
    }

    private void read() {
        Stream.Range range = range();
        int maxBytes = dice.nextInt(2_000);
        store.read(range, maxBytes, runs -> {
            List<String> records = new ArrayList<>();
            long cost = 0;
            for (Run run : runs) {
                cost += run.cost();
                for (int k = 0; k < run.count(); k++) {
                    records.add(run.stream().id(run.first() + k) + " " + run.checksum(k) + " " + run.length(k));
                }
            }
            assertThat(records.size() <= 1 || cost <= maxBytes).isTrue();
            List<String> expected = contiguous(range);
            assertThat(expected).startsWith(records.toArray(String[]::new));
            assertThat(records.isEmpty()).isEqualTo(expected.isEmpty());
            assertThat(records.size() == expected.size() || cost + Run.RUN_OVERHEAD_BYTES + 30 > maxBytes)
                    .as("no room for one more")
                    .isTrue();
        });
    }

    private List<String> contiguous(Stream.Range range) {
        List<String> records = new ArrayList<>();
        for (long next = range.from(); next <= range.to(); next++) {
            Optional<Kept> keeper = keeper(range.stream(), next);
            if (keeper.isEmpty()) {
                break;
            }
            int k = (int) (next - keeper.get().run.first());
            records.add(range.stream().id(next) + " " + keeper.get().run.checksum(k) + " "
                    + keeper.get().run.length(k));
        }
        return records;
    }

    private void trim() {
        List<Claim> committed = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            committed.add(new Claim(stream(k), 1, Intervals.of(1, dice.nextInt(SEQUENCES + 1))));
        }
        long keepBytes = dice.nextLong(total() + 1);
        List<Run> gone = new ArrayList<>();
        for (Optional<Kept> next = oldest(committed);
                total() > keepBytes && next.isPresent();
                next = oldest(committed)) {
            model.remove(next.get());
            gone.add(next.get().run);
        }
        store.trim(committed, keepBytes, 0);
        Event.Trimmed trimmed = (Event.Trimmed) events.removeLast();
        assertThat(events).isEmpty();
        assertThat(trimmed.bytes()).isEqualTo(gone.stream().mapToLong(Run::cost).sum());
        assertThat(trimmed.ranges()).isEqualTo(ranges(gone));
        assertThat(store.retained())
                .isEqualTo(ranges(model.stream().map(Kept::run).toList()));
    }

    /// Of the streams whose first run is committed, the first run that arrived first.
    private Optional<Kept> oldest(List<Claim> committed) {
        return committed.stream()
                .flatMap(claim -> model.stream()
                        .filter(kept -> kept.run.stream().equals(claim.stream()))
                        .min(Comparator.comparingLong(kept -> kept.run.first()))
                        .filter(first -> claim.held().contains(first.run.first(), first.run.last()))
                        .stream())
                .min(Comparator.comparingInt(Kept::arrival));
    }

    private static List<Stream.Range> ranges(List<Run> runs) {
        List<Stream.Range> ranges = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            Stream stream = stream(k);
            Intervals held = runs.stream()
                    .filter(run -> run.stream().equals(stream))
                    .map(run -> Intervals.of(run.first(), run.last()))
                    .reduce(Intervals.NONE, Intervals::plus);
            for (int i = 0; i < held.size(); i++) {
                ranges.add(new Stream.Range(stream, held.from(i), held.to(i)));
            }
        }
        return ranges;
    }

    private Optional<Kept> keeper(Stream stream, long sequence) {
        return model.stream()
                .filter(kept ->
                        kept.run.stream().equals(stream) && kept.run.first() <= sequence && sequence <= kept.run.last())
                .findAny();
    }

    private long total() {
        return model.stream().mapToLong(kept -> kept.run.cost()).sum();
    }

    private Stream.Range range() {
        long from = 1 + dice.nextInt(SEQUENCES);
        return new Stream.Range(stream(dice.nextInt(STREAMS)), from, from + dice.nextInt(12));
    }

    private static Stream stream(int k) {
        return new Stream("node-" + k, 1);
    }

    private Run run(Stream.Range range) {
        int[] lengths = new int[(int) range.count()];
        int[] checksums = new int[lengths.length];
        int size = 0;
        for (int k = 0; k < lengths.length; k++) {
            lengths[k] = dice.nextInt(20);
            checksums[k] = dice.nextInt();
            size += lengths[k];
        }
        return new Run(range.stream(), 1, range.from(), 1, lengths, checksums, new byte[size]);
    }
}
