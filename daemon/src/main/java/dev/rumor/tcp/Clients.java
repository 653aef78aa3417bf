package dev.rumor.tcp;

import dev.rumor.host.Desk;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.wire.ClientCodec;
import dev.rumor.wire.Framing;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Reply.Failed.Code;
import dev.rumor.wire.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The clients of a node, a bounded number.
final class Clients {

    /// How many may be served at a time.
    static final int MOST = 1_024;

    private final TcpHost host;
    private final Desk desk;
    private final TcpHost.Setup setup;
    private final Door door;
    private final Flush flush;
    private final Drops drops;
    private final Logger log;
    private final Sluice sluice;
    private final Hall hall;
    private final Turnstile turnstile;

    Clients(
            TcpHost host,
            Desk desk,
            TcpHost.Setup setup,
            EventLoop loop,
            Door door,
            Flush flush,
            Drops drops,
            Sluice sluice,
            Logger log) {
        this.host = host;
        this.desk = desk;
        this.setup = setup;
        this.door = door;
        this.flush = flush;
        this.drops = drops;
        this.log = log;
        this.sluice = sluice;
        this.hall = new Hall(MOST, Hall.share(), drops);
        this.turnstile = new Turnstile(loop);
    }

    Hall hall() {
        return hall;
    }

    void accepted(Channel channel) {
        if (hall.isFull()) {
            hall.idlest().ifPresent(guest -> guest.drop(Drop.IDLE_CLIENT, "it asked nothing, and another client came"));
        }
        if (hall.isFull()) {
            String why = "this daemon serves " + MOST + " clients already, which is its limit";
            drops.add(Drop.CLIENTS_FULL, "refused " + Address.of(channel.remoteAddress()) + ": " + why);
            Door.showOut(channel, failure(Code.REFUSED, why));
            return;
        }
        door.admit(channel);
        Framing.Decoder framing = new Framing.Decoder(Framing.MAX_FRAME_BYTES, sluice);
        Hall.Guest guest = hall.enter(channel, why -> channel.writeAndFlush(failure(Code.REFUSED, why)));
        channel.pipeline()
                .addLast(framing, new ClientChannel(host, desk, setup, flush, turnstile, framing, guest, drops, log));
    }

    /// An answer to no request, so to the connection: the number 0.
    static ByteBuf failure(Code code, String why) {
        return Unpooled.wrappedBuffer(ClientCodec.encode(new Reply.Failed(0, code, why, 0)));
    }

    /// Where what takes long waits, a piece at a time: a few pass in each turn of the loop, in the order in which
    /// they came. So whoever comes new, a peer and the alarm wait for a few of them, however many there are.
    /// (Posted to the loop, they would run for a second on end before it looks at its sockets again.)
    static final class Turnstile {

        static final int PIECES_A_TURN = 16;

        private final EventLoop loop;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private boolean turning;

        Turnstile(EventLoop loop) {
            this.loop = loop;
        }

        void pass(Runnable piece) {
            waiting.add(piece);
            if (!turning) {
                turnSoon();
            }
        }

        private void turnSoon() {
            turning = true;
            loop.schedule(this::turn, 0, TimeUnit.NANOSECONDS);
        }

        private void turn() {
            turning = false;
            for (int k = 0; k < PIECES_A_TURN && !waiting.isEmpty(); k++) {
                loop.execute(waiting.remove());
            }
            if (!waiting.isEmpty()) {
                turnSoon();
            }
        }
    }
}
