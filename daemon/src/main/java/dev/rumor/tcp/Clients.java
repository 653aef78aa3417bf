package dev.rumor.tcp;

import dev.rumor.host.Desk;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.wire.ClientCodec;
import dev.rumor.wire.Framing;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Reply.Failed.Code;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
    private final Hall hall;

    Clients(TcpHost host, Desk desk, TcpHost.Setup setup, Door door, Flush flush, Drops drops, Logger log) {
        this.host = host;
        this.desk = desk;
        this.setup = setup;
        this.door = door;
        this.flush = flush;
        this.drops = drops;
        this.log = log;
        this.hall = new Hall(MOST, Hall.share(), drops);
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
        Framing.Decoder framing = new Framing.Decoder(Framing.MAX_FRAME_BYTES);
        Hall.Guest guest = hall.enter(channel, why -> channel.writeAndFlush(failure(Code.REFUSED, why)));
        channel.pipeline().addLast(framing, new ClientChannel(host, desk, setup, flush, framing, guest, drops, log));
    }

    /// An answer to no request, so to the connection: the number 0.
    static ByteBuf failure(Code code, String why) {
        return Unpooled.wrappedBuffer(ClientCodec.encode(new Reply.Failed(0, code, why, 0)));
    }
}
