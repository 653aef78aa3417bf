package dev.rumor.tcp;

import dev.rumor.wire.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;

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

    private final Consumer<Channel> peers;
    private final Consumer<Channel> clients;
    private final Logger log;

    Preface(Consumer<Channel> peers, Consumer<Channel> clients, Logger log) {
        this.peers = peers;
        this.clients = clients;
        this.log = log;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
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
        party.accept(context.channel());
        context.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext context, String preface) {
        String shown = preface.replaceAll("[^ -~]", "?");
        log.info(
                "closed {}: neither peer nor client, it began with '{}'",
                context.channel().remoteAddress(),
                shown);
        String word = HTTP.contains(preface) ? NOT_HTTP.formatted(WORD.length(), WORD) : "";
        context.writeAndFlush(Unpooled.copiedBuffer(word, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("closed {}: {}", remote(context), cause.getMessage());
        context.close();
    }

    private static String remote(ChannelHandlerContext context) {
        return Address.of(context.channel().remoteAddress());
    }
}
