package dev.rumor.tcp;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.wire.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The first four bytes of an accepted connection decide who it is, and this handler gives way to theirs.
final class Preface extends ByteToMessageDecoder {

    private static final Set<String> HTTP = Set.of("GET ", "POST", "HEAD", "PUT ", "OPTI", "DELE", "PATC");
    private static final String NOT_HTTP = """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain\r
            Content-Length: %d\r
            Connection: close\r
            \r
            %s""";
    private static final String WORD = "This port is for Rumor's peers and clients, not for HTTP.\n";

    private final Consumer<Channel> heard;
    private final Consumer<Channel> peers;
    private final Consumer<Channel> clients;
    private final Drops drops;
    private boolean refused;

    Preface(Consumer<Channel> heard, Consumer<Channel> peers, Consumer<Channel> clients, Drops drops) {
        this.heard = heard;
        this.peers = peers;
        this.clients = clients;
        this.drops = drops;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Framing.PREFACE_BYTES) {
            return;
        }
        String preface = in.readString(Framing.PREFACE_BYTES, StandardCharsets.ISO_8859_1);
        switch (preface) {
            case Framing.PEER_PREFACE -> admit(context, peers);
            case Framing.CLIENT_PREFACE -> admit(context, clients);
            default -> {
                in.skipBytes(in.readableBytes());
                refuse(context, preface);
            }
        }
    }

    private void admit(ChannelHandlerContext context, Consumer<Channel> party) {
        heard.accept(context.channel());
        party.accept(context.channel());
        context.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext context, String preface) {
        refused = true;
        Channel channel = context.channel();
        String remote = Address.of(channel.remoteAddress());
        if (HTTP.contains(preface)) {
            drops.add(
                    Drop.STRANGER_HTTP,
                    "refused " + remote + ": it speaks HTTP, and this port is for peers and clients");
            String word = NOT_HTTP.formatted(WORD.length(), WORD);
            Door.showOut(channel, Unpooled.copiedBuffer(word, StandardCharsets.US_ASCII));
        } else {
            String shown = preface.replaceAll("[^ -~]", "?");
            drops.add(Drop.STRANGER, "closed " + remote + ": neither peer nor client, it began with '" + shown + "'");
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
