package dev.rumor.core;

import dev.rumor.core.Links.Link;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From a client's broadcast to every linked member: number it, have it stored, answer, push.
///
/// One write of the own stream is under way at a time; what is offered meanwhile becomes the next run (group commit:
/// idle, a run holds one record and leaves at once; under load it holds all that came since). Nobody is shown a record
/// before it is durable here.
///
/// Eager push: the origin sends to each linked member directly (a full mesh, one hop, n-1 copies). Per link there is a
/// cursor into the log and at most one send under way, so a slow peer queues nothing here: when its transport has
/// taken one chunk it gets the next, and what gathered meanwhile goes together. *The log is the queue.*
///
/// An origin that is far ahead of most of its peers waits for them, and near the hard limit all origins slow down: so a
/// flood is slowed to what the members can take. Only what does not fit at all is refused.
final class Spread {

    /// A run is closed at this size or count, unless a single draft is larger.
    static final int MAX_RUN_BYTES = 1 << 20;

    static final int MAX_RUN_RECORDS = 4096;

    /// Bytes handed to one link's transport at a time.
    static final int CHUNK_BYTES = 256 << 10;

    /// What clients may have waiting to be written before broadcasts are refused.
    static final long MAX_WAITING_BYTES = 64L << 20;

    /// What was pushed this long ago and is still pulled did not arrive.
    private static final long LOST_NANOS = Duration.ofSeconds(2).toNanos();

    /// How far the own stream may be written ahead of what half of the peers were sent.
    private static final long MAX_AHEAD_BYTES = 8L << 20;

    /// A peer that was not heard for this long is not waited for.
    private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();

    /// The last half of the way to the hard limit takes at least this long.
    private static final long PACE_NANOS = Duration.ofSeconds(10).toNanos();

    /// A clock from the future advances our own by no more than this past the wall clock.
    private static final long MAX_AHEAD_MILLIS = 60_000;

    private static final int CLOCK_COUNTER_BITS = 16;

    /// Where the push to one peer is.
    static final class Cursor {
        /// The next sequence to push; 0 before the peer told what it holds.
        private long next;

        private boolean sending;
        private long sendingFrom;
        private long sentAt;
        private boolean held;

        boolean isSending() {
            return sending;
        }

        boolean isHeld() {
            return held;
        }

        private boolean isReady() {
            return next > 0 && !sending && !held;
        }
    }

    private record Ticket(long number, Run.Draft draft) {}

    private record Written(long last, long bytes) {}

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private final ArrayDeque<Ticket> writing = new ArrayDeque<>();
    private final ArrayDeque<Written> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private long pacedUntil = Long.MIN_VALUE;
    private long lookAgainAt = Long.MIN_VALUE;
    private long waitingBytes;
    private int waitingRecords;
    private long wallMillis;
    private long lastClock;
    private long numbered;
    private long acknowledged;
    private boolean stopping;

    Spread(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
    }

    // --- from a client to the log

    void offered(Event.Offered offer) {
        String refusal = refusal(offer.draft());
        if (refusal != null) {
            turn.add(new Effect.Refuse(offer.ticket(), refusal));
            return;
        }
        waiting.add(new Ticket(offer.ticket(), offer.draft()));
        waitingBytes += cost(offer.draft());
        waitingRecords += offer.draft().count();
        wallMillis = offer.wallMillis();
        write();
    }

    private static long cost(Run.Draft draft) {
        return (long) draft.count() * Run.RECORD_OVERHEAD_BYTES + draft.size();
    }

    private String refusal(Run.Draft draft) {
        if (stopping) {
            return "this daemon is stopping";
        }
        if (!identity.isOpen()) {
            return "this daemon is starting and has no epoch yet";
        }
        if (!log.fits(Run.RUN_OVERHEAD_BYTES + cost(draft))) {
            return "the log is full: " + log.bytes() + " bytes are retained and the limit (retain-hard) is "
                    + settings.retainHard() + "; "
                    + receipts.blocker()
                            .map(b -> "'" + b.name() + "' lacks " + b.records() + " records, and none can be trimmed "
                                    + "before it holds them")
                            .orElse("nothing can be trimmed yet");
        }
        return waitingBytes >= MAX_WAITING_BYTES
                ? "overloaded: " + waitingBytes + " bytes wait to be written and the limit is " + MAX_WAITING_BYTES
                : null;
    }

    private void write() {
        if (waiting.isEmpty() || !writing.isEmpty() || isPaced() || isAhead()) {
            return;
        }
        List<Run.Draft> drafts = new ArrayList<>();
        int records = 0;
        long cost = Run.RUN_OVERHEAD_BYTES;
        while (!waiting.isEmpty()) {
            Run.Draft next = waiting.peek().draft();
            boolean small = records + next.count() <= MAX_RUN_RECORDS && cost + cost(next) <= MAX_RUN_BYTES;
            boolean fits = log.fits(cost + cost(next));
            if (records > 0 && !(small && fits)) {
                break;
            }
            Ticket ticket = waiting.remove();
            waitingBytes -= cost(next);
            waitingRecords -= next.count();
            if (!fits) {
                turn.add(new Effect.Refuse(ticket.number(), refusal(next)));
                continue;
            }
            drafts.add(next);
            records += next.count();
            cost += cost(next);
            writing.add(ticket);
        }
        if (!drafts.isEmpty()) {
            number(drafts, records, cost);
        }
    }

    private void number(List<Run.Draft> drafts, int records, long cost) {
        long first = numbered + 1;
        numbered += records;
        log.number(first, numbered, cost);
        ahead.add(new Written(numbered, cost));
        aheadBytes += cost;
        pace(cost);
        turn.add(new Effect.AppendOwn(identity.stream(), identity.tag(), first, clock(records), drafts));
    }

    /// Whether what was written here is far ahead of what half of the peers were sent. An origin that did not wait
    /// would fill its log faster than the members can empty it. A few slow peers slow nobody, and silent ones do
    /// not count.
    private boolean isAhead() {
        long[] next = links.admitted().stream()
                .filter(link -> link.push.next > 0 && !link.push.held && turn.now() - link.heardAt < SILENT_NANOS)
                .mapToLong(link -> link.push.next)
                .sorted()
                .toArray();
        boolean alone = next.length == 0 || !pushes(identity.stream());
        long reached = alone ? Long.MAX_VALUE : next[next.length / 2];
        while (!ahead.isEmpty() && ahead.peek().last() < reached) {
            aheadBytes -= ahead.remove().bytes();
        }
        if (aheadBytes < MAX_AHEAD_BYTES) {
            return false;
        }
        lookAgainAt = turn.now() + SILENT_NANOS;
        return true;
    }

    /// Where the log is more than half way from what is retained to full, origins slow down together, so that to fill
    /// it takes them this long at least: time for a slow member to catch up before anything is refused.
    private void pace(long cost) {
        if (!log.hasRoom()) {
            double share = (double) cost / Math.max(1, log.roomBytes());
            pacedUntil = turn.now() + (long) Math.min(PACE_NANOS, share * PACE_NANOS * (roster.peers() + 1));
        }
    }

    private boolean isPaced() {
        return !log.hasRoom() && turn.now() < pacedUntil;
    }

    /// What was waited for may have come: time, room, or a peer that is gone.
    void proceed() {
        write();
    }

    long alarm() {
        boolean waits = !waiting.isEmpty() && writing.isEmpty();
        return !waits ? Long.MAX_VALUE : isPaced() ? pacedUntil : Math.max(turn.now() + 1, lookAgainAt);
    }

    /// The hybrid logical clock (Kulkarni et al., 2014): the wall clock, unless we or others were ahead of it. Record
    /// k of a run has the run's clock + k. A clock from the far future is stored, but does not drag ours along.
    private long clock(int records) {
        long wall = wallMillis << CLOCK_COUNTER_BITS;
        long seen = Math.min(log.newestClock() + 1, wallMillis + MAX_AHEAD_MILLIS << CLOCK_COUNTER_BITS);
        long clock = Math.max(wall, Math.max(lastClock + 1, seen));
        lastClock = clock + records - 1;
        return clock;
    }

    /// Own records up to `upTo` are durable: answer for them, write what waits, push.
    void appended(long upTo) {
        while (!writing.isEmpty() && acknowledged + writing.peek().draft().count() <= upTo) {
            Ticket ticket = writing.remove();
            turn.add(new Effect.Acknowledge(
                    ticket.number(),
                    identity.stream(),
                    acknowledged + 1,
                    ticket.draft().count()));
            acknowledged += ticket.draft().count();
        }
        write();
        push();
    }

    void stop() {
        stopping = true;
    }

    int waiting() {
        return waitingRecords;
    }

    // --- from the log to the members

    /// The peer said what it holds, so it is known where to begin.
    void welcomed(Link link) {
        if (link.push.next == 0) {
            link.push.next = 1;
            push();
        }
    }

    /// The peer takes no pushes, or takes them again: then begin behind what it holds.
    void hold(Link link, boolean hold) {
        boolean held = link.push.held;
        link.push.held = hold;
        if (held && !hold) {
            link.push.next = 1;
            push();
        }
        write();
    }

    /// The peer pulls what is pushed to it anyway. Usually the two have crossed; but where nothing was pushed for a
    /// while, what it lacks was lost on the way (a host without links may lose), and is sent again.
    void missed(Link link, Range range) {
        Cursor cursor = link.push;
        if (!cursor.sending && turn.now() >= cursor.sentAt + LOST_NANOS) {
            cursor.next = Math.min(cursor.next, range.from());
            push();
        }
    }

    /// Whether this stream is pushed on this link, so that a pull of it need not be answered.
    boolean pushes(Link link, Stream stream) {
        return pushes(stream) && !link.push.held;
    }

    /// Whether this stream reaches members by push.
    boolean pushes(Stream stream) {
        return settings.eagerPush() && roster.peers() < settings.mesh() && stream.equals(identity.stream());
    }

    /// A chunk left. If the peer asked to begin again meanwhile, so be it; else go on behind the chunk.
    void sent(Link link, long upTo) {
        Cursor cursor = link.push;
        cursor.sending = false;
        cursor.sentAt = turn.now();
        if (cursor.next == cursor.sendingFrom) {
            cursor.next = upTo + 1;
        }
        push();
        write();
    }

    /// Sends to each link that is ready what it lacks of the own stream; those that lack the same get one effect.
    void push() {
        if (!identity.isOpen() || !pushes(identity.stream())) {
            return;
        }
        Map<Range, List<Long>> alike = new LinkedHashMap<>();
        for (Link link : links.admitted()) {
            Range next = link.push.isReady() && !link.clogged ? next(link) : null;
            if (next != null) {
                link.push.sending = true;
                link.push.sendingFrom = next.from();
                alike.computeIfAbsent(next, range -> new ArrayList<>()).add(link.id);
            }
        }
        alike.forEach((range, ids) -> turn.add(new Effect.SendRange(ids, range, CHUNK_BYTES)));
    }

    private Range next(Link link) {
        Stream own = identity.stream();
        long last = log.durable().held(own).contiguous();
        if (link.push.next > last) {
            return null;
        }
        Intervals lacks =
                Intervals.of(link.push.next, last).minus(receipts.heldBy(link).held(own));
        Intervals absent = log.absent(own);
        Intervals rest = lacks.minus(absent);
        link.push.next = rest.isEmpty() ? last + 1 : rest.from(0);
        tellGaps(link, lacks.and(absent).and(Intervals.of(1, link.push.next - 1)));
        return rest.isEmpty() ? null : new Range(own, rest.from(0), rest.to(0));
    }

    /// What was trimmed here before this peer had it, it must seek elsewhere, or learn that it is gone.
    private void tellGaps(Link link, Intervals gone) {
        List<Range> gaps = new ArrayList<>();
        for (int k = 0; k < gone.size(); k++) {
            gaps.add(new Range(identity.stream(), gone.from(k), gone.to(k)));
        }
        if (!gaps.isEmpty()) {
            turn.send(link, new Message.Served(gaps, false));
        }
    }
}
