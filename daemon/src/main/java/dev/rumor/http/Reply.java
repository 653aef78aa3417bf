package dev.rumor.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How answers are put to one connection.
final class Reply {

    /// So long a refused connection is read from, and what it says thrown away: closed at once, it would lose the
    /// answer.
    private static final Duration LINGER = Duration.ofSeconds(2);

    /// Restarts the time within which the connection has to take what it was written; or stops it.
    interface Clock {
        void start();

        void stop();
    }

    private final Channel channel;
    private final Connections connections;
    private final Clock stall;

    Reply(Channel channel, Connections connections, Clock stall) {
        this.channel = channel;
        this.connections = connections;
        this.stall = stall;
    }

    ChannelFuture write(Answer.Whole answer, boolean keep) {
        ByteBuf body = Unpooled.wrappedBuffer(answer.body());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        dress(response, answer.type());
        answer.headers().forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        HttpUtil.setKeepAlive(response, keep);
        connections.untaken(channel, answer.body().length);
        return channel.writeAndFlush(response).addListener(written -> connections.untaken(channel, 0));
    }

    /// The head of a streamed answer, which ends the connection.
    ChannelFuture head(String type, HttpVersion version) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        dress(response, type);
        HttpUtil.setTransferEncodingChunked(response, version.equals(HttpVersion.HTTP_1_1));
        HttpUtil.setKeepAlive(response, false);
        return channel.writeAndFlush(response);
    }

    private static void dress(HttpResponse response, String type) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff")
                .set("cross-origin-resource-policy", "same-origin");
    }

    /// What this answers on the loop.
    boolean begin(Supplier<Boolean> onLoop) throws InterruptedException {
        try {
            return CompletableFuture.supplyAsync(onLoop, channel.eventLoop()).get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        }
    }

    /// Writes a piece of a streamed answer.
    CompletableFuture<Void> pipe(byte[] piece) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        try {
            channel.eventLoop().execute(() -> pipe(piece, taken));
        } catch (RejectedExecutionException ended) {
            taken.completeExceptionally(ended);
        }
        return taken;
    }

    private void pipe(byte[] piece, CompletableFuture<Void> taken) {
        connections.untaken(channel, piece.length);
        stall.start();
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)))
                .addListener(written -> {
                    connections.untaken(channel, 0);
                    stall.stop();
                    if (written.isSuccess()) {
                        taken.complete(null);
                    } else {
                        taken.completeExceptionally(written.cause());
                    }
                });
    }

    /// Says that nothing comes any more, and gives the other end the time to hear it.
    void bidFarewell() {
        ((SocketChannel) channel).shutdownOutput();
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), LINGER.toNanos(), TimeUnit.NANOSECONDS);
    }
}
