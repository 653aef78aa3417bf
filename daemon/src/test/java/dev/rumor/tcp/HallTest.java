package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.host.Warnings;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HallTest {

    private static final int KIB = 1 << 10;

    private final Drops drops = new Drops(new Warnings(said -> {}, System::nanoTime));
    private final Hall hall = new Hall(3, 1_000 * KIB, drops);
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final List<String> farewells = new ArrayList<>();

    @AfterEach
    void closeAll() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void aFrameThatComesByteByByteIsNotWaitedForLongerThan15Seconds() {
        Hall.Guest slow = enter();
        for (int second = 0; second < 15; second++) {
            assertThat(channels.getFirst().isOpen()).isTrue();
            slow.began(1 + second, KIB);
            pass(1);
        }
        assertThat(channels.getFirst().isOpen()).isFalse();
        assertThat(drops.count(Drop.SLOW_FRAME)).isEqualTo(1);
        assertThat(farewells).singleElement().asString().contains("65536 bytes within 15 s");
        assertThat(hall.bytes()).isZero();
    }

    @Test
    void aLargeFrameOnASlowLineIsWaitedFor() {
        Hall.Guest slow = enter();
        for (int k = 1; k <= 30; k++) {
            slow.began(k * Hall.PACE_BYTES / 2, k * Hall.PACE_BYTES / 2);
            pass(Hall.PACE_SECONDS / 3);
        }
        assertThat(channels.getFirst().isOpen()).isTrue();
        slow.heard();
        slow.began(0, 0);
        pass(2 * Hall.PACE_SECONDS);
        assertThat(channels.getFirst().isOpen()).isTrue();
    }

    @Test
    void frameAfterFrameOfWhichEachIsWholeInTimeIsNoSlowFrame() {
        Hall.Guest busy = enter();
        for (int k = 0; k < 10; k++) {
            busy.heard();
            busy.began(10, KIB);
            pass(Hall.PACE_SECONDS / 2);
        }
        assertThat(channels.getFirst().isOpen()).isTrue();
    }

    @Test
    void whoLeavesInTheMiddleOfAFrameWasNotSlow() {
        enter().began(10, KIB);
        channels.getFirst().close();
        pass(Hall.PACE_SECONDS);
        assertThat(drops.count(Drop.SLOW_FRAME)).isZero();
        assertThat(hall.bytes()).isZero();
    }

    @Test
    void beyondTheBoundWhoHasKeptSomethingForLongestIsClosed() {
        Hall.Guest first = enter();
        Hall.Guest second = enter();
        Hall.Guest third = enter();
        second.began(500 * KIB, 500 * KIB);
        first.began(400 * KIB, 400 * KIB);
        assertThat(hall.bytes()).isEqualTo(900 * KIB);
        third.began(200 * KIB, 200 * KIB);
        assertThat(channels).extracting(EmbeddedChannel::isOpen).containsExactly(true, false, true);
        assertThat(hall.bytes()).isEqualTo(600 * KIB);
        assertThat(drops.count(Drop.HELD_TOO_LONG)).isEqualTo(1);
    }

    @Test
    void whatIsWrittenAndNotTakenCountsUntilItIsTaken() {
        Hall.Guest guest = enter();
        guest.wrote(100 * KIB);
        assertThat(hall.bytes()).as("it takes what is written").isZero();
        EmbeddedChannel channel = channels.getFirst();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        channel.write(Unpooled.wrappedBuffer(new byte[100]));
        guest.wrote(100 * KIB);
        assertThat(hall.bytes()).isGreaterThanOrEqualTo(100 * KIB);
        guest.took();
        assertThat(hall.bytes()).isZero();
    }

    @Test
    void whoNeverAskedAnythingGivesUpItsPlaceFirst() {
        enter().heard();
        Hall.Guest silent = enter();
        assertThat(hall.isFull()).isFalse();
        enter();
        assertThat(hall.isFull()).isTrue();
        assertThat(hall.idlest()).containsSame(silent);
        silent.drop(Drop.IDLE_CLIENT, "another came");
        assertThat(hall.isFull()).isFalse();
        assertThat(farewells).containsExactly("another came");
    }

    @Test
    void whoAskedSomethingNotLongAgoKeepsItsPlace() {
        enter().heard();
        assertThat(hall.idlest()).isEmpty();
    }

    @Test
    void whoHasMuchToSayLetsTheOthersGoFirst() {
        Hall.Guest eager = enter();
        int frames = 0;
        while (!eager.hadItsTurn()) {
            eager.heard();
            frames++;
        }
        assertThat(frames).isEqualTo(4_096);
        List<String> resumed = new ArrayList<>();
        eager.endTurn(() -> resumed.add("resumed"));
        assertThat(resumed).isEmpty();
        pass(0);
        assertThat(resumed).hasSize(1);
        assertThat(eager.hadItsTurn()).isFalse();
    }

    private Hall.Guest enter() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channels.add(channel);
        return hall.enter(channel, farewells::add);
    }

    private void pass(int seconds) {
        for (EmbeddedChannel each : channels) {
            each.advanceTimeBy(seconds, TimeUnit.SECONDS);
            each.runScheduledPendingTasks();
            each.runPendingTasks();
        }
    }
}
