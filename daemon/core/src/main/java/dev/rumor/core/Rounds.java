package dev.rumor.core;

import dev.rumor.core.Frontier.Claim;
import dev.rumor.core.Frontier.Mark;
import dev.rumor.core.Links.Link;
import dev.rumor.core.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Anti-entropy (Demers et al., 1987, push-pull, with an exact frontier in place of a checksum over a database): what
/// heals partitions, restarts and late joiners, even when eager push delivers nothing at all.
///
/// Every interval a few random peers are sent a digest. Equal: they say so, and that is all. Different: both tell
/// their whole frontier, and each *pulls* what it lacks. Only a gap in which nothing has arrived for a while is
/// pulled, so that nothing in flight is sent twice; each stream from one peer at a time, one pull per link at a time,
/// in bounded chunks.
final class Rounds {

    /// While nothing differs, the interval doubles up to this many times itself.
    private static final int MAX_BACK_OFF = 8;

    /// A gap is pulled no sooner than this after the last arrival in its stream, or two round trips if that is longer.
    private static final long GAP_NANOS = Duration.ofMillis(100).toNanos();

    /// A peer that was stopped for a while answers late; no more than this is taken for its round trip.
    private static final long MAX_ROUND_TRIP_NANOS = Duration.ofSeconds(2).toNanos();

    /// A pull that was not answered to its end by now is given up; the range is asked of somebody else.
    private static final long PULL_NANOS = Duration.ofSeconds(10).toNanos();

    /// One pull asks for so many ranges and is answered with so many chunks.
    static final int MAX_WANTS = 1024;

    static final int MAX_CHUNKS = 16;

    /// A stream of which something is missing here and held elsewhere.
    private static final class Gap {
        private long since;
        private Link source;

        Gap(long since) {
            this.since = since;
        }
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final RandomGenerator dice;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Spread spread;
    private final TreeMap<Stream, Gap> gaps = new TreeMap<>();
    private long nextRound = Long.MAX_VALUE;
    private int backOff = 1;

    Rounds(
            Node.Turn turn,
            Settings settings,
            RandomGenerator dice,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster,
            Spread spread) {
        this.turn = turn;
        this.settings = settings;
        this.dice = dice;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.spread = spread;
    }

    // --- the round

    void opened() {
        schedule();
    }

    /// Something new was broadcast, linked or found to differ: rounds come at their shortest interval again.
    void stir() {
        if (backOff > 1) {
            backOff = 1;
            schedule();
        }
    }

    private void schedule() {
        long interval = settings.gossipInterval().toNanos() * backOff;
        nextRound = turn.now() + interval / 4 * 3 + dice.nextLong(interval / 2 + 1);
    }

    void woke() {
        if (turn.now() >= nextRound) {
            receipts.look();
            receipts.retire();
            open();
            backOff = Math.min(MAX_BACK_OFF, backOff * 2);
            schedule();
        }
        pullRipe();
    }

    long alarm() {
        long first = nextRound;
        for (Gap gap : gaps.values()) {
            first = Math.min(first, gap.source == null ? gap.since + patience() : Long.MAX_VALUE);
        }
        for (Link link : links.admitted()) {
            first = Math.min(first, link.pullUntil);
        }
        return first;
    }

    private void open() {
        List<Link> peers = new ArrayList<>(links.admitted());
        peers.removeIf(link -> link.clogged);
        List<Long> chosen = new ArrayList<>();
        while (!peers.isEmpty() && chosen.size() < settings.fanout()) {
            Link peer = peers.remove(dice.nextInt(peers.size()));
            peer.roundAt = turn.now();
            chosen.add(peer.id);
        }
        if (!chosen.isEmpty()) {
            turn.add(new Effect.Send(chosen, new Message.Round(log.durable().digest(), roster.digest())));
        }
    }

    void heard(Link link, Message.Round round) {
        boolean sameRoster = round.roster().equals(roster.digest());
        boolean sameHeld = round.held().equals(log.durable().digest());
        if (sameRoster && sameHeld) {
            turn.send(link, new Message.Agreement());
            return;
        }
        stir();
        if (!sameRoster) {
            turn.send(link, new Message.Registers(List.copyOf(roster.all())));
        }
        if (!sameHeld) {
            turn.send(link, whole(true));
        }
    }

    void agreed(Link link) {
        measure(link);
    }

    private void measure(Link link) {
        if (link.roundAt >= 0) {
            link.roundTripNanos = Math.min(MAX_ROUND_TRIP_NANOS, turn.now() - link.roundAt);
            link.roundAt = -1;
        }
    }

    private Message.Claims whole(boolean answer) {
        return new Message.Claims(log.durable().claims(), log.durable().marks(), true, answer);
    }

    void linked(Link link) {
        stir();
        turn.send(link, new Message.Registers(List.copyOf(roster.all())));
        turn.send(link, whole(false));
    }

    void claimed(Link link, Message.Claims message) {
        if (message.answer()) {
            measure(link);
            stir();
            turn.send(link, whole(false));
        }
        if (message.whole()) {
            tellRetired(link, message.marks());
        }
        for (Claim claim : message.claims()) {
            if (!log.isForked(claim.stream(), claim.tag())
                    && !log.missing(claim).isEmpty()) {
                gaps.computeIfAbsent(claim.stream(), stream -> new Gap(turn.now()));
            }
        }
    }

    /// A peer whose mark is lower than ours, or stands for something else, is sent the entries that ours stands for,
    /// and the marks again.
    private void tellRetired(Link link, List<Mark> theirs) {
        Map<String, Mark> told = new TreeMap<>();
        theirs.forEach(mark -> told.put(mark.origin(), mark));
        List<Claim> below = new ArrayList<>();
        boolean differs = false;
        for (Mark mark : log.durable().marks()) {
            Mark their = told.get(mark.origin());
            boolean lower = their == null || their.epoch() < mark.epoch();
            boolean other = !lower && their.epoch() == mark.epoch() && their.digest() != mark.digest();
            if (lower || other) {
                differs = true;
                below.addAll(log.durable().retiredFrom(mark.origin(), other || their == null ? 0 : their.epoch()));
            }
        }
        if (differs) {
            turn.send(link, new Message.Claims(below, log.durable().marks(), false, false));
        }
    }

    // --- pulling

    /// Something arrived in this stream: what is still missing is perhaps under way.
    void progressed(Stream stream) {
        Gap gap = gaps.get(stream);
        if (gap != null) {
            gap.since = turn.now();
        }
    }

    void unlinked(Link link) {
        for (Gap gap : gaps.values()) {
            if (gap.source == link) {
                gap.source = null;
            }
        }
    }

    private long patience() {
        long longest = 0;
        for (Link link : links.admitted()) {
            longest = Math.max(longest, link.roundTripNanos);
        }
        return Math.max(GAP_NANOS, 2 * longest);
    }

    private void pullRipe() {
        for (Link link : links.admitted()) {
            if (turn.now() >= link.pullUntil) {
                release(link);
            }
        }
        if (gaps.isEmpty()) {
            return;
        }
        long patience = patience();
        TreeMap<Long, List<Range>> wants = new TreeMap<>();
        for (Stream stream : List.copyOf(gaps.keySet())) {
            Gap gap = gaps.get(stream);
            if (gap.source == null && turn.now() >= gap.since + patience) {
                choose(stream, gap, wants);
            }
        }
        wants.forEach((id, ranges) -> {
            Link link = links.admitted(id);
            turn.send(link, new Message.Pull(ranges, link.discarded));
            link.discarded = false;
            link.pullUntil = turn.now() + PULL_NANOS;
        });
    }

    /// Finds somebody who holds what is missing of `stream`. A peer that is being pulled from is asked again later;
    /// where all who held it once have let go of it, it is waived.
    private void choose(Stream stream, Gap gap, TreeMap<Long, List<Range>> wants) {
        List<Link> sources = new ArrayList<>();
        Claim lost = null;
        boolean busy = false;
        for (Link link : links.admitted()) {
            Claim theirs = receipts.heldBy(link).claim(stream);
            Intervals missing = theirs == null ? Intervals.NONE : log.missing(theirs);
            Intervals there = missing.minus(link.unavailable.getOrDefault(stream, Intervals.NONE));
            if (!there.isEmpty()) {
                busy |= link.isPulling();
                if (!link.isPulling() && wants.getOrDefault(link.id, List.of()).size() < MAX_WANTS) {
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
                receipts.advanced(
                        new Range(stream, lost.held().from(0), lost.held().last()), false);
            }
        }
    }

    private void addWants(Stream stream, Link source, List<Range> wants) {
        Intervals missing = log.missing(receipts.heldBy(source).claim(stream))
                .minus(source.unavailable.getOrDefault(stream, Intervals.NONE));
        for (int k = 0; k < missing.size() && wants.size() < MAX_WANTS; k++) {
            wants.add(new Range(stream, missing.from(k), missing.to(k)));
        }
    }

    /// The peer sent what it could, or cannot. What it has no more is sought elsewhere; what is left is pulled next.
    void served(Link link, Message.Served served) {
        for (Range gone : served.gaps()) {
            if (!receipts.heldBy(link).held(gone.stream()).isEmpty()) {
                link.unavailable.merge(gone.stream(), Intervals.of(gone.from(), gone.to()), Intervals::plus);
                gaps.computeIfAbsent(gone.stream(), stream -> new Gap(turn.now()));
            }
        }
        if (served.done() && link.isPulling()) {
            release(link);
            pullRipe();
        }
    }

    /// The streams that were pulled from here may be pulled at once, from here or elsewhere, if anything came of it.
    private void release(Link link) {
        link.pullUntil = Long.MAX_VALUE;
        long ripe = turn.now() - patience();
        for (Gap gap : gaps.values()) {
            if (gap.source == link) {
                gap.source = null;
                gap.since = link.fruitful ? ripe : turn.now();
            }
        }
        link.fruitful = false;
    }

    // --- being pulled from

    void pulled(Link link, Message.Pull pull) {
        link.asked.clear();
        link.gaps.clear();
        link.chunksLeft = MAX_CHUNKS;
        link.serving = true;
        if (pull.again()) {
            spread.again(link);
        }
        for (Range want : pull.wants()) {
            if (spread.pushes(want.stream())) {
                spread.missed(link, want);
            } else {
                link.asked.add(want);
            }
        }
        serve(link);
    }

    /// Sends the next chunk of what was asked for, or says that this was all.
    void serve(Link link) {
        if (!link.serving || link.sending || link.clogged) {
            return;
        }
        while (!link.asked.isEmpty() && link.chunksLeft > 0) {
            Range want = link.asked.remove();
            Intervals asked = Intervals.of(want.from(), want.to());
            Intervals here = asked.and(log.durable().held(want.stream()));
            Intervals gone = here.and(log.absent(want.stream()));
            for (int k = 0; k < gone.size() && link.gaps.size() < MAX_WANTS; k++) {
                link.gaps.add(new Range(want.stream(), gone.from(k), gone.to(k)));
            }
            Intervals rest = here.minus(gone);
            for (int k = rest.size() - 1; k >= 0; k--) {
                link.asked.addFirst(new Range(want.stream(), rest.from(k), rest.to(k)));
            }
            if (!rest.isEmpty()) {
                link.sending = true;
                link.chunksLeft--;
                turn.add(new Effect.SendRange(List.of(link.id), link.asked.peek(), Spread.CHUNK_BYTES));
                return;
            }
        }
        link.serving = false;
        turn.send(link, new Message.Served(List.copyOf(link.gaps), true));
    }

    void sent(Link link, Stream stream, long upTo) {
        link.sending = false;
        Range head = link.asked.peek();
        if (head != null && head.stream().equals(stream) && head.from() <= upTo) {
            link.asked.remove();
            if (upTo < head.to()) {
                link.asked.addFirst(new Range(head.stream(), upTo + 1, head.to()));
            }
        }
        serve(link);
    }

    /// The store could not read what it should hold: for this peer it is a gap here.
    void unreadable(Link link, Range range) {
        if (link.gaps.size() < MAX_WANTS) {
            link.gaps.add(range);
        }
        sent(link, range.stream(), range.to());
    }
}
