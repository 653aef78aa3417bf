package dev.rumor.tcp;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.host.Observer;
import dev.rumor.wire.PeerCodec;
import dev.rumor.wire.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// The connections to peers by number, and what is said on them. What is said to several is encoded once, and
/// they share its bytes.
final class Links {

    /// Records are sent in frames of about this size or of one record, so that other frames get through in
    /// between.
    static final int FRAME_BYTES = 256 << 10;

    private static final int FAREWELL_SECONDS = 2;

    /// How many there may be before nobody is accepted any more. Whom this node dials it has chosen itself.
    static final int MOST = 512;

    private final Flush flush;
    private final Observer observer;
    private final Hall hall;
    private final Sluice sluice;
    private final Map<Long, Link> links = new HashMap<>();
    private long last;

    Links(Flush flush, Observer observer, Hall hall, Sluice sluice) {
        this.flush = flush;
        this.observer = observer;
        this.hall = hall;
        this.sluice = sluice;
    }

    Hall hall() {
        return hall;
    }

    /// A connection stands; what the door has written on it leaves with the rest of this turn.
    Link open(Channel channel, InetSocketAddress dialled) {
        flush.touch(channel);
        Link link = new Link(++last, channel, dialled, hall, sluice);
        links.put(link.number, link);
        return link;
    }

    boolean isFull() {
        return hall.isFull();
    }

    /// The link, null when it is gone.
    Link get(long number) {
        return links.get(number);
    }

    boolean contains(Link link) {
        return links.containsKey(link.number);
    }

    void remove(Link link) {
        links.remove(link.number);
    }

    boolean isEmpty() {
        return links.isEmpty();
    }

    Collection<Link> all() {
        return List.copyOf(links.values());
    }

    void send(List<Long> numbers, Message message) {
        write(present(numbers), message, link -> link.channel.voidPromise());
    }

    /// Sends these runs, and says of each link when all of them have been handed to the transport.
    void send(List<Long> numbers, List<Run> runs, Consumer<Link> sent) {
        List<Link> receivers = present(numbers);
        List<List<Run>> frames = receivers.isEmpty() ? List.of() : frames(runs);
        for (int k = 0; k < frames.size(); k++) {
            Message message = new Message.Runs(frames.get(k));
            boolean isLast = k == frames.size() - 1;
            write(receivers, message, link -> isLast ? promise(link, sent) : link.channel.voidPromise());
        }
    }

    /// Closes the link when what was said on it before has left, or after two seconds if that does not leave.
    void hangUp(Link link, String why) {
        link.farewell(why);
        link.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        link.channel.eventLoop().schedule(() -> link.channel.close(), FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    private List<Link> present(List<Long> numbers) {
        List<Link> present = new ArrayList<>(numbers.size());
        for (Long number : numbers) {
            Link link = links.get(number);
            if (link != null && !link.isClosing()) {
                present.add(link);
            }
        }
        return present;
    }

    private void write(List<Link> receivers, Message message, Function<Link, ChannelPromise> promise) {
        if (receivers.isEmpty()) {
            return;
        }
        // Copied once, here: the transport would copy an array once for each link.
        byte[] bytes = PeerCodec.encode(message);
        observer.said(message, bytes.length, receivers.size());
        ByteBuf frame =
                receivers.getFirst().channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
        for (Link link : receivers) {
            link.channel.write(frame.retainedDuplicate(), promise.apply(link));
            flush.touch(link.channel);
            link.guest().wrote(bytes.length / receivers.size());
        }
        frame.release();
    }

    private static ChannelPromise promise(Link link, Consumer<Link> sent) {
        ChannelPromise promise = link.channel.newPromise();
        promise.addListener(done -> {
            if (done.isSuccess()) {
                sent.accept(link);
            }
        });
        return promise;
    }

    /// Cuts runs at record borders, so that each frame is of [#FRAME_BYTES] at most or of one record.
    static List<List<Run>> frames(List<Run> runs) {
        List<List<Run>> frames = new ArrayList<>();
        List<Run> frame = new ArrayList<>();
        long used = 0;
        for (Run run : runs) {
            long from = run.first();
            for (int k = 0; k < run.count(); k++) {
                long here = run.first() + k;
                int cost = run.length(k) + PeerCodec.RECORD_HEADER_BYTES;
                if (used > 0 && used + cost > FRAME_BYTES) {
                    if (here > from) {
                        frame.add(run.slice(from, here - 1));
                    }
                    frames.add(frame);
                    frame = new ArrayList<>();
                    used = 0;
                    from = here;
                }
                used += cost;
            }
            frame.add(run.slice(from, run.last()));
        }
        if (!frame.isEmpty()) {
            frames.add(frame);
        }
        return frames;
    }
}
