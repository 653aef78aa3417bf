package dev.rumor.storage;

import static dev.rumor.storage.OpenStore.A;
import static dev.rumor.storage.OpenStore.DISK;
import static dev.rumor.storage.OpenStore.claim;
import static dev.rumor.storage.OpenStore.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The power fails, or the disk does. What was acknowledged is there afterwards.
class CrashIT {
    private static final int CYCLES = 240;

    /// So often one disk goes through it before the next is taken, so that what is read back stays little.
    private static final int LIVES = 20;

    private FaultyDisk disk = new FaultyDisk();

    @Test
    void whereverTheLastGroupBreaksOffTheRestIsKept() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 3));
        }
        String segment = disk.segments().getFirst();
        int before = disk.bytes(segment).length;
        try (OpenStore opened = OpenStore.on(disk)) {
            opened.append(run(A, 4, 5));
            opened.keep(run(A, 6, 9));
            disk.settle();
            FaultyDisk running = disk.copy();
            byte[] whole = running.bytes(segment);
            for (int length = before; length <= whole.length; length++) {
                running.replace(segment, Arrays.copyOf(whole, length));
                try (OpenStore again = OpenStore.on(running)) {
                    long last = again.recovered.claims().getFirst().held().last();
                    assertThat(last).isIn(3L, 5L, 9L);
                    assertThat(again.recovered.claims()).containsExactly(claim(A, 1, last));
                    assertThat(again.recovered.damaged()).isEmpty();
                    assertThat(again.readable(A, 1, 9)).isEqualTo(Intervals.of(1, last));
                    again.keep(run(A, last + 1, 12, 5));
                }
                try (OpenStore again = OpenStore.on(running)) {
                    assertThat(again.recovered.claims()).containsExactly(claim(A, 1, 12));
                    assertThat(again.readable(A, 1, 12)).isEqualTo(Intervals.of(1, 12));
                }
            }
            assertThat(before).isLessThan(whole.length);
        }
    }

    /// Each cycle writes, and at some force or write the disk fails; then the power does.
    @Test
    void whatWasAcknowledgedOutlivesAnyCrash() throws IOException {
        TreeMap<Stream, Intervals> acknowledged = new TreeMap<>();
        long epoch = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Random dice = new Random(cycle);
            if (cycle % LIVES == 0) {
                assertThat(acknowledged).as("before cycle %s", cycle).hasSizeGreaterThanOrEqualTo(cycle == 0 ? 0 : 5);
                disk = new FaultyDisk();
                acknowledged.clear();
                epoch = 0;
            }
            try (OpenStore opened = OpenStore.on(disk)) {
                expect(opened, acknowledged, epoch, cycle);
                epoch = work(opened, acknowledged, epoch, dice);
                disk.crash(dice);
                disk = disk.copy();
            }
        }
    }

    private static void expect(OpenStore opened, TreeMap<Stream, Intervals> acknowledged, long epoch, int cycle) {
        String seed = "cycle " + cycle;
        assertThat(opened.recovered.found()).as(seed).isIn(Found.NOTHING, Found.TORN, Found.CLEAN);
        assertThat(opened.recovered.lastEpoch()).as(seed).isGreaterThanOrEqualTo(epoch);
        assertThat(opened.recovered.damaged()).as(seed).isEmpty();
        acknowledged.forEach((stream, held) -> {
            assertThat(opened.readable(stream, 1, held.last()))
                    .as(seed + " " + stream)
                    .isEqualTo(held);
        });
    }

    /// @return the last epoch that was opened
    private long work(OpenStore opened, TreeMap<Stream, Intervals> acknowledged, long lastEpoch, Random dice) {
        if (dice.nextBoolean()) {
            disk.failAfterForces(dice.nextInt(6));
        } else {
            disk.failAfterWrites(dice.nextInt(8));
        }
        long epoch = opened.recovered.lastEpoch() + 1;
        opened.store.openEpoch(DISK, epoch, OpenStore.TAG);
        opened.await(() -> !opened.events.isEmpty());
        long opening = opened.hasFailed() ? lastEpoch : epoch;
        Stream stream = new Stream("n", epoch);
        long next = 1;
        while (!opened.hasFailed() && next < 200) {
            int length = dice.nextInt(8) == 0 ? 100_000 : 50 + 300 * dice.nextInt(4);
            for (int k = dice.nextInt(4); k >= 0; k--) {
                long last = next + dice.nextInt(3);
                opened.append(run(stream, next, last, length));
                next = last + 1;
            }
            opened.drain();
            if (dice.nextBoolean()) {
                opened.keep();
            }
        }
        opened.drain();
        opened.events.forEach(event -> {
            if (event instanceof Event.Appended done) {
                acknowledged.merge(done.stream(), Intervals.of(done.from(), done.to()), Intervals::plus);
            }
        });
        return opening;
    }

    @Test
    void aFullDiskAcknowledgesNothingMoreAndStillTakesACleanStop() throws IOException {
        for (int room = 0; room < 2_000; room += 7) {
            disk = new FaultyDisk();
            Intervals kept;
            try (OpenStore opened = OpenStore.begin(disk)) {
                opened.keep(run(A, 1, 3));
                opened.events.clear();
                disk.roomFor(room);
                for (long next = 4; !opened.hasFailed(); next++) {
                    opened.keep(run(A, next, next));
                }
                assertThat(opened.events.getLast())
                        .isInstanceOfSatisfying(
                                Event.StoreFailed.class,
                                it -> assertThat(it.why()).contains("No space left"));
                kept = Intervals.of(1, 3 + opened.events.size() - 1);
                int events = opened.events.size();
                opened.append(run(A, 1_000, 1_000));
                opened.drain();
                assertThat(opened.events).hasSize(events);
            }
            disk.heal();
            try (OpenStore again = OpenStore.on(disk)) {
                assertThat(again.recovered.found()).as("room %s", room).isEqualTo(Found.CLEAN);
                assertThat(again.recovered.claims()).containsExactly(new Claim(A, OpenStore.TAG, kept));
                assertThat(disk.names()).contains(Writer.RESERVE);
            }
        }
    }

    @Test
    void afterAnErrorNothingIsWrittenAnyMore() throws IOException {
        for (int forces = 0; forces < 3; forces++) {
            disk = new FaultyDisk();
            try (OpenStore opened = OpenStore.begin(disk)) {
                disk.failAfterForces(forces);
                for (long next = 1; !opened.hasFailed(); next++) {
                    opened.keep(run(A, next, next));
                }
                assertThat(opened.events).hasSize(forces + 1);
                disk.heal();
                byte[] left = disk.bytes(disk.segments().getFirst());
                opened.append(run(A, 1_000, 1_000));
                opened.store.close();
                assertThat(disk.bytes(disk.segments().getFirst())).isEqualTo(left);
            }
            try (OpenStore again = OpenStore.on(disk)) {
                assertThat(again.recovered.found()).isEqualTo(Found.TORN);
            }
        }
    }

    @Test
    void aDiskThatCannotBeWrittenToIsNotOpened() {
        disk.makeReadOnly();
        assertThat(catchThrowable(() -> OpenStore.on(disk)))
                .isInstanceOf(IOException.class)
                .hasMessage("the log cannot be opened: Read-only file system");
    }

    @Test
    void aSegmentThatWasLetGoButNotDeletedIsDeletedLater() throws IOException {
        byte[] old;
        String name;
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 3));
            name = disk.segments().getFirst();
            old = disk.bytes(name);
            opened.trim(0, 0, claim(A, 1, 3));
        }
        disk.replace(name, old);
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.absent()).containsExactly(claim(A, 1, 3));
            assertThat(again.recovered.bytes()).isZero();
            assertThat(again.store.retained()).isEmpty();
            assertThat(disk.segments()).hasSize(1).doesNotContain(name);
        }
    }

    @Test
    void aSegmentThatWasNotFinishedIsForgotten() throws IOException {
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(run(A, 1, 3));
        }
        disk.replace("log-00000002.seg.new", new byte[50]);
        try (OpenStore again = OpenStore.on(disk)) {
            assertThat(again.recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(disk.names()).doesNotContain("log-00000002.seg.new");
        }
    }
}
