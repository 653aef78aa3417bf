package dev.rumor.tcp;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.host.Observer;
import dev.rumor.host.Warnings;
import dev.rumor.wire.PeerCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// What the node's wishes about links come to, and what befalls links becomes events.
final class Peers implements PeerChannel.House, PeerPool.Network {

    private final TcpHost host;
    private final Observer observer;
    private final String name;
    private final EventLoop loop;
    private final Door door;
    private final Links links;
    private final PeerPool pool;
    private final Lookup lookup = new Lookup();
    private final Drops drops;
    private final Logger log;
    private final Warnings news;

    Peers(TcpHost host, TcpHost.Setup setup, EventLoop loop, Door door, Links links, Drops drops, Logger log) {
        this.host = host;
        this.observer = setup.observer();
        this.name = setup.name();
        this.loop = loop;
        this.door = door;
        this.links = links;
        this.drops = drops;
        this.log = log;
        this.news = new Warnings(log::info, System::nanoTime);
        this.pool = new PeerPool(setup.name(), setup.seeds(), this, setup.dice());
    }

    void start() {
        pool.start();
    }

    void stopDialling() {
        pool.close();
    }

    void bidFarewell() {
        links.all().forEach(each -> each.farewell("this node stops"));
    }

    // --- what the node wishes

    void admit(Effect.Admit admit) {
        Link link = links.get(admit.link());
        if (link == null) {
            return;
        }
        link.admit(admit.name());
        door.admit(link.channel);
        pool.admitted(admit.name());
        if (link.dialled != null) {
            pool.met(link.dialled, admit.name());
        }
        news.say("linked to " + link);
    }

    void hangUp(Effect.Hangup hangup) {
        Link link = links.get(hangup.link());
        if (link == null) {
            return;
        }
        if (link.dialled != null && !hangup.to().isEmpty()) {
            pool.met(link.dialled, hangup.to());
        }
        if (link.isAdmitted()) {
            pool.dismissed(link.member());
        }
        links.hangUp(link, hangup.why());
    }

    void reach(Effect.Reach reach) {
        List<Address> addresses = new ArrayList<>();
        for (String each : reach.addresses()) {
            try {
                addresses.add(Address.parse(each));
            } catch (IllegalArgumentException notAnAddress) {
                log.warn("{} cannot be dialled at one of its addresses: {}", reach.name(), notAnAddress.getMessage());
            }
        }
        pool.reach(reach.name(), addresses);
    }

    void leave(Effect.Leave leave) {
        pool.leave(leave.name());
    }

    // --- what befalls links

    void accepted(Channel channel) {
        if (links.isFull()) {
            String why = "this node has " + Links.MOST + " links already, which is its limit";
            drops.add(Drop.PEERS_FULL, "refused " + Address.of(channel.remoteAddress()) + ": " + why);
            Message refusal = new Message.Refusal(Message.Refusal.Reason.MALFORMED, why, name);
            Door.showOut(channel, Unpooled.wrappedBuffer(PeerCodec.encode(refusal)));
            return;
        }
        opened(channel, null);
    }

    private void opened(Channel channel, InetSocketAddress dialled) {
        door.expectAnswers(channel);
        Link link = links.open(channel, dialled);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new IdleStateHandler(PeerChannel.SILENCE_SECONDS, 0, 0, TimeUnit.SECONDS));
        pipeline.addLast(link.framing());
        pipeline.addLast(new PeerChannel(link, this, drops, log));
        host.feed(new Event.Connected(link.number, dialled != null));
    }

    @Override
    public void heard(Link link, Message message, int bytes) {
        if (!link.isAdmitted()) {
            door.heard(link.channel);
        }
        observer.heard(message, bytes);
        host.feed(new Event.Heard(link.number, message));
    }

    /// Posted, because a channel changes in the middle of a write, and so in the middle of an effect.
    @Override
    public void writable(Link link, boolean writable) {
        if (!link.isAdmitted() && !writable) {
            links.hangUp(link, "it does not read what it is answered");
            return;
        }
        if (writable) {
            link.guest().took();
        }
        host.post(() -> {
            if (links.contains(link)) {
                host.feed(writable ? new Event.Drained(link.number) : new Event.Clogged(link.number));
            }
        });
    }

    @Override
    public void silent(Link link) {
        if (link.isAdmitted()) {
            links.send(List.of(link.number), new Message.Ping());
        }
    }

    @Override
    public void gone(Link link) {
        links.remove(link);
        if (link.dialled != null) {
            pool.ended(link.dialled);
        }
        if (link.isAdmitted()) {
            news.say("lost " + link + ": " + (link.isClosing() ? link.farewell() : "the other end is gone"));
            pool.lost(link.member());
        } else {
            log.debug("closed {}: {}", link, link.farewell());
        }
        host.feed(new Event.Disconnected(link.number));
        host.endWhenCleared();
    }

    // --- what the pool needs

    @Override
    public void after(Duration delay, Runnable task) {
        loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void lookup(Address address, Consumer<List<InetSocketAddress>> found) {
        lookup.find(address, host::post, found);
    }

    @Override
    public void dial(InetSocketAddress address) {
        ChannelFuture connecting = door.dial(address);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                opened(connecting.channel(), address);
            } else {
                if (pool.missed(address)) {
                    news.say("cannot reach " + Address.of(address) + " yet: " + Address.plain(done.cause())
                            + "; it is tried again and again");
                }
                pool.ended(address);
            }
        });
    }
}
