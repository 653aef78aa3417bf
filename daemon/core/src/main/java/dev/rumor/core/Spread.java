package dev.rumor.core;

import dev.rumor.core.stream.Run;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// From a client's broadcast to the log: number it, have it stored, answer. What follows is [Push]'s.
///
/// One write of the own stream is under way at a time; what is offered meanwhile becomes the next run (group commit:
/// idle, a run holds one record and leaves at once; under load it holds all that came since). Nobody is shown a record
/// before it is durable here.
///
/// An origin that is far ahead of most of its peers waits for them, and near the hard limit all origins slow down: so a
/// flood is slowed to what the members can take. Only what does not fit at all is refused.
final class Spread {

    /// A run is closed at this size or count, unless a single draft is larger.
    static final int MAX_RUN_BYTES = 1 << 20;

    static final int MAX_RUN_RECORDS = 4096;

    /// What clients may have waiting to be written before broadcasts are refused.
    static final long MAX_WAITING_BYTES = 64L << 20;

    /// How far the own stream may be written ahead of what half of the peers were sent.
    private static final long MAX_AHEAD_BYTES = 8L << 20;

    /// Who is waited for is looked at again after this time, see [Push#reached].
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /// The last half of the way to the hard limit takes at least this long.
    private static final long PACE_NANOS = Duration.ofSeconds(10).toNanos();

    /// A clock from the future advances our own by no more than this past the wall clock.
    private static final long MAX_AHEAD_MILLIS = 60_000;

    private static final int CLOCK_COUNTER_BITS = 16;

    private record Ticket(long number, Run.Draft draft) {}

    private record Written(long last, long bytes) {}

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Relay relay;
    private final Push push;
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
    private boolean leaving;
    private boolean stopping;

    Spread(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Log log,
            Receipts receipts,
            Roster roster,
            Relay relay,
            Push push) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.relay = relay;
        this.push = push;
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
        if (leaving) {
            return "this daemon is leaving the cluster";
        }
        if (!identity.isOpen()) {
            return "this daemon is starting and has no epoch yet";
        }
        if (!log.hasPlace()) {
            return "no place is left to remember this epoch: there are " + log.crowd()
                    + receipts.blocker()
                            .map(b -> ": '" + b.name() + "' lacks " + b.records() + " records")
                            .orElse("");
        }
        long cost = Run.RUN_OVERHEAD_BYTES + cost(draft);
        if (!log.fits(cost) && !log.makesRoom(cost)) {
            return "the log is full: " + log.bytes() + " bytes are retained and the limit (retain-hard) is "
                    + settings.retainHard() + "; "
                    + receipts.blocker()
                            .map(b -> "'" + b.name() + "' lacks " + b.records() + " records, and none can be trimmed "
                                    + "before it holds them")
                            .orElse(roster.isMesh() ? "nothing can be trimmed yet" : unmeshed());
        }
        return waitingBytes >= MAX_WAITING_BYTES
                ? "overloaded: " + waitingBytes + " bytes wait to be written and the limit is " + MAX_WAITING_BYTES
                : null;
    }

    private String unmeshed() {
        return "with more than " + settings.mesh() + " members (mesh) nothing is known to be held by all, and nothing "
                + "can be trimmed unless when-full is trim";
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
            if (records > 0 && !(small && fits) || !fits && log.makesRoom(cost + cost(next))) {
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
        long reached = push.reached();
        while (!ahead.isEmpty() && ahead.peek().last() < reached) {
            aheadBytes -= ahead.remove().bytes();
        }
        if (aheadBytes < MAX_AHEAD_BYTES) {
            return false;
        }
        relay.hurry();
        lookAgainAt = turn.now() + LOOK_NANOS;
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
        boolean waits = !waiting.isEmpty()
                && writing.isEmpty()
                && log.fits(Run.RUN_OVERHEAD_BYTES + cost(waiting.peek().draft()));
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
        push.push();
    }

    void stop() {
        stopping = true;
    }

    /// This member is leaving, and takes no broadcasts; or it stays after all.
    void leave(boolean begins) {
        leaving = begins;
    }

    /// Whether everything that was taken is durable and acknowledged.
    boolean isIdle() {
        return waiting.isEmpty() && writing.isEmpty();
    }

    int waiting() {
        return waitingRecords;
    }
}
