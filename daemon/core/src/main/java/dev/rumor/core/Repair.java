package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What is missing here and held elsewhere is pulled: by whoever lacks it, from one peer at a time for each stream, one
/// pull at a time on each link, in bounded chunks. And peers that pull are served, likewise.
///
/// A gap is pulled only when nothing has arrived in its stream for a while, so that nothing in flight is sent twice.
///
/// A log that is nearly full takes no pushes that do not fit. It tells the peer to hold them, and pulls instead: only
/// while all whom commits wait for are linked, one stream at a time and the lowest first, so that full logs which lack
/// each other's records fill up with the same ones, commit them, and get room again.
final class Repair {

    /// A gap is pulled no sooner than this after the last arrival in its stream, or two round trips if that is longer.
    private static final long GAP_NANOS = Duration.ofMillis(100).toNanos();

    /// A pull that was not answered to its end by now is given up; the range is asked of somebody else.
    private static final long PULL_NANOS = Duration.ofSeconds(10).toNanos();

    /// Where messages may be lost it is given up sooner, and no sooner than after so many round trips.
    private static final long LOSSY_PULL_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int PULL_ROUND_TRIPS = 4;

    /// One pull asks for so many ranges and is answered with so many chunks.
    static final int MAX_WANTS = 1024;

    private static final int MAX_CHUNKS = 16;

    /// What is remembered of one link.
    static final class State {
        // As the one who pulls.
        private final TreeMap<Stream, Intervals> unavailable = new TreeMap<>();
        private long pullUntil = Long.MAX_VALUE;
        private boolean fruitful;
        private boolean holding;

        // As the one who serves.
        private final ArrayDeque<Range> asked = new ArrayDeque<>();
        private final List<Range> gaps = new ArrayList<>();
        private int chunksLeft;
        private boolean serving;
        private boolean sending;
        private boolean stale;

        boolean isPulling() {
            return pullUntil != Long.MAX_VALUE;
        }

        private Intervals unavailable(Stream stream) {
            return unavailable.getOrDefault(stream, Intervals.NONE);
        }
    }

    /// A stream of which something is missing here and held elsewhere.
    private static final class Gap {
        /// How long what is missing may be collected somewhere.
        private final long graceNanos;

        private long since;
        private long reached;
        private long end;
        private Link source;

        Gap(long now, long graceNanos, long reached, long end) {
            this.graceNanos = graceNanos;
            this.since = now + graceNanos;
            this.reached = reached;
            this.end = end;
        }
    }

    private final Node.Turn turn;
    private final RandomGenerator dice;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Push push;
    private final Bulletin bulletin;
    private final Settings settings;
    private final TreeMap<Stream, Gap> gaps = new TreeMap<>();

    Repair(
            Node.Turn turn,
            Settings settings,
            RandomGenerator dice,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster,
            Push push,
            Bulletin bulletin) {
        this.turn = turn;
        this.dice = dice;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.push = push;
        this.bulletin = bulletin;
        this.settings = settings;
    }

    // --- finding gaps

    void claimed(Link link, List<Claim> claims) {
        for (Claim claim : claims) {
            Intervals missing = log.isForked(claim.stream(), claim.tag()) ? Intervals.NONE : log.missing(claim);
            if (!missing.isEmpty()) {
                boolean mayBeCollected = mayBeCollected(link, claim.stream());
                note(claim.stream(), mayBeCollected ? settings.deliveryBudget().toNanos() : 0, missing.last());
            }
        }
    }

    /// Whether the peer may hold what will be here without being asked for, because it is being collected.
    private static boolean mayBeCollected(Link link, Stream stream) {
        return stream.origin().equals(link.name()) || link.bulletin.mayCollect();
    }

    /// Something is missing of a stream, up to `end` at least.
    private void note(Stream stream, long graceNanos, long end) {
        long reached = log.received().held(stream).contiguous();
        Gap gap = gaps.computeIfAbsent(stream, any -> new Gap(turn.now(), graceNanos, reached, end));
        gap.end = Math.max(gap.end, end);
    }

    /// A run came, and was stored or discarded. Where it closed the first gap of its stream, what is still missing is
    /// perhaps under way; what comes behind a gap says nothing about it.
    void arrived(Link link, Stream stream, boolean discarded) {
        link.repair.fruitful |= !discarded;
        if (discarded) {
            note(stream, 0, Long.MAX_VALUE);
            if (!link.repair.holding) {
                link.repair.holding = true;
                turn.send(link, new Message.Pull(List.of(), true));
            }
        }
        Gap gap = gaps.get(stream);
        long contiguous = log.received().held(stream).contiguous();
        if (gap != null && contiguous > gap.reached) {
            gap.reached = contiguous;
            gap.since = turn.now() + gap.graceNanos;
            if (contiguous >= gap.end && gap.source == null) {
                gaps.remove(stream);
            }
        }
    }

    /// Once there is room, and nothing of its own stream is left to be pulled, a peer may push again.
    void resume() {
        for (Link link : links.admitted()) {
            boolean level = !gaps.containsKey(link.stream()) && !link.repair.isPulling();
            if (link.repair.holding && level && log.hasRoom()) {
                link.repair.holding = false;
                turn.send(link, new Message.Pull(List.of(), false));
            }
        }
    }

    void unlinked(Link link) {
        for (Gap gap : gaps.values()) {
            if (gap.source == link) {
                gap.source = null;
            }
        }
    }

    // --- pulling

    void woke() {
        for (Link link : links.admitted()) {
            if (turn.now() >= link.repair.pullUntil) {
                release(link);
            }
        }
        pull();
    }

    long alarm() {
        long first = Long.MAX_VALUE;
        for (Map.Entry<Stream, Gap> each : gaps.entrySet()) {
            Gap gap = each.getValue();
            first = Math.min(first, gap.source == null ? gap.since + patience(each.getKey()) : Long.MAX_VALUE);
        }
        for (Link link : links.admitted()) {
            first = Math.min(first, link.repair.pullUntil);
        }
        return first;
    }

    /// How long what is missing may still be on its way from its origin.
    private long patience(Stream stream) {
        Link origin = links.to(stream.origin());
        return Math.max(GAP_NANOS, origin == null ? 0 : 2 * origin.roundTripNanos);
    }

    /// Asks for what has been missing for long enough.
    private void pull() {
        TreeMap<Long, List<Range>> wants = new TreeMap<>();
        boolean oneOnly = !log.hasRoom();
        boolean none =
                oneOnly && (!roster.isComplete() || gaps.values().stream().anyMatch(gap -> gap.source != null));
        for (Stream stream : List.copyOf(gaps.keySet())) {
            Gap gap = gaps.get(stream);
            if (gap.source != null || turn.now() < gap.since + patience(stream)) {
                continue;
            }
            if (none || oneOnly && !wants.isEmpty()) {
                gap.since = turn.now();
            } else {
                choose(stream, gap, wants);
            }
        }
        wants.forEach((id, ranges) -> {
            Link link = links.admitted(id);
            turn.send(link, new Message.Pull(ranges, link.repair.holding));
            link.repair.pullUntil = turn.now() + pullNanos(link);
        });
        resume();
    }

    private long pullNanos(Link link) {
        return settings.isLinked() ? PULL_NANOS : Math.max(LOSSY_PULL_NANOS, PULL_ROUND_TRIPS * link.roundTripNanos);
    }

    /// Finds somebody who holds what is missing of `stream`. A peer that is being pulled from is asked again later;
    /// where all who held it once have let go of it, it is waived.
    private void choose(Stream stream, Gap gap, TreeMap<Long, List<Range>> wants) {
        List<Link> sources = new ArrayList<>();
        Claim lost = null;
        boolean busy = false;
        for (Link link : links.admitted()) {
            Claim theirs = receipts.claimBy(link, stream);
            Intervals missing = theirs == null ? Intervals.NONE : log.missing(theirs);
            Intervals there = missing.minus(link.repair.unavailable(stream));
            if (!there.isEmpty()) {
                busy |= link.repair.isPulling();
                if (!link.repair.isPulling()
                        && wants.getOrDefault(link.id, List.of()).size() < MAX_WANTS) {
                    sources.add(link);
                }
            } else if (!missing.isEmpty()) {
                lost = new Claim(stream, theirs.tag(), missing);
            }
        }
        if (!sources.isEmpty()) {
            gap.source = sources.get(dice.nextInt(sources.size()));
            addWants(stream, gap.source, wants.computeIfAbsent(gap.source.id, id -> new ArrayList<>()));
        } else if (busy) {
            gap.since = turn.now();
        } else {
            gaps.remove(stream);
            if (lost != null) {
                log.waive(lost);
                bulletin.advanced(
                        new Range(stream, lost.held().from(0), lost.held().last()), false);
            }
        }
    }

    private void addWants(Stream stream, Link source, List<Range> wants) {
        Intervals missing = log.missing(receipts.claimBy(source, stream)).minus(source.repair.unavailable(stream));
        for (int k = 0; k < missing.size() && wants.size() < MAX_WANTS; k++) {
            wants.add(new Range(stream, missing.from(k), missing.to(k)));
        }
    }

    /// The peer sent what it could, or cannot. What it has no more is sought elsewhere; what is left is pulled next.
    void served(Link link, Message.Served served) {
        for (Range gone : served.gaps()) {
            if (!receipts.heldBy(link, gone.stream()).isEmpty()) {
                link.repair.unavailable.merge(gone.stream(), Intervals.of(gone.from(), gone.to()), Intervals::plus);
                note(gone.stream(), 0, gone.to());
            }
        }
        if (served.done() && link.repair.isPulling()) {
            release(link);
            pull();
        }
    }

    /// The streams that were pulled from here may be pulled at once, from here or elsewhere, if anything came of it.
    private void release(Link link) {
        link.repair.pullUntil = Long.MAX_VALUE;
        gaps.forEach((stream, gap) -> {
            if (gap.source == link) {
                gap.source = null;
                gap.since = turn.now() - (link.repair.fruitful ? patience(stream) : 0);
            }
        });
        link.repair.fruitful = false;
    }

    // --- being pulled from

    void pulled(Link link, Message.Pull pull) {
        push.hold(link, pull.hold());
        if (pull.wants().isEmpty()) {
            return;
        }
        State state = link.repair;
        state.asked.clear();
        state.gaps.clear();
        state.chunksLeft = MAX_CHUNKS;
        state.serving = true;
        state.stale = state.sending;
        for (Range want : pull.wants()) {
            if (push.reaches(link, want.stream())) {
                push.missed(link, want);
            } else {
                state.asked.add(want);
            }
        }
        serve(link);
    }

    /// Sends the next chunk of what was asked for, or says that this was all.
    void serve(Link link) {
        State state = link.repair;
        if (!state.serving || state.sending || link.clogged) {
            return;
        }
        while (!state.asked.isEmpty() && state.chunksLeft > 0) {
            Range want = state.asked.remove();
            Intervals here =
                    Intervals.of(want.from(), want.to()).and(log.durable().held(want.stream()));
            Intervals gone = here.and(log.absent(want.stream()));
            for (int k = 0; k < gone.size() && state.gaps.size() < MAX_WANTS; k++) {
                state.gaps.add(new Range(want.stream(), gone.from(k), gone.to(k)));
            }
            Intervals rest = here.minus(gone);
            for (int k = rest.size() - 1; k >= 0; k--) {
                state.asked.addFirst(new Range(want.stream(), rest.from(k), rest.to(k)));
            }
            if (!rest.isEmpty()) {
                state.sending = true;
                state.chunksLeft--;
                turn.add(new Effect.SendRange(List.of(link.id), state.asked.peek(), Push.CHUNK_BYTES));
                return;
            }
        }
        state.serving = false;
        turn.send(link, new Message.Served(List.copyOf(state.gaps), true));
    }

    void sent(Link link, Stream stream, long upTo) {
        State state = link.repair;
        state.sending = false;
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

    /// The store could not read what it should hold: for this peer it is a gap here.
    void unreadable(Link link, Range range) {
        if (link.repair.gaps.size() < MAX_WANTS) {
            link.repair.gaps.add(range);
        }
        sent(link, range.stream(), range.to());
    }
}
