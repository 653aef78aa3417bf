package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    private static final Stream A = new Stream("a", 1);
    private static final Stream B = new Stream("b", 1);
    private static final int RECORD_BYTES = 10;

    private final List<Event> events = new ArrayList<>();
    private final MemoryStore store = new MemoryStore(events::add);

    @Test
    void everyStartFindsNothing() {
        assertThat(store.open(77)).isEqualTo(Event.Recovered.nothing(77));
        assertThat(events).isEmpty();
    }

    @Test
    void anEpochIsOpenAtOnce() {
        store.openEpoch(new DiskId(1, 2), 3, 4);
        assertThat(events).containsExactly(new Event.EpochOpened());
    }

    @Test
    void whatIsAppendedIsReportedAndCanBeRead() {
        store.append(run(A, 1, 3));
        assertThat(events).containsExactly(new Event.Appended(A, 1, 3));
        assertThat(read(A, 1, 3, 10_000)).containsExactly("a/1/1..3");
        assertThat(store.retained()).containsExactly(new Stream.Range(A, 1, 3));
    }

    @Test
    void aReadCrossesRunsAndEndsWithItsRange() {
        store.append(run(A, 1, 3));
        store.append(run(A, 4, 6));
        assertThat(read(A, 2, 5, 10_000)).containsExactly("a/1/2..3", "a/1/4..5");
    }

    @Test
    void aReadEndsAtAHole() {
        store.append(run(A, 1, 3));
        store.append(run(A, 5, 6));
        assertThat(read(A, 2, 6, 10_000)).containsExactly("a/1/2..3");
        assertThat(store.retained()).containsExactly(new Stream.Range(A, 1, 3), new Stream.Range(A, 5, 6));
    }

    @Test
    void aReadOfWhatIsNotThereIsEmpty() {
        store.append(run(A, 2, 3));
        assertThat(read(A, 1, 3, 10_000)).isEmpty();
        assertThat(read(A, 4, 9, 10_000)).isEmpty();
        assertThat(read(B, 1, 1, 10_000)).isEmpty();
    }

    @Test
    void aReadTakesWhatTheBytesAllowAndOneRecordAtLeast() {
        store.append(run(A, 1, 10));
        store.append(run(A, 11, 20));
        int five = (int) run(A, 1, 5).cost();
        assertThat(read(A, 1, 20, five)).containsExactly("a/1/1..5");
        assertThat(read(A, 1, 20, five - 1)).containsExactly("a/1/1..4");
        assertThat(read(A, 7, 20, 0)).containsExactly("a/1/7");
        int tenAndFive = (int) run(A, 1, 10).cost() + five;
        assertThat(read(A, 1, 20, tenAndFive)).containsExactly("a/1/1..10", "a/1/11..15");
        assertThat(read(A, 1, 20, tenAndFive - five + 1)).containsExactly("a/1/1..10");
    }

    @Test
    void ofAnOverlappingRunOnlyWhatIsMissingIsKept() {
        store.append(run(A, 3, 4));
        store.append(run(A, 1, 6));
        store.append(run(A, 2, 5));
        assertThat(read(A, 1, 6, 10_000)).containsExactly("a/1/1..2", "a/1/3..4", "a/1/5..6");
        assertThat(events).last().isEqualTo(new Event.Appended(A, 2, 5));
        store.trim(List.of(committed(A, 1, 6)), 0, 0);
        long kept = 2 * run(A, 1, 2).cost() + run(A, 3, 4).cost();
        assertThat(events).last().isEqualTo(new Event.Trimmed(List.of(new Stream.Range(A, 1, 6)), kept));
    }

    @Test
    void aSliceDoesNotKeepTheRestOfItsRunAlive() {
        store.append(run(A, 1, 1000).slice(500, 501));
        store.read(new Stream.Range(A, 500, 501), 1000, runs -> {
            Run kept = runs.getFirst();
            assertThat(kept.bytes()).hasSize(2 * RECORD_BYTES);
            assertThat(kept.length(1)).isEqualTo(RECORD_BYTES);
            assertThat(kept.checksum(1)).isEqualTo(501);
            assertThat(kept.bytes()[0]).isEqualTo((byte) 500);
        });
    }

    @Test
    void trimmingStopsAsSoonAsEnoughIsGone() {
        store.append(run(A, 1, 3));
        store.append(run(B, 1, 3));
        store.append(run(A, 4, 6));
        long each = run(A, 1, 3).cost();
        events.clear();
        store.trim(List.of(committed(A, 1, 6), committed(B, 1, 3)), 3 * each, 0);
        assertThat(events).as("nothing to trim").containsExactly(new Event.Trimmed(List.of(), 0));
        events.clear();
        store.trim(List.of(committed(A, 1, 6), committed(B, 1, 3)), each, 0);
        assertThat(events)
                .containsExactly(
                        new Event.Trimmed(List.of(new Stream.Range(A, 1, 3), new Stream.Range(B, 1, 3)), 2 * each));
        assertThat(store.retained()).containsExactly(new Stream.Range(A, 4, 6));
        assertThat(read(A, 1, 6, 10_000)).isEmpty();
    }

    @Test
    void aStreamThatIsNotCommittedHoldsUpNoOther() {
        store.append(run(A, 1, 3));
        store.append(run(B, 1, 3));
        store.append(run(B, 4, 6));
        store.trim(List.of(committed(A, 1, 2), committed(B, 1, 6)), 0, 0);
        assertThat(store.retained()).containsExactly(new Stream.Range(A, 1, 3));
        events.clear();
        store.trim(List.of(committed(A, 1, 2), committed(B, 1, 6)), 0, 0);
        assertThat(events).as("what is not wholly committed stays").containsExactly(new Event.Trimmed(List.of(), 0));
    }

    @Test
    void whatIsCommittedAndTooOldIsLetGoHoweverLittleItIs() {
        MemoryStore store = new MemoryStore(events::add, () -> 10_000);
        store.append(at(1_000, run(A, 1, 3)));
        store.append(at(9_000, run(A, 4, 6)));
        store.append(at(1_000, run(A, 7, 9)));
        store.append(at(1_000, run(B, 1, 3)));
        events.clear();
        store.trim(List.of(committed(A, 1, 9)), Long.MAX_VALUE, 5_000);
        assertThat(events)
                .as("of each stream from its start")
                .containsExactly(new Event.Trimmed(
                        List.of(new Stream.Range(A, 1, 3)), run(A, 1, 3).cost()));
    }

    private List<String> read(Stream stream, long from, long to, int maxBytes) {
        List<String> found = new ArrayList<>();
        store.read(
                new Stream.Range(stream, from, to),
                maxBytes,
                runs -> runs.forEach(run -> found.add(run.range().toString())));
        return found;
    }

    private static Claim committed(Stream stream, long from, long to) {
        return new Claim(stream, 1, Intervals.of(from, to));
    }

    /// Records of ten bytes, each filled with its sequence, which is its checksum as well.
    private static Run run(Stream stream, long first, long last) {
        int count = (int) (last - first + 1);
        int[] lengths = new int[count];
        int[] checksums = new int[count];
        byte[] bytes = new byte[count * RECORD_BYTES];
        for (int k = 0; k < count; k++) {
            lengths[k] = RECORD_BYTES;
            checksums[k] = (int) first + k;
            Arrays.fill(bytes, k * RECORD_BYTES, (k + 1) * RECORD_BYTES, (byte) (first + k));
        }
        return new Run(stream, 1, first, first, lengths, checksums, bytes);
    }

    private static Run at(long millis, Run run) {
        int[] lengths = new int[run.count()];
        Arrays.fill(lengths, RECORD_BYTES);
        return new Run(run.stream(), 1, run.first(), millis << 16, lengths, new int[run.count()], run.bytes());
    }
}
