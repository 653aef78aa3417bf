package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.host.Drops;
import dev.rumor.host.Warnings;
import dev.rumor.wire.PeerCodec;
import dev.rumor.wire.Sluice;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class PeerChannelTest {

    private final List<String> told = new ArrayList<>();
    private final Drops drops = new Drops(new Warnings(told -> {}, System::nanoTime));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Link link = new Link(1, channel, null, new Hall(1, 1 << 20, drops), Sluice.open());

    PeerChannelTest() {
        channel.pipeline().addLast(link.framing(), new PeerChannel(link, new Notes(), drops, NOPLogger.NOP_LOGGER));
    }

    @Test
    void aSilentPeerIsPingedTwiceAndThenClosed() {
        silence(true);
        silence(false);
        assertThat(told).containsExactly("silent", "silent");
        silence(false);
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).endsWith("gone");
        assertThat(link.farewell()).isEqualTo("nothing was heard for 15 s");
    }

    @Test
    void aSilenceThatWasBrokenIsCountedFromTheStart() {
        silence(true);
        silence(false);
        silence(true);
        silence(false);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    @Test
    void aFrameIsHeardOnlyWhole() {
        byte[] frame = PeerCodec.encode(new Message.Ping());
        channel.writeInbound(Unpooled.wrappedBuffer(frame, 0, 3));
        assertThat(told).isEmpty();
        channel.writeInbound(Unpooled.wrappedBuffer(frame, 3, frame.length - 3));
        assertThat(told).containsExactly("Ping[]");
        channel.close();
    }

    @Test
    void whoIsBeingClosedIsNotListenedTo() {
        link.farewell("enough");
        channel.writeInbound(Unpooled.wrappedBuffer(PeerCodec.encode(new Message.Ping())));
        assertThat(told).isEmpty();
        channel.close();
    }

    private void silence(boolean first) {
        channel.pipeline()
                .fireUserEventTriggered(
                        first ? IdleStateEvent.FIRST_READER_IDLE_STATE_EVENT : IdleStateEvent.READER_IDLE_STATE_EVENT);
        channel.runPendingTasks();
    }

    private final class Notes implements PeerChannel.House {
        @Override
        public void heard(Link from, Message message, int bytes) {
            told.add(message.toString());
        }

        @Override
        public void writable(Link to, boolean writable) {
            told.add(writable ? "drained" : "clogged");
        }

        @Override
        public void silent(Link from) {
            told.add("silent");
        }

        @Override
        public void gone(Link from) {
            told.add("gone");
        }
    }
}
