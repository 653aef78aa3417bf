package dev.rumor.storage;

import static dev.rumor.storage.OpenStore.A;
import static dev.rumor.storage.OpenStore.B;
import static dev.rumor.storage.OpenStore.DISK;
import static dev.rumor.storage.OpenStore.claim;
import static dev.rumor.storage.OpenStore.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Bits flip, blocks vanish, files too. What is damaged is known to be, the rest is served, and nothing else.
class DamageTest {
    private static final int PAGE_BYTES = 4096;

    private final FaultyDisk disk = new FaultyDisk();

    private void fill(int count, int length) throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            for (int k = 1; k <= count; k++) {
                opened.append(run(A, 3L * k - 2, 3L * k, length));
                if (k % 2 == 0) {
                    opened.append(run(B, k / 2, k / 2, length));
                }
                if (k % 3 == 0) {
                    opened.keep();
                }
            }
            opened.waive(B, 1_000, 1_001);
            opened.keep();
        }
    }

    /// What should be there is, or is said not to be.
    private static Intervals damage(Recovery recovery, long lastOfA, long lastOfB) {
        assertThat(recovery.state().isComplete()).isTrue();
        assertThat(recovery.state().disk()).isEqualTo(DISK);
        assertThat(recovery.state().epoch()).isEqualTo(5);
        assertThat(recovery.state().claims())
                .satisfiesExactly(
                        a -> assertThat(a.held()).isEqualTo(Intervals.of(1, lastOfA)),
                        b -> assertThat(b.held())
                                .isEqualTo(Intervals.of(1, lastOfB).plus(1_000, 1_001)));
        Map<Stream, Intervals> damaged = recovery.damaged();
        Intervals ofA = damaged.getOrDefault(A, Intervals.NONE);
        Intervals ofB = damaged.getOrDefault(B, Intervals.NONE);
        assertThat(held(recovery, A)).isEqualTo(Intervals.of(1, lastOfA).minus(ofA));
        assertThat(held(recovery, B)).isEqualTo(Intervals.of(1, lastOfB).minus(ofB));
        return ofA.plus(ofB);
    }

    private static Intervals held(Recovery recovery, Stream stream) {
        Shelf shelf = recovery.shelves().get(stream);
        return shelf == null ? Intervals.NONE : shelf.held();
    }

    @Test
    void whicheverBitFlipsItIsKnownWhatIsDamagedAndNothingElseIsLost() throws IOException {
        fill(6, 8);
        String segment = disk.segments().getFirst();
        byte[] whole = disk.bytes(segment);
        byte[] record = run(A, 4, 4, 8).bytes();
        int place = indexOf(whole, record);
        for (long bit = 0; bit < 8L * whole.length; bit++) {
            FaultyDisk flipped = disk.copy();
            flipped.flip(segment, bit);
            Intervals damaged = damage(Recovery.of(flipped), 18, 3);
            if (bit / 8 >= place && bit / 8 < place + record.length) {
                assertThat(damaged).as("bit %s", bit).isEqualTo(Intervals.of(4, 4));
            }
        }
    }

    private static int indexOf(byte[] whole, byte[] part) {
        for (int k = 0; k + part.length <= whole.length; k++) {
            if (Arrays.equals(whole, k, k + part.length, part, 0, part.length)) {
                return k;
            }
        }
        throw new AssertionError("it is not there");
    }

    @Test
    void aBitInEachPageIsFoundAndNothingWrongIsServed() throws IOException {
        fill(400, 300);
        String segment = disk.segments().getFirst();
        int pages = disk.bytes(segment).length / PAGE_BYTES;
        assertThat(pages).isGreaterThan(100);
        for (int page = 0; page < pages; page++) {
            FaultyDisk flipped = disk.copy();
            flipped.flip(segment, 8L * PAGE_BYTES * page + 8 * 2_000 + page % 8);
            Recovery recovery = Recovery.of(flipped);
            damage(recovery, 1_200, 200);
            try (OpenStore opened = OpenStore.on(flipped)) {
                List<Stream.Range> damaged = opened.recovered.damaged();
                assertThat(opened.recovered.found()).isEqualTo(damaged.isEmpty() ? Found.CLEAN : Found.DAMAGED);
                for (Stream.Range range : damaged) {
                    Intervals around = Intervals.of(Math.max(1, range.from() - 3), range.to() + 3)
                            .and(Intervals.of(1, range.stream().equals(A) ? 1_200 : 200));
                    assertThat(opened.readable(range.stream(), around.from(0), range.to() + 3))
                            .isEqualTo(around.minus(Intervals.of(range.from(), range.to())));
                }
            }
        }
    }

    @Test
    void aPageOfZerosLosesWhatLayThereOrTheNameOfTheDisk() throws IOException {
        fill(400, 300);
        String segment = disk.segments().getFirst();
        byte[] whole = disk.bytes(segment);
        for (int page = 1; page < whole.length / PAGE_BYTES; page++) {
            FaultyDisk blank = disk.copy();
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, page * PAGE_BYTES, (page + 1) * PAGE_BYTES, (byte) 0);
            blank.replace(segment, bytes);
            Recovery recovery = Recovery.of(blank);
            if (recovery.cutBytes() > 0) {
                assertThat(recovery.cutBytes()).as("it lies at the end").isLessThan(3 * PAGE_BYTES);
            } else if (recovery.state().isComplete()) {
                damage(recovery, 1_200, 200);
            } else {
                assertThat(recovery.damaged()).isEmpty();
                assertThat(recovery.state().disk()).isNotEqualTo(DISK);
            }
        }
    }

    @Test
    void whenNobodyCanSayWhatWasHeldTheDiskIsAnotherOne() throws IOException {
        fill(6, 8);
        String segment = disk.segments().getFirst();
        byte[] bytes = disk.bytes(segment);
        Arrays.fill(bytes, 0, 400, (byte) 0);
        disk.replace(segment, bytes);
        try (OpenStore opened = OpenStore.on(disk)) {
            assertThat(opened.recovered.found()).isEqualTo(Found.OLD);
            assertThat(opened.recovered.claims()).isEmpty();
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.found()).as("it never got a name").isEqualTo(Found.NOTHING);
        }
    }

    @Test
    void aSegmentThatIsMissingIsDamageAsLongAsAnotherFollows() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            for (int k = 1; k <= 20; k++) {
                opened.keep(run(A, k, k, 200_000));
            }
        }
        disk.lose(disk.segments().get(1));
        try (OpenStore opened = OpenStore.on(disk)) {
            assertThat(opened.recovered.found()).isEqualTo(Found.DAMAGED);
            assertThat(opened.recovered.claims()).containsExactly(claim(A, 1, 20));
            assertThat(opened.recovered.damaged()).containsExactly(new Stream.Range(A, 7, 12));
            assertThat(opened.readable(A, 1, 20)).isEqualTo(Intervals.of(1, 20).minus(Intervals.of(7, 12)));
        }
    }

    @Test
    void whatIsFoundDamagedByAReadIsReportedFirstAndCanBeKeptAgain() throws IOException {
        fill(6, 8);
        String segment = disk.segments().getFirst();
        int place = indexOf(disk.bytes(segment), run(A, 8, 8, 8).bytes());
        try (OpenStore opened = OpenStore.on(disk)) {
            disk.flip(segment, 8L * place);
            assertThat(opened.read(A, 7, 18))
                    .singleElement()
                    .satisfies(before -> assertThat(before.range()).isEqualTo(new Stream.Range(A, 7, 7)));
            assertThat(opened.events).containsExactly(new Event.Damaged(A, 8, 8));
            assertThat(opened.read(A, 8, 18)).isEmpty();
            assertThat(opened.readable(A, 1, 18)).isEqualTo(Intervals.of(1, 18).minus(Intervals.of(8, 8)));
            assertThat(opened.events).as("and once").hasSize(1);
            opened.keep(run(A, 7, 9, 8));
            assertThat(opened.events).last().isEqualTo(new Event.Appended(A, 7, 9));
            assertThat(opened.readable(A, 1, 18)).isEqualTo(Intervals.of(1, 18));
        }
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.damaged()).isEmpty();
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(again.readable(A, 1, 18)).isEqualTo(Intervals.of(1, 18));
        }
    }

    @Test
    void aReadFromBeforeDoesNotTakeAwayWhatWasKeptAgain() throws IOException {
        fill(6, 8);
        String segment = disk.segments().getFirst();
        int place = indexOf(disk.bytes(segment), run(A, 8, 8, 8).bytes());
        try (OpenStore opened = OpenStore.on(disk)) {
            disk.flip(segment, 8L * place);
            List<List<Stream.Range>> retained = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                opened.store.read(new Stream.Range(A, 8, 8), 1_000, runs -> {
                    opened.append(run(A, 8, 8, 8));
                    retained.add(opened.store.retained());
                });
            }
            opened.await(() -> retained.size() == 2);
            assertThat(opened.events).containsOnlyOnce(new Event.Damaged(A, 8, 8));
            assertThat(retained.getLast()).contains(new Stream.Range(A, 1, 18));
            opened.keep();
            assertThat(opened.readable(A, 1, 18)).isEqualTo(Intervals.of(1, 18));
        }
    }
}
