package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.host.Drops;
import dev.rumor.host.Warnings;
import dev.rumor.wire.BesiegedNode;
import dev.rumor.wire.ClientCodec;
import dev.rumor.wire.Forger;
import dev.rumor.wire.Framing;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.PeerCodec;
import dev.rumor.wire.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever an accepted connection brings, in whatever pieces: it is understood or refused, every buffer is
/// released, and the node behind it goes on.
class ForgedConnectionsTest implements PeerChannel.House {

    private static final int CONNECTIONS = 8_000;
    private static final int MOST_FRAMES = 12;
    private static final int[] LENGTHS = {0, 1, 4096, 4097, Framing.MAX_FRAME_BYTES, Integer.MAX_VALUE, -1};
    private static final byte[] HELLO =
            PeerCodec.encode(new Message.Hello("rumor", 1, 1, "web-1", 9, 7, 5, new DiskId(1, 2), true, "0.1.0"));

    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private final ListAppender<ILoggingEvent> errors = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("forged");
    private final Drops drops = new Drops(new Warnings(warning -> {}, System::nanoTime));
    private final Hall hall = new Hall(1, 1 << 20, drops);
    private final BesiegedNode node = new BesiegedNode();
    private SplittableRandom dice;
    private Framing.Decoder framing;
    private int messages;
    private int requests;
    private int refused;

    ForgedConnectionsTest() {
        errors.start();
        log.addAppender(errors);
        log.setLevel(Level.ERROR);
    }

    @Test
    void aConnectionMayBringAnythingInAnyPieces() {
        SplittableRandom dice = new SplittableRandom(20_261_120);
        Forger peers = Forger.ofPeers(1);
        Forger clients = Forger.ofClients(2);
        for (int k = 0; k < CONNECTIONS; k++) {
            byte[] bytes = k % 2 == 0
                    ? bytes(Framing.PEER_PREFACE, HELLO, peers, dice)
                    : bytes(Framing.CLIENT_PREFACE, new byte[0], clients, dice);
            connect(bytes, dice);
        }
        assertThat(messages).isGreaterThan(CONNECTIONS / 2);
        assertThat(requests).isGreaterThan(CONNECTIONS / 2);
        assertThat(refused).isGreaterThan(CONNECTIONS / 4);
    }

    @MethodSource("connections")
    @FuzzTest
    void aConnectionMayBringAnything(byte[] bytes) {
        connect(bytes, new SplittableRandom(bytes.length));
    }

    static Stream<byte[]> connections() {
        SplittableRandom dice = new SplittableRandom(1);
        return Stream.of(
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                bytes(Framing.PEER_PREFACE, HELLO, Forger.ofPeers(1), dice),
                bytes(Framing.CLIENT_PREFACE, new byte[0], Forger.ofClients(1), dice));
    }

    /// A preface that is nearly always right, then frames, of whose lengths nearly all are true.
    private static byte[] bytes(String preface, byte[] greeting, Forger forger, SplittableRandom dice) {
        ByteBuf bytes = Unpooled.buffer();
        if (dice.nextInt(20) == 0) {
            bytes.writeInt(dice.nextInt());
        } else {
            bytes.writeCharSequence(preface, StandardCharsets.US_ASCII);
        }
        bytes.writeBytes(greeting);
        for (int k = dice.nextInt(MOST_FRAMES); k >= 0; k--) {
            byte[] frame = forger.next();
            bytes.writeInt(dice.nextInt(20) == 0 ? LENGTHS[dice.nextInt(LENGTHS.length)] : frame.length);
            bytes.writeBytes(frame);
        }
        return ByteBufUtil.getBytes(bytes);
    }

    private void connect(byte[] bytes, SplittableRandom chance) {
        dice = chance;
        framing = new Framing.Decoder(Framing.MAX_FRAME_BYTES, Sluice.open());
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(buffers);
        channel.pipeline().addLast(new Preface(greeted -> {}, this::peer, this::client, drops));
        for (int at = 0; at < bytes.length && channel.isOpen(); ) {
            int piece = Math.min(1 + dice.nextInt(dice.nextBoolean() ? 8 : 4096), bytes.length - at);
            ByteBuf arrived = dice.nextBoolean() ? buffers.heapBuffer(piece) : buffers.directBuffer(piece);
            channel.writeInbound(arrived.writeBytes(bytes, at, piece));
            at += piece;
            if (framing.isHeld() && dice.nextBoolean()) {
                framing.resume();
            }
        }
        refused += channel.isOpen() ? 0 : 1;
        channel.finishAndReleaseAll();
        assertThat(errors.list).isEmpty();
        assertThat(buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory())
                .as("bytes not released")
                .isZero();
    }

    private void peer(Channel channel) {
        Link link = new Link(1, channel, null, hall, Sluice.open());
        framing = link.framing();
        channel.pipeline().addLast(framing, new PeerChannel(link, this, drops, log));
    }

    private void client(Channel channel) {
        channel.pipeline().addLast(framing, new Client());
    }

    @Override
    public void heard(Link link, Message message, int bytes) {
        messages++;
        holdNowAndThen();
        node.hear(message);
        if (message instanceof Message.Hello hello) {
            link.admit(hello.name());
        }
    }

    /// As when others have much to say, too.
    private void holdNowAndThen() {
        if (dice.nextInt(8) == 0) {
            framing.hold();
        }
    }

    @Override
    public void writable(Link link, boolean writable) {}

    @Override
    public void silent(Link link) {}

    @Override
    public void gone(Link link) {}

    private final class Client extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Malformed {
            assertThat(ClientCodec.decodeRequest(frame.nioBuffer())).isNotNull();
            requests++;
            holdNowAndThen();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            Throwable cause = thrown instanceof DecoderException ? thrown.getCause() : thrown;
            if (!(cause instanceof Malformed)) {
                log.error("uncaught", cause);
            }
            context.close();
        }
    }
}
