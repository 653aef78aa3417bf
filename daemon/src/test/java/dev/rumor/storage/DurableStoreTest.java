package dev.rumor.storage;

import static dev.rumor.storage.OpenStore.A;
import static dev.rumor.storage.OpenStore.B;
import static dev.rumor.storage.OpenStore.DISK;
import static dev.rumor.storage.OpenStore.claim;
import static dev.rumor.storage.OpenStore.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DurableStoreTest {
    private static final int LONG = 1_000;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void anEmptyDiskHoldsNothing() throws IOException {
        try (OpenStore opened = OpenStore.on(disk)) {
            assertThat(opened.recovered).isEqualTo(Event.Recovered.nothing(1_000_000));
        }
    }

    @Test
    void whatIsAppendedCanBeReadAtOnceAndIsReportedWhenItIsDurable() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.append(run(A, 1, 3));
            assertThat(opened.events).isEmpty();
            assertThat(opened.store.backlogBytes()).isEqualTo(run(A, 1, 3).cost());
            assertThat(opened.read(A, 1, 3)).containsExactly(run(A, 1, 3));
            opened.keep();
            assertThat(opened.events).containsExactly(new Event.Appended(A, 1, 3));
            assertThat(opened.store.retained()).containsExactly(new Stream.Range(A, 1, 3));
        }
    }

    @Test
    void whatWasKeptIsThereAgain() throws IOException {
        Register register = new Register(
                "a",
                5,
                2,
                Register.State.ACTIVE,
                DISK,
                List.of("a:7400", "b:7400"),
                1,
                1,
                "0.1",
                List.of(new Register.End(3, 9), new Register.End(4, Register.End.UNKNOWN)),
                List.of(new DiskId(3, 4)));
        Mark mark = new Mark("b", 4, 77);
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.store.rememberRegister(register);
            opened.store.rememberMarks(List.of(mark));
            opened.waive(B, 4, 6);
            opened.keep(run(A, 1, 3), run(B, 1, 3), run(A, 4, 4));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            long bytes =
                    run(A, 1, 3).cost() + run(B, 1, 3).cost() + run(A, 4, 4).cost();
            assertThat(again.recovered)
                    .isEqualTo(new Event.Recovered(
                            Found.CLEAN,
                            DISK,
                            5,
                            List.of(claim(A, 1, 4), claim(B, 1, 6)),
                            List.of(claim(B, 4, 6)),
                            List.of(),
                            List.of(mark),
                            bytes,
                            List.of(register),
                            1_000_000));
            assertThat(again.readable(A, 1, 9)).isEqualTo(Intervals.of(1, 4));
            assertThat(again.readable(B, 1, 9)).isEqualTo(Intervals.of(1, 3));
        }
    }

    @Test
    void ofAnOverlappingRunOnlyWhatIsMissingIsKept() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 3, 4), run(A, 1, 6), run(A, 2, 5));
            assertThat(opened.events)
                    .containsExactly(
                            new Event.Appended(A, 3, 4), new Event.Appended(A, 1, 6), new Event.Appended(A, 2, 5));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.bytes())
                    .isEqualTo(2 * Run.RUN_OVERHEAD_BYTES
                            + run(A, 1, 2).cost()
                            + run(A, 3, 6).cost()
                            - Run.RUN_OVERHEAD_BYTES);
            assertThat(again.readable(A, 1, 6)).isEqualTo(Intervals.of(1, 6));
        }
    }

    @Test
    void aReadTakesWhatTheBytesAllowAndOneRecordAtLeastFromDiskToo() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 10), run(A, 11, 20));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            int five = (int) run(A, 1, 5).cost();
            assertThat(again.read(A, 1, 20, five)).containsExactly(run(A, 1, 5));
            assertThat(again.read(A, 1, 20, five - 1)).containsExactly(run(A, 1, 4));
            assertThat(again.read(A, 7, 20, 0)).hasSize(1).first().matches(run -> run.first() == 7 && run.count() == 1);
            assertThat(again.read(A, 1, 20, (int)
                            (run(A, 1, 10).cost() + run(A, 11, 15).cost())))
                    .containsExactly(run(A, 1, 10), run(A, 11, 15));
            assertThat(again.read(A, 21, 30)).isEmpty();
            assertThat(again.read(B, 1, 3)).isEmpty();
        }
    }

    @Test
    void runsOfOneRecordBetweenOthersDoNotCostAReadEach() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            for (int k = 1; k <= 500; k++) {
                opened.append(run(A, k, k));
                opened.append(run(B, k, k));
            }
            opened.keep();
        }
        try (OpenStore again = OpenStore.on(disk)) {
            int before = disk.reads();
            assertThat(again.read(A, 1, 500)).hasSize(500);
            assertThat(disk.reads() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void theCacheIsBoundedAndTheRestIsReadFromDisk() throws IOException {
        try (OpenStore opened = OpenStore.on(disk, 8 << 20)) {
            opened.openEpoch(5);
            for (int k = 1; k <= 400; k++) {
                opened.append(run(A, k, k, 64 << 10));
            }
            opened.keep();
            int before = disk.reads();
            opened.read(A, 400, 400);
            assertThat(disk.reads()).isEqualTo(before);
            OpenStore.check(opened.read(A, 1, 1).getFirst());
            assertThat(disk.reads()).isGreaterThan(before);
        }
    }

    @Test
    void aLogIsManySegments() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            for (int k = 1; k <= 30; k++) {
                opened.keep(run(A, k, k, 200_000));
            }
            assertThat(disk.segments()).hasSizeBetween(5, 7);
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(again.readable(A, 1, 30)).isEqualTo(Intervals.of(1, 30));
        }
    }

    @Test
    void wholeSegmentsAreLetGoOldestFirst() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            for (int k = 1; k <= 30; k++) {
                opened.keep(run(A, k, k, 200_000));
            }
            int before = disk.segments().size();
            assertThat(opened.trim(Long.MAX_VALUE, 0, claim(A, 1, 30))).isEqualTo(new Event.Trimmed(List.of(), 0));
            Event.Trimmed trimmed = opened.trim(3_000_000, 0, claim(A, 1, 30));
            long last = trimmed.ranges().getFirst().to();
            assertThat(trimmed.ranges()).containsExactly(new Stream.Range(A, 1, last));
            assertThat(trimmed.bytes()).isBetween(3_000_000L, 4_100_000L);
            assertThat(disk.segments()).hasSizeLessThan(before);
            assertThat(opened.store.retained()).containsExactly(new Stream.Range(A, last + 1, 30));
            assertThat(opened.readable(A, 1, 30)).isEqualTo(Intervals.of(last + 1, 30));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.claims()).containsExactly(claim(A, 1, 30));
            assertThat(again.recovered.absent())
                    .singleElement()
                    .satisfies(it -> assertThat(it.held().contiguous()).isBetween(10L, 25L));
            assertThat(again.recovered.damaged()).isEmpty();
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
        }
    }

    @Test
    void theNewestSegmentGoesTooWhenAllOfItIsCommitted() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 3), run(B, 1, 1));
            assertThat(opened.trim(0, 0, claim(A, 1, 3))).isEqualTo(new Event.Trimmed(List.of(), 0));
            Event.Trimmed trimmed = opened.trim(0, 0, claim(A, 1, 3), claim(B, 1, 1));
            assertThat(trimmed.bytes())
                    .isEqualTo(run(A, 1, 3).cost() + run(B, 1, 1).cost());
            assertThat(opened.store.retained()).isEmpty();
            assertThat(disk.segments()).hasSize(1);
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.claims())
                    .isEqualTo(again.recovered.absent())
                    .hasSize(2);
        }
    }

    @Test
    void whatIsAppendedTogetherWithATrimIsNotTrimmedWithIt() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 3));
            synchronized (disk) {
                opened.append(run(A, 4, 4));
                opened.append(run(A, 5, 5));
                opened.store.trim(List.of(claim(A, 1, 3)), 0, 1);
                opened.append(run(A, 6, 6));
            }
            opened.keep(run(A, 7, 7));
            opened.trim(0, 0, claim(A, 1, 5));
            assertThat(opened.readable(A, 1, 7)).isEqualTo(Intervals.of(6, 7));
            opened.keep(run(A, 8, 8));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(again.readable(A, 1, 8)).isEqualTo(Intervals.of(6, 8));
        }
    }

    @Test
    void aSegmentThatIsNotCommittedHoldsUpItselfOnly() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(B, 1, 1));
            for (int k = 1; k <= 30; k++) {
                opened.keep(run(A, k, k, 200_000));
            }
            opened.trim(0, 0, claim(A, 1, 30));
            assertThat(opened.store.retained())
                    .as("the first run of the other stream pins those beside it")
                    .containsExactly(new Stream.Range(A, 1, 6), new Stream.Range(B, 1, 1));
            opened.keep(run(A, 31, 31));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.found())
                    .as("a number is missing among the segments")
                    .isEqualTo(Found.CLEAN);
            assertThat(again.readable(A, 1, 31)).isEqualTo(Intervals.of(1, 6).plus(31, 31));
        }
    }

    @Test
    void whatIsTooOldIsLetGoHoweverLittleItIs() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(OpenStore.at(100_000, A, 1, 3, LONG), OpenStore.at(900_000, A, 4, 6, LONG));
            assertThat(opened.trim(Long.MAX_VALUE, 950_000, claim(A, 1, 6)).ranges())
                    .isEmpty();
            opened.keep(OpenStore.at(990_000, A, 7, 9, LONG));
            assertThat(opened.trim(Long.MAX_VALUE, 60_000, claim(A, 1, 9)).ranges())
                    .as("the segment had been closed for its age")
                    .containsExactly(new Stream.Range(A, 1, 6));
            opened.wallMillis(2_000_000);
            assertThat(opened.trim(Long.MAX_VALUE, 60_000, claim(A, 1, 8)).ranges())
                    .isEmpty();
            assertThat(opened.trim(Long.MAX_VALUE, 60_000, claim(A, 1, 9)).ranges())
                    .containsExactly(new Stream.Range(A, 7, 9));
        }
    }

    @Test
    void aThousandEpochsAreSoonRead() throws IOException {
        for (int epoch = 1; epoch <= 1_000; epoch++) {
            try (OpenStore opened = OpenStore.on(disk)) {
                assertThat(opened.recovered.lastEpoch()).isEqualTo(epoch - 1);
                opened.openEpoch(epoch);
                opened.keep(run(new Stream("a", epoch), 1, 2));
            }
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.claims()).hasSize(1_000);
            assertThat(disk.segments()).hasSize(1);
        }
    }

    @Test
    void nobodyElseGetsTheDirectoryWhileASlowDiskStillTakesWhatWaits() throws IOException {
        FaultyDisk slow = new FaultyDisk();
        AtomicBoolean unlocked = new AtomicBoolean();
        OpenStore opened = OpenStore.on(slow, () -> unlocked.set(true), Duration.ofMillis(10));
        opened.openEpoch(5);
        synchronized (slow) {
            opened.append(run(A, 1, 3));
            opened.close();
            assertThat(unlocked).isFalse();
        }
        await().untilTrue(unlocked);
        try (OpenStore again = OpenStore.on(slow)) {
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(again.recovered.claims()).containsExactly(claim(A, 1, 3));
        }
    }

    @Test
    void whatIsKeptInReserveForAFullDiskIsThereWholeOrNotAtAll() throws IOException {
        FaultyDisk full = new FaultyDisk();
        full.roomFor(1_000);
        assertThatThrownBy(() -> OpenStore.on(full)).isInstanceOf(IOException.class);
        assertThat(full.names()).doesNotContain(Writer.RESERVE);
        full.heal();
        full.create(Writer.RESERVE).close();
        OpenStore.on(full).close();
        try (Disk.File reserve = full.open(Writer.RESERVE)) {
            assertThat(reserve.size()).isEqualTo(64 << 10);
        }
    }
}
