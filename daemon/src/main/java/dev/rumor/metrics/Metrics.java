package dev.rumor.metrics;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Observer;
import dev.rumor.host.Queue;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Everything that is counted of one node. Observes on the node's loop, which is the only writer; is read on any
/// thread, and a reader never makes the loop wait.
public final class Metrics implements Observer, AutoCloseable {

    /// Of what [#scrape] returns.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Process process = new Process(registry);
    private final Drops drops = new Drops(meters);
    private final Records records = new Records(meters, drops.records);
    private final Disk disk = new Disk(meters);
    private final Rounds rounds = new Rounds(meters);
    private final Frames frames = new Frames(meters);
    private final Standing standing = new Standing(meters);
    private final Coverage coverage;
    private final Map<Long, Peer> peers = new HashMap<>();

    /// Tickets of what is no broadcast.
    private final Set<Long> wishes = new HashSet<>();

    /// @param clock monotonic nanoseconds
    /// @param node name of the node
    /// @param cluster to which it belongs
    /// @param version release of the program
    public Metrics(LongSupplier clock, String node, String cluster, String version) {
        coverage = new Coverage(meters, clock);
        meters.gauge("build.info", "", "Release of the program, in its label; always 1.", () -> 1, "version", version);
        meters.gauge(
                "node.info",
                "",
                "Name of the node and of its cluster, in its labels; always 1.",
                () -> 1,
                "node",
                node,
                "cluster",
                cluster);
    }

    // --- what crosses the border of the law

    @Override
    public void observe(Event event, List<Effect> effects) {
        switch (event) {
            case Event.Recovered found -> {
                records.recovered(found.claims());
                disk.recovered(found);
                found.roster().forEach(coverage::registered);
            }
            case Event.Connected connected -> peers.put(connected.link(), new Peer());
            case Event.Disconnected gone -> onPeer(gone.link(), rounds::gone);
            case Event.Clogged clogged -> drops.clogs.increment();
            case Event.Heard heard -> onPeer(heard.link(), peer -> heard(peer, heard.message(), effects));
            case Event.Appended done -> {
                coverage.appended(done.stream(), done.from(), done.to());
                disk.appended(new Range(done.stream(), done.from(), done.to()));
            }
            case Event.Damaged found -> disk.damaged(new Range(found.stream(), found.from(), found.to()));
            case Event.Sent sent -> onPeer(sent.link(), peer -> records.sent(peer, sent));
            case Event.Trimmed done -> records.trimmed(done.ranges());
            case Event.LeaveAsked asked -> wishes.add(asked.ticket());
            case Event.EvictAsked asked -> wishes.add(asked.ticket());
            case Event.EpochOpened _, Event.Offered _, Event.Drained _, Event.Unreadable _ -> {}
            case Event.StoreFailed _, Event.Woke _, Event.Stopping _ -> {}
        }
        for (Effect effect : effects) {
            asked(effect);
        }
        if (event instanceof Event.Disconnected gone) {
            peers.remove(gone.link());
        }
    }

    private void onPeer(long link, Consumer<Peer> action) {
        Peer peer = peers.get(link);
        if (peer != null) {
            action.accept(peer);
        }
    }

    private void heard(Peer peer, Message message, List<Effect> effects) {
        switch (message) {
            case Message.Hello hello -> peer.greeted(hello);
            case Message.Runs runs -> records.heard(peer, runs.runs(), effects);
            case Message.Pull pull -> peer.holds = pull.hold();
            case Message.Agreement agreement -> rounds.agreed(peer);
            case Message.Registers registers -> rounds.differed(peer);
            case Message.Sections sections -> rounds.differed(peer);
            case Message.Claims claims -> {
                if (claims.answer()) {
                    rounds.differed(peer);
                }
                if (peer.isAdmitted()) {
                    coverage.claimed(peer.name(), claims.claims());
                }
            }
            case Message.Confirmed confirmed -> {
                if (peer.isAdmitted()) {
                    coverage.confirmed(confirmed);
                }
            }
            case Message.NameQuery _, Message.NameReply _, Message.Refusal _, Message.Ping _, Message.Pong _ -> {}
            case Message.Round _, Message.Served _, Message.Stamp _ -> {}
        }
    }

    private void asked(Effect effect) {
        switch (effect) {
            case Effect.Ready ready -> {
                records.opened(ready.stream());
                coverage.opened(ready.stream());
            }
            case Effect.Send send -> send.links().forEach(link -> onPeer(link, peer -> said(peer, send.message())));
            case Effect.Admit admit -> onPeer(admit.link(), peer -> peer.admitted(admit.name()));
            case Effect.AppendOwn own -> coverage.broadcast(own);
            case Effect.SendRange send ->
                send.links().forEach(link -> onPeer(link, peer -> records.sending(peer, send.range())));
            case Effect.RememberRegister remember -> coverage.registered(remember.register());
            case Effect.Acknowledge acknowledge -> records.acknowledged(acknowledge.count());
            case Effect.Grant granted -> wishes.remove(granted.ticket());
            case Effect.Refuse refused -> {
                if (!wishes.remove(refused.ticket())) {
                    drops.broadcasts.increment();
                }
            }
            case Effect.Waive waive -> records.waived(waive.range());
            case Effect.OpenEpoch _,
                    Effect.Stop _,
                    Effect.WakeAt _,
                    Effect.Warn _,
                    Effect.Hangup _,
                    Effect.Reach _ -> {}
            case Effect.Leave _, Effect.Append _, Effect.Trim _, Effect.RememberMarks _, Effect.Deliver _ -> {}
        }
    }

    private void said(Peer peer, Message message) {
        if (message instanceof Message.Round) {
            rounds.opened(peer);
        } else if (message instanceof Message.Pull pull) {
            peer.held = pull.hold();
        } else if (message instanceof Message.Refusal refusal) {
            drops.refused(refusal.reason()).increment();
        }
    }

    // --- what crosses the border of the host

    @Override
    public void heard(Message message, int bytes) {
        frames.heard(message, bytes);
    }

    @Override
    public void said(Message message, int bytes, int links) {
        frames.said(message, bytes, links);
    }

    @Override
    public void asked(Request request, int bytes) {
        frames.asked(request, bytes);
    }

    @Override
    public void answered(Reply reply, int bytes) {
        frames.answered(reply, bytes);
    }

    @Override
    public void synced(int together, long nanos) {
        disk.synced(together, nanos);
    }

    @Override
    public void behind() {
        disk.behind();
    }

    // --- what others know

    /// Counts what is dropped elsewhere for a reason.
    public void drops(String reason, LongSupplier count) {
        drops.add(reason, count);
    }

    /// How long ago the node's loop turned; when it does not turn any more, what [#look] told last is old.
    public void turns(DoubleSupplier secondsAgo) {
        meters.gauge("loop.silence", "seconds", "For how long the node's loop has not turned.", secondsAgo);
    }

    /// What the node keeps on disk, in bytes.
    public void kept(LongSupplier bytes) {
        meters.gauge("disk", "bytes", "What the files in the data directory hold.", bytes::getAsLong);
    }

    /// From now on this is how the node stands.
    public void look(View view, List<Queue> queues) {
        standing.look(view, queues);
    }

    /// Everything, as Prometheus reads it.
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
