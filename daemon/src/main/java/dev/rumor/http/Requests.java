package dev.rumor.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// The requests of one connection, one at a time: it is not read from while it is being answered. It has so long to
/// finish a request, whether it is idle or slow, and as long again to take the answer.
final class Requests extends SimpleChannelInboundHandler<HttpObject> {

    /// A streamed answer may stand still for so many times the patience: somebody may be looking at it in a pager.
    private static final int STALLS = 10;

    private final Site site;
    private final Connections connections;
    private final Duration patience;
    private final Consumer<HttpDrop> drops;
    private final Logger log;
    private Channel channel;
    private Reply reply;
    private Future<?> deadline;
    private Request request;
    private Thread answering;
    private int keptBytes;

    /// It was answered, and nothing was asked since; that it ends so is usual.
    private boolean kept;

    /// Nothing that comes has a meaning any more.
    private boolean deaf;

    /// A request that is under way.
    private static final class Request {
        private final Site.Visit visit;
        private final boolean keep;
        private final boolean headOnly;
        private final HttpVersion version;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

        private Request(Site.Visit visit, HttpRequest head) {
            this.visit = visit;
            this.keep = HttpUtil.isKeepAlive(head);
            this.headOnly = head.method().equals(HttpMethod.HEAD);
            this.version = head.protocolVersion();
        }

        private Question question() {
            Question head = visit.question();
            return new Question(head.names(), head.parameters(), head.headers(), body.toByteArray());
        }
    }

    Requests(Site site, Connections connections, Duration patience, Consumer<HttpDrop> drops, Logger log) {
        this.site = site;
        this.connections = connections;
        this.patience = patience;
        this.drops = drops;
        this.log = log;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        reply = new Reply(channel, connections, new Reply.Clock() {
            @Override
            public void start() {
                expect(patience.multipliedBy(STALLS));
            }

            @Override
            public void stop() {
                deadline.cancel(false);
            }
        });
        expect(patience);
        connections.enter(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
        if (answering == null) {
            release();
        } else {
            answering.interrupt();
        }
    }

    // --- hearing it

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (!deaf && part instanceof HttpRequest head) {
            heard(head);
        }
        if (!deaf && request != null && part instanceof HttpContent content) {
            heard(content);
        }
    }

    private void heard(HttpRequest head) {
        kept = false;
        Throwable wrong = head.decoderResult().cause();
        if (wrong != null) {
            refuse(malformed(wrong), HttpDrop.MALFORMED);
            return;
        }
        try {
            request = new Request(site.visit(head), head);
            expect(patience);
            if (HttpUtil.is100ContinueExpected(head)) {
                channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } catch (Refusal refusal) {
            HttpResponseStatus status = HttpResponseStatus.valueOf(refusal.status());
            boolean hasBody = HttpUtil.getContentLength(head, 0L) != 0 || HttpUtil.isTransferEncodingChunked(head);
            if (status.equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
                refuse(refusal, HttpDrop.MALFORMED);
            } else if (status.equals(HttpResponseStatus.FORBIDDEN)
                    || status.equals(HttpResponseStatus.MISDIRECTED_REQUEST)) {
                refuse(refusal, HttpDrop.FOREIGN);
            } else if (hasBody) {
                // What comes behind it is not read, so nothing can follow.
                write(refusal.answer(), false);
            } else {
                write(refusal.answer(), HttpUtil.isKeepAlive(head));
            }
        }
    }

    private void heard(HttpContent content) throws IOException {
        int bytes = content.content().readableBytes();
        if (content.decoderResult().isFailure()) {
            refuse(malformed(content.decoderResult().cause()), HttpDrop.MALFORMED);
        } else if (request.body.size() + bytes > request.visit.place().mostBodyBytes()) {
            refuse(Site.tooLarge(request.visit.place()), HttpDrop.MALFORMED);
        } else if (!keep(bytes)) {
            refuseAsFull("the bodies of requests here take " + HttpPort.mostBytes() + " bytes together");
        } else {
            content.content().readBytes(request.body, bytes);
            if (content instanceof LastHttpContent) {
                ask();
            }
        }
    }

    private boolean keep(int bytes) {
        keptBytes += bytes;
        return connections.keep(bytes);
    }

    private void release() {
        connections.keep(-keptBytes);
        keptBytes = 0;
    }

    private static Refusal malformed(Throwable wrong) {
        return switch (wrong) {
            case TooLongHttpLineException line ->
                Refusal.of(
                        HttpResponseStatus.REQUEST_URI_TOO_LONG,
                        "the first line of a request is at most " + HttpPort.MOST_LINE_BYTES + " bytes");
            case TooLongHttpHeaderException header ->
                Refusal.of(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "the headers of a request are at most " + HttpPort.MOST_HEADER_BYTES + " bytes together");
            default -> Refusal.of(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        };
    }

    // --- answering it

    /// From now on it may take as long as it takes: whoever asked is not late.
    private void ask() {
        if (!request.visit.place().plain() && !connections.ask(channel)) {
            refuseAsFull(HttpPort.MOST_ASKING + " requests are being answered here");
            return;
        }
        Request asked = request;
        request = null;
        deadline.cancel(false);
        channel.config().setAutoRead(false);
        connections.busy(channel);
        answering = Thread.ofVirtual().name("rumor-http-answer").unstarted(() -> answer(asked));
        answering.start();
    }

    private void answer(Request asked) {
        Place place = asked.visit.place();
        try {
            switch (answer(asked, place)) {
                case Answer.Whole whole -> channel.eventLoop().execute(() -> write(whole, asked.keep));
                case Answer.Streamed streamed -> stream(asked, streamed);
            }
        } catch (RejectedExecutionException ended) {
            // The port was closed meanwhile, and with it the connection.
            return;
        }
    }

    private Answer answer(Request asked, Place place) {
        try {
            return place.resource().answer(asked.question());
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (InterruptedException gone) {
            return Answer.problem(HttpResponseStatus.SERVICE_UNAVAILABLE.code(), "whoever asked has gone");
        } catch (RuntimeException | Error broken) {
            log.error("cannot answer {}", place, broken);
            return Answer.problem(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "this cannot be answered; the log says why");
        }
    }

    private void stream(Request asked, Answer.Streamed streamed) {
        Outlet outlet = new Outlet(reply::pipe);
        try (Answer.Source source = streamed.source()) {
            if (reply.begin(() -> begin(asked, streamed))) {
                source.pour(outlet);
                outlet.flush();
                channel.eventLoop().execute(this::end);
            }
        } catch (Outlet.Gone | Refusal | InterruptedException over) {
            channel.eventLoop().execute(this::cut);
        } catch (RuntimeException | Error broken) {
            log.error("cannot go on with the answer to {}", asked.visit.place(), broken);
            channel.eventLoop().execute(this::cut);
        }
    }

    // --- saying it, on the loop

    private void refuse(Refusal refusal, HttpDrop reason) {
        drops.accept(reason);
        write(refusal.answer(), false);
    }

    private void refuseAsFull(String what) {
        refuse(Refusal.of(HttpResponseStatus.SERVICE_UNAVAILABLE, what + ", the limit"), HttpDrop.FULL);
    }

    private void write(Answer.Whole answer, boolean keep) {
        deaf |= !keep;
        connections.busy(channel);
        channel.config().setAutoRead(false);
        request = null;
        answering = null;
        release();
        expect(patience);
        reply.write(answer, keep).addListener(written -> {
            connections.idle(channel);
            if (!written.isSuccess()) {
                channel.close();
            } else if (keep) {
                kept = true;
                expect(patience);
                channel.config().setAutoRead(true);
            } else {
                bidFarewell();
            }
        });
    }

    /// Whether the answer is streamed from now on. It is read from again, to hear that it goes away; what it says has
    /// no meaning, because the answer ends the connection.
    private boolean begin(Request asked, Answer.Streamed streamed) {
        if (asked.headOnly) {
            write(Answer.ok(streamed.type(), ""), false);
            return false;
        }
        if (!connections.stream(channel)) {
            refuseAsFull(HttpPort.MOST_STREAMS + " answers are being streamed here");
            return false;
        }
        deaf = true;
        release();
        channel.config().setAutoRead(true);
        reply.head(streamed.type(), asked.version);
        return true;
    }

    private void end() {
        answering = null;
        expect(patience);
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(written -> {
            connections.idle(channel);
            bidFarewell();
        });
    }

    private void cut() {
        answering = null;
        connections.idle(channel);
        channel.close();
    }

    private void bidFarewell() {
        deaf = true;
        deadline.cancel(false);
        reply.bidFarewell();
    }

    private void expect(Duration within) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel.isActive()) {
            deadline = channel.eventLoop().schedule(this::expire, within.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        if (!kept) {
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
