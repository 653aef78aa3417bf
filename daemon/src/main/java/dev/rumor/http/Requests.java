package dev.rumor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// The requests of one connection, one at a time: it is not read from while it is being answered. It has so long to
/// finish a request, whether it is idle or slow, and as long again to take the answer.
final class Requests extends SimpleChannelInboundHandler<HttpObject> {

    /// So long a refused connection is read from, and what it says thrown away: closed at once, it would lose the
    /// answer.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final int LONGEST_SHOWN = 80;

    private final Map<String, Resource> resources;
    private final Connections connections;
    private final Duration patience;
    private final Consumer<HttpDrop> drops;
    private final Logger log;
    private Channel channel;
    private Future<?> deadline;
    private boolean refused;

    Requests(
            Map<String, Resource> resources,
            Connections connections,
            Duration patience,
            Consumer<HttpDrop> drops,
            Logger log) {
        this.resources = resources;
        this.connections = connections;
        this.patience = patience;
        this.drops = drops;
        this.log = log;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        expect(patience);
        connections.enter(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpRequest request && !refused) {
            channel.config().setAutoRead(false);
            connections.busy(channel);
            expect(patience);
            heard(request);
        }
    }

    private void heard(HttpRequest request) {
        Throwable wrong = request.decoderResult().cause();
        if (wrong != null) {
            refuse(malformed(wrong));
        } else if (HttpUtil.getContentLength(request, 0L) != 0 || HttpUtil.isTransferEncodingChunked(request)) {
            refuse(Answer.line(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "a request here has no body"));
        } else {
            boolean keep = HttpUtil.isKeepAlive(request);
            String path = request.uri().split("\\?", 2)[0];
            Resource resource = resources.get(path);
            if (resource == null) {
                write(Answer.line(HttpResponseStatus.NOT_FOUND, missing(path)), keep);
            } else if (!request.method().equals(HttpMethod.GET)
                    && !request.method().equals(HttpMethod.HEAD)) {
                write(Answer.line(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are served here"), keep);
            } else {
                Thread.ofVirtual().name("rumor-http-answer").start(() -> answer(path, resource, keep));
            }
        }
    }

    private void answer(String path, Resource resource, boolean keep) {
        Answer answer;
        try {
            answer = resource.get();
        } catch (RuntimeException | Error broken) {
            log.error("cannot answer {}", path, broken);
            answer = Answer.line(HttpResponseStatus.INTERNAL_SERVER_ERROR, "this cannot be answered; the log says why");
        }
        Answer found = answer;
        try {
            channel.eventLoop().execute(() -> write(found, keep));
        } catch (RejectedExecutionException ended) {
            // The port was closed meanwhile, and with it the connection.
            return;
        }
    }

    private String missing(String path) {
        String shown = path.replaceAll("[^ -~]", "?");
        return "there is no " + shown.substring(0, Math.min(shown.length(), LONGEST_SHOWN)) + " here; there is "
                + String.join(", ", new TreeMap<>(resources).keySet());
    }

    private static Answer malformed(Throwable wrong) {
        return switch (wrong) {
            case TooLongHttpLineException line ->
                Answer.line(
                        HttpResponseStatus.REQUEST_URI_TOO_LONG,
                        "the first line of a request is at most " + HttpPort.MOST_LINE_BYTES + " bytes");
            case TooLongHttpHeaderException header ->
                Answer.line(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "the headers of a request are at most " + HttpPort.MOST_HEADER_BYTES + " bytes together");
            default -> Answer.line(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        };
    }

    // --- saying it

    private void refuse(Answer answer) {
        refused = true;
        drops.accept(HttpDrop.MALFORMED);
        write(answer, false);
    }

    private void write(Answer answer, boolean keep) {
        channel.writeAndFlush(response(answer, keep)).addListener(written -> {
            connections.idle(channel);
            if (!written.isSuccess()) {
                channel.close();
            } else if (keep) {
                expect(patience);
                channel.config().setAutoRead(true);
            } else {
                bidFarewell();
            }
        });
    }

    private static FullHttpResponse response(Answer answer, boolean keep) {
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff");
        if (answer.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        HttpUtil.setKeepAlive(response, keep);
        return response;
    }

    private void bidFarewell() {
        refused = true;
        expect(LINGER);
        ((SocketChannel) channel).shutdownOutput();
        channel.config().setAutoRead(true);
    }

    private void expect(Duration within) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = channel.eventLoop().schedule(this::expire, within.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void expire() {
        if (!refused) {
            drops.accept(HttpDrop.EXPIRED);
        }
        channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("closing an HTTP connection: {}", cause.getMessage());
        context.close();
    }
}
