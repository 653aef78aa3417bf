package dev.rumor.tcp;

import dev.rumor.core.Message;
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
    private final Logger log;
    private int silences;

    PeerChannel(Link link, House house, Logger log) {
        this.link = link;
        this.house = house;
        this.log = log;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Malformed {
        if (!link.isClosing()) {
            house.heard(link, PeerCodec.decode(frame.nioBuffer()), Framing.LENGTH_BYTES + frame.readableBytes());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        house.writable(link, context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle) {
            silences = idle.isFirst() ? 1 : silences + 1;
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
            case Malformed malformed -> log.warn("{} sent what is not the protocol: {}", link, malformed.getMessage());
            case IOException broken -> log.debug("{}: {}", link, broken.getMessage());
            default -> log.error("{}: closing the link", link, cause);
        }
        close(context, cause.getMessage());
    }

    private void close(ChannelHandlerContext context, String why) {
        link.farewell(String.valueOf(why));
        context.close();
    }
}
