package dev.rumor.tcp;

import dev.rumor.core.message.Message;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.wire.Framing;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.PeerCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import org.slf4j.Logger;

/// The inbound end of a link: frames become messages, and what befalls the connection is told to the house. A
/// peer that is silent for 5 s is pinged; after 15 s without a byte from it the connection is closed,
/// whatever TCP believes.
final class PeerChannel extends SimpleChannelInboundHandler<ByteBuf> {

    /// A silence is counted in so many seconds.
    static final int SILENCE_SECONDS = 5;

    private static final int MOST_SILENCES = 3;

    /// Whom a link reports to; called on the loop.
    interface House {
        /// @param bytes of its frame, the length in front included
        void heard(Link link, Message message, int bytes);

        void writable(Link link, boolean writable);

        void silent(Link link);

        void gone(Link link);
    }

    private final Link link;
    private final House house;
    private final Drops drops;
    private final Logger log;
    private int silences;

    PeerChannel(Link link, House house, Drops drops, Logger log) {
        this.link = link;
        this.house = house;
        this.drops = drops;
        this.log = log;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Malformed {
        if (!link.isClosing()) {
            link.guest().heard();
            house.heard(link, PeerCodec.decode(frame.nioBuffer()), Framing.LENGTH_BYTES + frame.readableBytes());
            if (link.guest().hadItsTurn()) {
                link.framing().hold();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        wasRead();
    }

    private void wasRead() {
        link.guest().began(link.framing().unfinishedBytes(), link.framing().keptBytes());
        link.guest().endTurn(this::resume);
    }

    private void resume() {
        link.framing().resume();
        wasRead();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        house.writable(link, context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle) {
            // Who is not read from cannot be heard, and is to hear all the same that this node lives.
            boolean isRead = context.channel().config().isAutoRead();
            silences = idle.isFirst() || !isRead ? 1 : silences + 1;
            if (silences >= MOST_SILENCES) {
                close(context, "nothing was heard for " + MOST_SILENCES * SILENCE_SECONDS + " s");
            } else {
                house.silent(link);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        house.gone(link);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        switch (cause) {
            case Malformed malformed ->
                drops.add(
                        Drop.MALFORMED_PEER,
                        "closed the link to " + link + ", it sent what is not the protocol: " + malformed.getMessage());
            case IOException broken -> log.debug("{}: {}", link, broken.getMessage());
            default -> log.error("{}: closing the link", link, cause);
        }
        close(context, Address.plain(cause));
    }

    private void close(ChannelHandlerContext context, String why) {
        link.farewell(String.valueOf(why));
        context.close();
    }
}
