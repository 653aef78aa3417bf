package dev.rumor.tcp;

import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Desk;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.host.Offer;
import dev.rumor.host.Portion;
import dev.rumor.host.Reading;
import dev.rumor.host.Waits;
import dev.rumor.host.Wish;
import dev.rumor.wire.ClientCodec;
import dev.rumor.wire.Framing;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Reply.Failed.Code;
import dev.rumor.wire.Reply.Outcome;
import dev.rumor.wire.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;

/// One client. It is not read from while it has too much under way: broadcasts that are not acknowledged, or wait for
/// members to hold them; a read that is being answered; or replies that it does not take.
final class ClientChannel extends SimpleChannelInboundHandler<ByteBuf> {

    /// What a client may have broadcast without an answer, in bytes.
    static final long MOST_UNANSWERED_BYTES = 4 << 20;

    /// What an unanswered record costs beside its own bytes.
    private static final int RECORD_OVERHEAD_BYTES = 64;

    private final TcpHost host;
    private final Desk desk;
    private final TcpHost.Setup setup;
    private final Flush flush;
    private final Clients.Turnstile turnstile;
    private final Framing.Decoder framing;
    private final Hall.Guest guest;
    private final Drops drops;
    private final Logger log;
    private final Deque<Broadcast> broadcasts = new ArrayDeque<>();
    private final Deque<Request.Read> reads = new ArrayDeque<>();
    private Reading reading;
    private boolean fetching;
    private long unansweredBytes;
    private boolean leaving;
    private Channel channel;

    ClientChannel(
            TcpHost host,
            Desk desk,
            TcpHost.Setup setup,
            Flush flush,
            Clients.Turnstile turnstile,
            Framing.Decoder framing,
            Hall.Guest guest,
            Drops drops,
            Logger log) {
        this.host = host;
        this.desk = desk;
        this.setup = setup;
        this.flush = flush;
        this.turnstile = turnstile;
        this.framing = framing;
        this.guest = guest;
        this.drops = drops;
        this.log = log;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    long unansweredBytes() {
        return unansweredBytes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) throws Malformed {
        if (leaving) {
            return;
        }
        guest.heard();
        Request request = ClientCodec.decodeRequest(frame.nioBuffer());
        setup.observer().asked(request, Framing.LENGTH_BYTES + frame.readableBytes());
        switch (request) {
            case Request.Broadcast broadcast -> broadcast(broadcast);
            case Request.Read read -> {
                reads.add(read);
                turnstile.pass(this::proceed);
            }
            case Request.Members members ->
                reply(new Reply.Members(members.id(), host.viewNow(), System.currentTimeMillis()));
            case Request.Status status -> reply(new Reply.Status(status.id(), host.viewNow(), setup.ephemeral()));
            case Request.Holders holders -> reply(holders(holders));
            case Request.Leave leave ->
                desk.ask(
                        ticket -> new Event.LeaveAsked(ticket, leave.within()),
                        wish(new Reply.Left(leave.id(), setup.name()), "left the cluster", host::close));
            case Request.Evict evict ->
                desk.ask(
                        ticket -> new Event.EvictAsked(ticket, evict.name(), evict.force()),
                        wish(new Reply.Evicted(evict.id(), evict.name()), "evicted '" + evict.name() + "'", () -> {}));
            case Request.Faulty faulty -> enqueue(faulty.id(), 0).answer(faulty.answer());
        }
        throttle();
    }

    private void broadcast(Request.Broadcast asked) {
        long cost = asked.draft().size() + (long) asked.draft().count() * RECORD_OVERHEAD_BYTES;
        Broadcast broadcast = enqueue(asked.id(), cost);
        broadcast.count = asked.draft().count();
        Optional<String> refusal = desk.waits().refusal(asked.quorum());
        if (asked.largestPayloadBytes() > setup.maxPayload()) {
            String why = "a payload here is at most " + setup.maxPayload() + " bytes (--max-payload), not "
                    + asked.largestPayloadBytes();
            broadcast.answer(new Reply.Failed(asked.id(), Code.INVALID, why, asked.largestIndex()));
        } else if (refusal.isPresent()) {
            broadcast.refused(refusal.get());
        } else if (asked.quorum().isLocal()) {
            desk.offer(asked.draft(), broadcast);
        } else {
            broadcast.waiting = desk.waits().enter(asked.quorum(), asked.within(), broadcast.count, broadcast);
            desk.offer(asked.draft(), broadcast.waiting);
        }
    }

    private Wish wish(Reply granted, String done, Runnable next) {
        return new Wish() {
            @Override
            public void granted() {
                log.info("{}, as client {} asked", done, Address.of(channel.remoteAddress()));
                reply(granted);
                next.run();
            }

            @Override
            public void refused(String why) {
                reply(new Reply.Failed(granted.id(), Code.REFUSED, why, 0));
            }
        };
    }

    private Reply holders(Request.Holders asked) {
        Optional<String> unknown = host.viewNow().withoutReceipts();
        if (unknown.isPresent()) {
            return new Reply.Failed(asked.id(), Code.REFUSED, unknown.get(), 0);
        }
        View.Holders holders = host.holdersNow(asked.record());
        return holders.members().isEmpty()
                ? new Reply.Failed(asked.id(), Code.UNKNOWN, "nothing is known here of " + asked.record(), 0)
                : new Reply.Holders(asked.id(), holders);
    }

    private Broadcast enqueue(long id, long cost) {
        Broadcast broadcast = new Broadcast(id, cost);
        broadcasts.add(broadcast);
        unansweredBytes += cost;
        return broadcast;
    }

    /// Answers the broadcasts that have their answer and stand at the head: they are answered in their order.
    private void answer() {
        while (!broadcasts.isEmpty() && broadcasts.peek().answer != null) {
            Broadcast broadcast = broadcasts.remove();
            unansweredBytes -= broadcast.cost;
            reply(broadcast.answer);
        }
        throttle();
    }

    /// Gives the read at the head a portion, when there is one, if the channel takes it.
    private void proceed() {
        if (reads.isEmpty() || fetching || !channel.isWritable()) {
            return;
        }
        Request.Read asked = reads.peek();
        try {
            if (reading == null) {
                reading = desk.readings().open(asked.from(), asked.topic(), asked.limit(), asked.follows());
            }
            fetching = true;
            reading.next(portion -> give(asked.id(), portion));
        } catch (Malformed wrong) {
            endRead();
            reply(new Reply.Failed(asked.id(), Code.INVALID, wrong.getMessage(), 0));
            turnstile.pass(this::proceed);
        }
    }

    private void give(long id, Portion portion) {
        fetching = false;
        if (portion.end()) {
            endRead();
        }
        guest.served();
        reply(new Reply.Records(id, portion.before(), portion.records(), portion.gap(), portion.end()));
        turnstile.pass(this::proceed);
    }

    private void endRead() {
        reads.remove();
        reading = null;
        throttle();
    }

    /// Reads no more.
    private void stopReading() {
        reads.clear();
        if (reading != null) {
            reading.close();
        }
    }

    private void reply(Reply reply) {
        if (channel.isActive() && !leaving) {
            byte[] frame = ClientCodec.encode(reply);
            setup.observer().answered(reply, frame.length);
            channel.write(Unpooled.wrappedBuffer(frame), channel.voidPromise());
            flush.touch(channel);
            guest.wrote(frame.length);
        }
    }

    private void throttle() {
        if (!isWelcome()) {
            framing.hold();
        } else if (framing.isHeld()) {
            host.post(this::resume);
        }
    }

    private boolean isWelcome() {
        boolean room = unansweredBytes < MOST_UNANSWERED_BYTES && reads.isEmpty() && channel.isWritable();
        return leaving || room && !guest.hadItsTurn();
    }

    private void resume() {
        if (isWelcome() && framing.isHeld()) {
            framing.resume();
            wasRead();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        wasRead();
    }

    private void wasRead() {
        guest.began(framing.unfinishedBytes(), framing.keptBytes());
        guest.endTurn(this::throttle);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            guest.took();
            if (!reads.isEmpty()) {
                turnstile.pass(this::proceed);
            }
        }
        host.post(this::throttle);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopReading();
        broadcasts.forEach(Broadcast::leave);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String remote = Address.of(channel.remoteAddress());
        switch (cause) {
            case Malformed malformed -> refuse(remote, malformed.getMessage());
            case IOException broken -> {
                log.debug("client {}: {}", remote, broken.getMessage());
                context.close();
            }
            default -> {
                log.error("client {}: closing its connection", remote, cause);
                context.close();
            }
        }
    }

    /// What comes after this has no meaning.
    private void refuse(String remote, String why) {
        if (!leaving) {
            drops.add(Drop.MALFORMED_CLIENT, "closed client " + remote + ", it sent what is no request: " + why);
            leaving = true;
            stopReading();
            host.post(this::resume);
            Door.showOut(channel, Clients.failure(Code.INVALID, why));
        }
    }

    /// A broadcast of this client, until it and all before it are answered.
    private final class Broadcast implements Offer, Waits.Sender {
        private final long id;
        private final long cost;
        private int count;
        private Waits.Waiting waiting;
        private Reply answer;

        private Broadcast(long id, long cost) {
            this.id = id;
            this.cost = cost;
        }

        @Override
        public void acknowledged(Stream stream, long first) {
            answer(new Reply.Accepted(id, stream, first, count, Optional.empty()));
        }

        @Override
        public void settled(Range records, Outcome outcome) {
            answer(new Reply.Accepted(id, records.stream(), records.from(), count, Optional.of(outcome)));
        }

        @Override
        public void refused(String why) {
            answer(new Reply.Failed(id, Code.REFUSED, why, 0));
        }

        private void leave() {
            if (waiting != null) {
                waiting.leave();
            }
        }

        private void answer(Reply reply) {
            answer = reply;
            ClientChannel.this.answer();
        }
    }
}
