package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Eager push, from the log to the members: the origin sends to each linked member directly (a full mesh, one hop, n-1
/// copies); or, where records are collected, to its [Relay], and the relay to everybody else.
///
/// Per link and stream there is a cursor into the log and at most one send under way, so a slow peer queues nothing
/// here:
/// when its transport has taken one chunk it gets the next, and what gathered meanwhile goes together. *The log is the
/// queue.*
final class Push {

    /// Bytes handed to one link's transport at a time.
    static final int CHUNK_BYTES = 256 << 10;

    /// What was pushed this long ago and is still pulled did not arrive.
    private static final long LOST_NANOS = Duration.ofSeconds(2).toNanos();

    /// A peer that was not heard for this long is not waited for.
    private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();

    /// Where the push of one stream to one peer is.
    private static final class Cursor {
        private long next = 1;
        private boolean sending;
        private long sendingFrom;
        private long sentAt;
    }

    /// What is remembered of one link.
    static final class State {
        private final TreeMap<Stream, Cursor> relayed = new TreeMap<>();
        private Cursor own = new Cursor();
        private boolean open;
        private boolean held;

        /// The peer told what it holds, so it is known where to begin.
        void open() {
            open = true;
        }

        /// Whether the peer takes no pushes.
        boolean isHeld() {
            return held;
        }

        /// What the peer did not confirm is sent again.
        void repeat() {
            own.next = 1;
        }

        /// There is another process at the other end, which was sent nothing.
        void reset() {
            own = new Cursor();
            relayed.clear();
            held = false;
        }
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Relay relay;

    Push(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster,
            Relay relay) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.relay = relay;
    }

    /// Whether anything is pushed at all.
    private boolean isOn() {
        return identity.isOpen() && settings.eagerPush() && roster.peers() < settings.mesh();
    }

    /// Whether this stream reaches each linked member by push, and nothing of that is lost on the way: then it need not
    /// be claimed.
    boolean reachesAll(Stream stream) {
        return isOn() && settings.isLinked() && !settings.isCollecting() && stream.equals(identity.stream());
    }

    /// Whether this stream is pushed on this link, so that a pull of it need not be answered.
    boolean reaches(Link link, Stream stream) {
        return reachesAll(stream) && !link.push.held;
    }

    void welcomed(Link link) {
        if (!link.push.open) {
            link.push.open();
            push();
        }
    }

    /// The peer takes no pushes, or takes them again: then begin behind what it holds.
    void hold(Link link, boolean hold) {
        boolean held = link.push.held;
        if (held && !hold) {
            link.push.reset();
            push();
        }
        link.push.held = hold;
    }

    /// The peer pulls what is pushed to it anyway. Usually the two have crossed; but where nothing was pushed for a
    /// while, what it lacks was lost on the way, and is sent again.
    void missed(Link link, Range range) {
        Cursor cursor = link.push.own;
        if (!cursor.sending && turn.now() >= cursor.sentAt + LOST_NANOS) {
            cursor.next = Math.min(cursor.next, range.from());
            push();
        }
    }

    /// Whether what was sent of this stream on this link was a push. Asked of the link, not of the rule: whether this
    /// node pushes may have changed since.
    boolean isSending(Link link, Stream stream) {
        Cursor cursor = cursor(link, stream);
        return cursor != null && cursor.sending;
    }

    private Cursor cursor(Link link, Stream stream) {
        return stream.equals(identity.stream()) ? link.push.own : link.push.relayed.get(stream);
    }

    /// A chunk left. If the peer asked to begin again meanwhile, so be it; else go on behind the chunk.
    void sent(Link link, Stream stream, long upTo) {
        Cursor cursor = cursor(link, stream);
        cursor.sending = false;
        cursor.sentAt = turn.now();
        if (cursor.next == cursor.sendingFrom) {
            cursor.next = upTo + 1;
        }
        proceed(link, stream, cursor);
    }

    /// Nothing has changed for other links and streams: this one alone goes on.
    private void proceed(Link link, Stream stream, Cursor cursor) {
        boolean own = cursor == link.push.own;
        Long upTo = own ? Long.valueOf(relay.released(link)) : relay.collected().get(stream);
        if (isOn() && upTo != null && isReady(link)) {
            Map<Range, List<Long>> next = new LinkedHashMap<>();
            advance(link, stream, cursor, upTo, next);
            send(next);
        }
    }

    private static boolean isReady(Link link) {
        return link.push.open && !link.push.held && !link.clogged;
    }

    /// The lowest of the next sequences of which half of the peers that are pushed to, and live, have been sent all
    /// before; `Long.MAX_VALUE` when there are none.
    long reached() {
        long[] next = links.admitted().stream()
                .filter(link -> link.push.open && !link.push.held && relay.isDirect(link))
                .filter(link -> turn.now() - link.heardAt < SILENT_NANOS)
                .mapToLong(link -> link.push.own.next)
                .sorted()
                .toArray();
        return next.length == 0 || !isOn() ? Long.MAX_VALUE : next[next.length / 2];
    }

    /// What is held back to be collected waits no longer.
    void hurry() {
        relay.hurry();
    }

    /// Sends to each link that is ready what it lacks; those that lack the same get one effect.
    void push() {
        if (!isOn()) {
            return;
        }
        Map<Range, List<Long>> alike = new LinkedHashMap<>();
        for (Link link : links.admitted()) {
            if (isReady(link)) {
                if (!link.push.own.sending) {
                    advance(link, identity.stream(), link.push.own, relay.released(link), alike);
                }
                forget(link.push.relayed, relay.collected());
                relay.collected().forEach((stream, upTo) -> {
                    if (!stream.origin().equals(link.name())) {
                        Cursor cursor = link.push.relayed.computeIfAbsent(stream, any -> new Cursor());
                        advance(link, stream, cursor, upTo, alike);
                    }
                });
            }
        }
        send(alike);
    }

    private void send(Map<Range, List<Long>> alike) {
        alike.forEach((range, ids) -> turn.add(new Effect.SendRange(ids, range, CHUNK_BYTES)));
    }

    /// What is not collected here any more, needs no cursor.
    private static void forget(TreeMap<Stream, Cursor> relayed, TreeMap<Stream, Long> collected) {
        if (relayed.size() > collected.size()) {
            relayed.entrySet().removeIf(each -> !collected.containsKey(each.getKey()) && !each.getValue().sending);
        }
    }

    private void advance(Link link, Stream stream, Cursor cursor, long upTo, Map<Range, List<Long>> alike) {
        if (cursor.sending || cursor.next > upTo) {
            return;
        }
        Intervals lacks = Intervals.of(cursor.next, upTo).minus(receipts.heldBy(link, stream));
        Intervals absent = log.absent(stream);
        Intervals rest = lacks.minus(absent);
        cursor.next = rest.isEmpty() ? upTo + 1 : rest.from(0);
        tellGaps(link, stream, lacks.and(absent).and(Intervals.of(1, cursor.next - 1)));
        if (!rest.isEmpty()) {
            cursor.sending = true;
            cursor.sendingFrom = rest.from(0);
            Range next = new Range(stream, rest.from(0), rest.to(0));
            alike.computeIfAbsent(next, range -> new ArrayList<>()).add(link.id);
        }
    }

    /// What was trimmed here before this peer had it, it must seek elsewhere, or learn that it is gone.
    private void tellGaps(Link link, Stream stream, Intervals gone) {
        List<Range> gaps = new ArrayList<>();
        for (int k = 0; k < gone.size(); k++) {
            gaps.add(new Range(stream, gone.from(k), gone.to(k)));
        }
        if (!gaps.isEmpty()) {
            turn.send(link, new Message.Served(gaps, false));
        }
    }
}
