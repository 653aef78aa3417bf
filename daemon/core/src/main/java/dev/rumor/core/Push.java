package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Pace;
import dev.rumor.core.stream.Ranges;
import dev.rumor.core.stream.Share;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What leaves the log for peers, pushed or pulled.
///
/// Eager push: the origin sends to each linked member directly (a full mesh, one hop, n-1 copies); or, where records
/// are collected, to its [Relay], and the relay to everybody else. Per link and stream there is a cursor into the log
/// and at most one send under way, so a slow peer queues nothing here: when its transport has taken one chunk it gets
/// the next, and what gathered meanwhile goes together. *The log is the queue.*
///
/// Who pulls is served likewise, a chunk at a time. What was let go of here is named as a gap; what is damaged here is
/// neither sent nor named, because it is gone for good only if nobody else has it.
///
/// While records are broadcast, who pulls, or is far behind the others, is served at a [Pace]. Nobody rests otherwise.
final class Push {

    /// Bytes handed to one link's transport at a time.
    static final int CHUNK_BYTES = 256 << 10;

    /// One pull asks for so many ranges ...
    static final int MAX_WANTS = 1024;

    /// ... and is answered with so many chunks.
    static final int MAX_CHUNKS = 16;

    /// What was pushed this long ago and is still pulled did not arrive.
    private static final long LOST_NANOS = Duration.ofSeconds(2).toNanos();

    /// A peer that was not heard for this long is not waited for.
    private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();

    /// Records were broadcast if some came or went this recently.
    private static final long LIVELY_NANOS = Duration.ofMillis(100).toNanos();

    /// Who is so many chunks behind half of the others catches up.
    private static final int CHUNKS_BEHIND = 16;

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Relay relay;
    private final Overlay overlay;
    private long livelyAt = Long.MIN_VALUE / 2;

    /// Whether anybody is, perhaps: this is looked at after each event.
    private boolean resting;

    Push(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster,
            Relay relay,
            Overlay overlay) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.relay = relay;
        this.overlay = overlay;
    }

    /// Whether anything is pushed at all.
    private boolean isOn() {
        return identity.isOpen() && settings.eagerPush();
    }

    /// Whether this stream reaches each linked member by push, and nothing of that is lost on the way: then it need not
    /// be claimed.
    boolean reachesAll(Stream stream) {
        return isOn()
                && roster.isMesh()
                && settings.isLinked()
                && !relay.isCollecting()
                && stream.equals(identity.stream());
    }

    /// Beyond a mesh, what was broadcast before is compared in rounds, and only what comes now is pushed.
    void linked(Link link) {
        if (!link.push.open && !roster.isMesh()) {
            link.push.open();
            link.push.own.next = next();
        }
    }

    private long next() {
        return log.durable().held(identity.stream()).contiguous() + 1;
    }

    void welcomed(Link link) {
        if (!link.push.open) {
            link.push.open();
            push();
        }
    }

    /// The peer takes no pushes, or takes them again: then begin behind what it holds; beyond a mesh, with what comes.
    private void hold(Link link, boolean hold) {
        if (link.push.held && !hold) {
            link.push.reset();
            link.push.own.next = roster.isMesh() ? 1 : next();
            push();
        }
        link.push.held = hold;
    }

    /// The peer pulls what is pushed to it anyway. Usually the two have crossed; but where nothing was pushed for a
    /// while, what it lacks was lost on the way, and is sent again.
    private void missed(Link link, Range range) {
        Link.Cursor cursor = link.push.own;
        if (!cursor.sending && turn.now() >= cursor.sentAt + LOST_NANOS) {
            cursor.next = Math.min(cursor.next, range.from());
            push();
        }
    }

    private Link.Cursor cursor(Link link, Stream stream) {
        return stream.equals(identity.stream()) ? link.push.own : link.push.relayed.get(stream);
    }

    /// A chunk left. Whether it was pushed is asked of the link, not of the rule: whether this node pushes may have
    /// changed since. If the peer asked to begin again meanwhile, so be it; else go on behind the chunk.
    void sent(Link link, Stream stream, long upTo) {
        if (overlay.sent(link, stream, upTo)) {
            return;
        }
        Link.Cursor cursor = cursor(link, stream);
        if (cursor == null || !cursor.sending) {
            served(link, stream, upTo);
            return;
        }
        cursor.sending = false;
        cursor.sentAt = turn.now();
        cursor.behind = cursor == link.push.own && isLively() && isFarBehind(upTo, upTo + 1 - cursor.sendingFrom);
        rest(cursor.pace, cursor.behind);
        if (cursor.next == cursor.sendingFrom) {
            cursor.next = upTo + 1;
        }
        proceed(link, stream, cursor);
    }

    /// Nothing has changed for other links and streams: this one alone goes on.
    private void proceed(Link link, Stream stream, Link.Cursor cursor) {
        boolean own = cursor == link.push.own;
        Long upTo = own ? Long.valueOf(relay.released(link)) : relay.collected().get(stream);
        if (isOn() && upTo != null && overlay.pushes(link) && link.push.isReady(link)) {
            Map<Share, List<Long>> next = new LinkedHashMap<>();
            advance(link, stream, cursor, upTo, next);
            send(next);
        }
    }

    /// The store could not read what it should hold. What was let go of meanwhile is a gap here.
    void unreadable(Link link, Range range) {
        if (overlay.sent(link, range.stream(), range.to())) {
            return;
        }
        List<Range> gone = gone(range);
        Link.Cursor cursor = cursor(link, range.stream());
        if (cursor == null || !cursor.sending) {
            addGaps(link.push, gone);
        } else if (!gone.isEmpty()) {
            turn.send(link, new Message.Served(gone, false));
        }
        sent(link, range.stream(), range.to());
    }

    /// What of the range is held here in name only.
    private List<Range> gone(Range range) {
        return Ranges.of(range.stream(), Intervals.of(range.from(), range.to()).and(log.absent(range.stream())));
    }

    /// The lowest of the next sequences of which half of the peers that are pushed to, and live, have been sent all
    /// before; `Long.MAX_VALUE` when there are none.
    long reached() {
        long[] next = links.admitted().stream()
                .filter(link -> link.push.open && !link.push.held && overlay.pushes(link) && relay.isDirect(link))
                .filter(link -> turn.now() - link.heardAt < SILENT_NANOS)
                .mapToLong(link -> link.push.own.next)
                .sorted()
                .toArray();
        return next.length == 0 || !isOn() ? Long.MAX_VALUE : next[next.length / 2];
    }

    private boolean isFarBehind(long upTo, long chunk) {
        long others = reached();
        return others < Long.MAX_VALUE && upTo + CHUNKS_BEHIND * chunk < others;
    }

    /// A record came that was not pulled, or one was broadcast here.
    void stir() {
        livelyAt = turn.now();
    }

    private boolean isLively() {
        return turn.now() - livelyAt < LIVELY_NANOS;
    }

    /// Goes on where there was a rest.
    void woke() {
        for (Link link : links.admitted()) {
            link.push.woke(turn.now());
            serve(link);
        }
        push();
    }

    private void rest(Pace pace, boolean rests) {
        pace.end(turn.now(), rests);
        resting |= pace.isResting(turn.now());
    }

    /// When the next rest is over.
    long alarm() {
        long first = Long.MAX_VALUE;
        for (Link link : resting ? links.admitted() : List.<Link>of()) {
            first = Math.min(first, link.push.alarm());
        }
        resting = first != Long.MAX_VALUE;
        return first;
    }

    /// Whether every peer that is pushed to is known to hold all that was broadcast here; or beyond a mesh, where
    /// nobody tells, was sent it.
    boolean isLevel() {
        if (!identity.isOpen()) {
            return true;
        }
        Intervals own = log.durable().held(identity.stream());
        return links.admitted().stream()
                .filter(overlay::pushes)
                .allMatch(link -> roster.isMesh()
                        ? receipts.heldBy(link, identity.stream()).containsAll(own)
                        : link.push.own.next > own.last() && !link.push.own.sending);
    }

    /// Sends to each link that is ready what it lacks; those that lack the same get one effect.
    void push() {
        if (!isOn()) {
            return;
        }
        Map<Share, List<Long>> alike = new LinkedHashMap<>();
        for (Link link : links.admitted()) {
            if (overlay.pushes(link) && link.push.isReady(link)) {
                if (!link.push.own.sending) {
                    advance(link, identity.stream(), link.push.own, relay.released(link), alike);
                }
                forget(link.push.relayed, relay.collected());
                relay.collected().forEach((stream, upTo) -> {
                    if (!stream.origin().equals(link.name())) {
                        Link.Cursor cursor = link.push.relayed.computeIfAbsent(stream, any -> new Link.Cursor());
                        advance(link, stream, cursor, upTo, alike);
                    }
                });
            }
        }
        send(alike);
    }

    private void send(Map<Share, List<Long>> alike) {
        alike.forEach((share, ids) -> turn.add(new Effect.SendRange(ids, share.range(), share.maxBytes())));
    }

    /// What is not collected here any more, needs no cursor.
    private static void forget(TreeMap<Stream, Link.Cursor> relayed, TreeMap<Stream, Long> collected) {
        if (relayed.size() > collected.size()) {
            relayed.entrySet().removeIf(each -> !collected.containsKey(each.getKey()) && !each.getValue().sending);
        }
    }

    private void advance(Link link, Stream stream, Link.Cursor cursor, long upTo, Map<Share, List<Long>> alike) {
        if (cursor.sending || cursor.next > upTo || cursor.pace.isResting(turn.now())) {
            return;
        }
        Intervals lacks = Intervals.of(cursor.next, upTo).minus(receipts.heldBy(link, stream));
        Intervals rest = lacks.minus(log.unsendable(stream));
        cursor.next = rest.isEmpty() ? upTo + 1 : rest.from(0);
        List<Range> gone = Ranges.of(stream, lacks.and(log.absent(stream)).and(Intervals.of(1, cursor.next - 1)));
        if (!gone.isEmpty()) {
            // What was trimmed here before this peer had it, it must seek elsewhere, or learn that it is gone.
            turn.send(link, new Message.Served(gone, false));
        }
        if (!rest.isEmpty()) {
            cursor.sending = true;
            cursor.sendingFrom = rest.from(0);
            cursor.pace.begin(turn.now());
            Range next = new Range(stream, rest.from(0), rest.to(0));
            Share share = new Share(next, cursor.behind ? Pace.CHUNK_BYTES : CHUNK_BYTES);
            alike.computeIfAbsent(share, range -> new ArrayList<>()).add(link.id);
        }
    }

    // --- what is pulled

    void pulled(Link link, Message.Pull pull) {
        hold(link, pull.hold());
        if (pull.wants().isEmpty()) {
            return;
        }
        Link.Pushes state = link.push;
        if (state.serving) {
            finish(link);
        }
        state.asked.clear();
        state.gaps.clear();
        state.chunksLeft = MAX_CHUNKS;
        state.serving = true;
        state.stale = state.busy;
        pull.wants().forEach(want -> asked(link, want));
        serve(link);
    }

    /// What is pushed on this link anyway need not be sent because it is pulled; unless the peer had it, and lost it.
    private void asked(Link link, Range want) {
        Stream stream = want.stream();
        Intervals wanted = Intervals.of(want.from(), want.to());
        boolean pushed = reachesAll(stream) && !link.push.held;
        Intervals lost = pushed ? wanted.and(receipts.heldBy(link, stream)) : wanted;
        link.push.asked.addAll(Ranges.of(stream, lost));
        if (!lost.equals(wanted)) {
            missed(link, want);
        }
    }

    /// Sends the next chunk of what was asked for, or says that this was all.
    void serve(Link link) {
        Link.Pushes state = link.push;
        if (!state.serving || state.busy || link.clogged || state.pace.isResting(turn.now())) {
            return;
        }
        while (!state.asked.isEmpty() && state.chunksLeft > 0) {
            Range want = state.asked.remove();
            Stream stream = want.stream();
            addGaps(state, gone(want));
            Intervals here =
                    Intervals.of(want.from(), want.to()).and(log.durable().held(stream));
            List<Range> rest = Ranges.of(stream, here.minus(log.unsendable(stream)));
            rest.reversed().forEach(state.asked::addFirst);
            if (!rest.isEmpty()) {
                state.busy = true;
                state.chunksLeft--;
                state.pace.begin(turn.now());
                int most = isLively() ? Pace.CHUNK_BYTES : CHUNK_BYTES;
                turn.add(new Effect.SendRange(List.of(link.id), state.asked.peek(), most));
                return;
            }
        }
        finish(link);
    }

    /// Each pull is answered once, also one in whose place another came.
    private void finish(Link link) {
        link.push.serving = false;
        turn.send(link, new Message.Served(List.copyOf(link.push.gaps), true));
    }

    private static void addGaps(Link.Pushes state, List<Range> gone) {
        gone.stream().limit(MAX_WANTS - state.gaps.size()).forEach(state.gaps::add);
    }

    private void served(Link link, Stream stream, long upTo) {
        Link.Pushes state = link.push;
        state.busy = false;
        rest(state.pace, isLively());
        // A chunk of the pull before says nothing about this one.
        Range head = state.stale ? null : state.asked.peek();
        state.stale = false;
        if (head != null && head.stream().equals(stream) && head.from() <= upTo) {
            state.asked.remove();
            if (upTo < head.to()) {
                state.asked.addFirst(new Range(head.stream(), upTo + 1, head.to()));
            }
        }
        serve(link);
    }
}
