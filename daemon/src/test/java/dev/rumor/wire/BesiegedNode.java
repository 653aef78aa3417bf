package dev.rumor.wire;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// A real node that hears whatever can be decoded, from a stranger that has not said hello and from a peer that
/// is linked. It has no network, and its disk is at once.
public final class BesiegedNode {

    private static final long NOBODY = 0;
    private static final long EPOCH = Sayings.STREAM.epoch();
    private static final int TAG = Sayings.TAG;
    private static final long WALL_MILLIS = 1_763_600_000_000L;
    private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();

    /// After so many messages a new node takes its place, because lies add up until it believes nobody.
    private static final int LIFE = 2_000;

    private static final int VIEW_EVERY = 64;

    private final Deque<Event> events = new ArrayDeque<>();
    private Node node;
    private long now;
    private long alarm;
    private long lastLink;
    private long stranger;
    private long peer;
    private long linked;
    private long heard;

    public BesiegedNode() {
        begin();
    }

    /// How often a peer was linked; more than once, because a peer that talks nonsense is hung up on.
    public long linked() {
        return linked;
    }

    /// @throws RuntimeException if the node does, which it never should
    public void hear(Message message) {
        now += TICK_NANOS;
        if (now >= alarm) {
            feed(new Event.Woke());
        }
        meet();
        feed(new Event.Heard(stranger, message));
        feed(new Event.Heard(peer, message));
        if (++heard % VIEW_EVERY == 0) {
            node.view(now);
        }
        if (heard % LIFE == 0) {
            begin();
        }
    }

    private void begin() {
        Settings settings =
                Settings.of("n1", "rumor", List.of("n1:7400"), false, "0.1.0").withLimits(1 << 20, 4_000, 16_000);
        node = new Node(settings, new SplittableRandom(1));
        alarm = Long.MAX_VALUE;
        events.clear();
        stranger = NOBODY;
        peer = NOBODY;
        feed(Event.Recovered.nothing(WALL_MILLIS));
    }

    /// Whoever was hung up on comes again.
    private void meet() {
        if (stranger == NOBODY) {
            stranger = connected();
        }
        if (peer == NOBODY) {
            peer = connected();
            feed(new Event.Heard(
                    peer, new Message.Hello("rumor", 1, 1, "web-1", EPOCH, TAG, peer, Sayings.DISK, true, "0.1.0")));
        }
    }

    private long connected() {
        feed(new Event.Connected(++lastLink, false));
        return lastLink;
    }

    private void feed(Event happened) {
        events.add(happened);
        while (!events.isEmpty()) {
            for (Effect effect : node.handle(events.remove(), now)) {
                perform(effect);
            }
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.OpenEpoch open -> events.add(new Event.EpochOpened());
            case Effect.Append append -> appended(append.run().range());
            case Effect.SendRange send -> send.links().forEach(link -> events.add(sent(link, send.range())));
            case Effect.Trim trim -> events.add(new Event.Trimmed(List.of(), 0));
            case Effect.WakeAt wake -> alarm = wake.now();
            case Effect.Admit admit -> admitted(admit.link());
            case Effect.Hangup hangup -> gone(hangup.link());
            case Effect.Stop stop -> begin();
            default -> {}
        }
    }

    private void appended(Stream.Range range) {
        events.add(new Event.Appended(range.stream(), range.from(), range.to()));
    }

    /// Every other range cannot be had any more.
    private static Event sent(long link, Stream.Range range) {
        return range.from() % 2 == 0
                ? new Event.Sent(link, range.stream(), range.to())
                : new Event.Unreadable(link, range.stream(), range.from(), range.to());
    }

    /// A stranger that has said hello is none any more, and makes room for one.
    private void admitted(long link) {
        linked += link == peer ? 1 : 0;
        if (link == stranger) {
            gone(link);
        }
    }

    private void gone(long link) {
        events.add(new Event.Disconnected(link));
        stranger = link == stranger ? NOBODY : stranger;
        peer = link == peer ? NOBODY : peer;
    }
}
