package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SluiceTest {

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private long level;
    private final Sluice sluice = new Sluice(() -> level, 100, turns::add);
    private final Framing.Decoder decoder = new Framing.Decoder(16, sluice);
    private final EmbeddedChannel one = new EmbeddedChannel(decoder);
    private final EmbeddedChannel other = new EmbeddedChannel(new Framing.Decoder(16, sluice));

    @AfterEach
    void release() {
        Stream.of(one, other).forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void beyondItsBoundNothingIsReadFromAnybodyUntilHalfOfThatIsGone() {
        rise(100);
        say(one, 1);
        assertThat(taken(one)).isEqualTo(1);

        assertThat(rise(101)).as("shuts").isTrue();
        assertThat(rise(150)).as("is shut already").isFalse();
        say(one, 2, 3);
        say(other, 4);
        rise(51);
        assertThat(turns).isEmpty();
        assertThat(taken(one)).isZero();
        assertThat(taken(other)).isZero();
        assertThat(isRead(one)).isFalse();

        rise(50);
        turn();
        assertThat(taken(one)).isEqualTo(2);
        assertThat(taken(one)).isEqualTo(3);
        assertThat(taken(other)).isEqualTo(4);
        assertThat(isRead(one)).isTrue();
    }

    @Test
    void itMayShutAgainWhileItLetsFramesThrough() {
        rise(101);
        say(one, 1);
        say(other, 2);
        rise(0);
        rise(101);
        turn();
        assertThat(taken(one)).isZero();
        rise(0);
        turn();
        assertThat(taken(one)).isEqualTo(1);
        assertThat(taken(other)).isEqualTo(2);
    }

    @Test
    void whoIsHeldForAReasonOfItsOwnStaysHeldWhenTheSluiceOpens() {
        rise(101);
        say(one, 1);
        decoder.hold();
        rise(0);
        turn();
        assertThat(taken(one)).isZero();
        assertThat(isRead(one)).isFalse();
        decoder.resume();
        assertThat(taken(one)).isEqualTo(1);
        assertThat(isRead(one)).isTrue();
    }

    @Test
    void whoIsLetGoWhileTheSluiceIsShutWaitsForThat() {
        say(one, 1);
        decoder.hold();
        say(one, 2);
        rise(101);
        decoder.resume();
        assertThat(taken(one)).isEqualTo(1);
        assertThat(taken(one)).isZero();
        rise(0);
        turn();
        assertThat(taken(one)).isEqualTo(2);
    }

    @Test
    void whoIsGoneIsNotWaitedFor() {
        rise(101);
        say(one, 1);
        say(other, 2);
        one.close();
        rise(0);
        turn();
        assertThat(taken(other)).isEqualTo(2);
    }

    private boolean rise(long bytes) {
        level = bytes;
        return sluice.look();
    }

    private void turn() {
        turns.remove().run();
    }

    private static boolean isRead(EmbeddedChannel channel) {
        return channel.config().isAutoRead();
    }

    /// Frames of one byte each, in one piece.
    private static void say(EmbeddedChannel channel, int... bytes) {
        ByteBuf frames = Unpooled.buffer();
        for (int each : bytes) {
            frames.writeInt(1).writeByte(each);
        }
        channel.writeInbound(frames);
    }

    /// The byte of the next frame that was let through, 0 for none.
    private static int taken(EmbeddedChannel channel) {
        ByteBuf frame = channel.readInbound();
        if (frame == null) {
            return 0;
        }
        int taken = frame.readByte();
        frame.release();
        return taken;
    }
}
