package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Gap;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What is missing here and held elsewhere is pulled: by whoever lacks it, from one peer at a time for each
/// stream, one pull at a time on each link, in bounded chunks; and only when nothing has arrived in its stream for
/// a while, so that nothing in flight is sent twice. What is found damaged here is pulled likewise.
///
/// A peer that has nothing to send of what it claims is passed over, and asked again later, with a growing pause: it
/// is damaged there, and may be mended. What every peer that held it has let go of is *waived*; what is damaged here
/// is waived too, with a warning, when that is so, or when all members are there and none has it; and so is what the
/// others of its stream arrived without, once its origin cannot have it any more: it went with a disk. Before
/// anything is given up all are asked for it, whatever is known of them: what they told may be long ago.
///
/// A log that is nearly full has its peers hold their pushes, and pulls instead: only while all whom commits wait for
/// are linked, one stream at a time and the lowest first, so that full logs fill up with the same records, commit them,
/// and get room again.
final class Repair {

    /// A gap is pulled no sooner than this after the last arrival in its stream, or two round trips if that is longer.
    private static final long GAP_NANOS = Duration.ofMillis(100).toNanos();

    /// A pull that was not answered to its end by now is given up; the range is asked of somebody else.
    private static final long PULL_NANOS = Duration.ofSeconds(10).toNanos();

    /// Where messages may be lost, sooner; but never before so many round trips.
    private static final long LOSSY_PULL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int ROUND_TRIPS = 4;

    /// The longest pause before peers are asked again that claimed what they could not send.
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    /// So long is hoped for who is not linked, and readers wait; beyond a mesh, where few are linked, six times as
    /// long.
    private static final long HOPE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Node.Turn turn;
    private final RandomGenerator dice;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Settings settings;
    private final TreeMap<Stream, Gap> gaps = new TreeMap<>();
    private long spare;
    private long floodNanos;
    private boolean pulling;

    Repair(
            Node.Turn turn,
            Settings settings,
            RandomGenerator dice,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster) {
        this.turn = turn;
        this.dice = dice;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.settings = settings;
    }

    // --- finding gaps

    void claimed(Link link, List<Claim> claims) {
        for (Claim claim : claims) {
            Stream stream = claim.stream();
            Intervals missing = log.isForked(stream, claim.tag()) ? Intervals.NONE : log.missing(claim);
            if (!missing.isEmpty()) {
                boolean isOrigin = stream.origin().equals(link.name());
                note(stream, link.bulletin.graceNanos(settings, isOrigin), missing.last());
                hasten(stream, link);
            }
        }
        log.damaged().forEach(stream -> hasten(stream, link));
    }

    /// What was held here is found damaged.
    void seek() {
        long records = 0;
        for (Stream stream : log.damaged()) {
            note(stream, 0, Long.MAX_VALUE);
            records += log.damaged(stream).count();
        }
        if (records > 0) {
            turn.add(new Effect.Warn(records + " records on this disk fail their check; they are sought from the other "
                    + "members, and shown to nobody meanwhile"));
        }
    }

    /// A stream that stopped, with records that came and others before them that did not, may have lost them for good.
    void look() {
        for (Claim claim : log.received().claims()) {
            Intervals held = claim.held();
            if (held.contiguous() < held.last()
                    && !receipts.lost(claim.stream()).isEmpty()) {
                note(claim.stream(), 0, held.last());
            }
        }
    }

    private void hasten(Stream stream, Link link) {
        Gap gap = gaps.get(stream);
        if (gap != null) {
            gap.hasten(link.id, available(link, stream), turn.now());
        }
    }

    /// What is wanted of a stream and the peer holds, as far as it told.
    private Intervals wanted(Link link, Stream stream) {
        Claim claim = receipts.claimBy(link, stream);
        Intervals wanted = claim == null ? Intervals.NONE : log.missing(claim);
        return receipts.toldBy(link).isRetired(stream) ? wanted.plus(log.damaged(stream)) : wanted;
    }

    /// What of it the peer did not let go of.
    private Intervals available(Link link, Stream stream) {
        return wanted(link, stream).minus(link.pulls.unavailable.of(stream));
    }

    /// Something is missing of a stream, up to `end` at least.
    private void note(Stream stream, long graceNanos, long end) {
        long reached = log.received().held(stream).contiguous();
        gaps.computeIfAbsent(stream, any -> new Gap(turn.now(), graceNanos, reached))
                .extend(turn.now(), graceNanos, end);
    }

    /// A run came, and was stored or discarded. Where it closed the first gap of its stream, what is still missing is
    /// perhaps under way; what comes behind a gap, or behind what is damaged, says nothing about it.
    void arrived(Link link, Stream stream, boolean discarded) {
        if (discarded) {
            note(stream, 0, Long.MAX_VALUE);
            if (!link.pulls.holding) {
                link.pulls.holding = true;
                turn.send(link, new Message.Pull(List.of(), true));
            }
        }
        Gap gap = gaps.get(stream);
        long contiguous = log.received().held(stream).contiguous();
        if (gap != null && log.damaged(stream).isEmpty() && gap.arrived(contiguous, turn.now())) {
            gaps.remove(stream);
        }
    }

    /// Once there is room, and nothing of its own stream is left to be pulled, a peer may push again.
    void resume() {
        for (Link link : links.admitted()) {
            boolean level = !gaps.containsKey(link.stream()) && !link.pulls.isPulling();
            if (link.pulls.holding && level && log.hasRoom() && !log.isBehind()) {
                link.pulls.holding = false;
                turn.send(link, new Message.Pull(List.of(), false));
            }
        }
    }

    void unlinked(Link link) {
        gaps.values().forEach(gap -> gap.unlinked(link.id));
    }

    // --- pulling

    void woke() {
        floodNanos = roster.isMesh() ? 0 : ROUND_TRIPS * links.longestRoundTripNanos();
        links.admitted().stream()
                .filter(link -> turn.now() >= link.pulls.pullUntil)
                .forEach(link -> release(link, false));
        pulling = links.admitted().stream().anyMatch(link -> link.pulls.isPulling());
        pull();
    }

    long alarm() {
        long first = Long.MAX_VALUE;
        for (Map.Entry<Stream, Gap> each : gaps.entrySet()) {
            first = Math.min(first, each.getValue().dueAt(patience(each.getKey())));
        }
        for (Link link : pulling ? links.admitted() : List.<Link>of()) {
            first = Math.min(first, link.pulls.pullUntil);
        }
        return first;
    }

    /// How long what is missing may still be on its way from its origin.
    private long patience(Stream stream) {
        Link origin = links.to(stream.origin());
        return Math.max(GAP_NANOS, Math.max(floodNanos, origin == null ? 0 : 2 * origin.roundTripNanos));
    }

    boolean isAsked(Link link, Run run) {
        Gap gap = gaps.get(run.stream());
        boolean isPulled = gap != null && gap.isAsked(link.id);
        return isPulled
                && !gap.asked().and(Intervals.of(run.first(), run.last())).isEmpty();
    }

    /// Whether anything has been missing for long enough.
    private boolean isDue() {
        return gaps.entrySet().stream()
                .anyMatch(each -> turn.now() >= each.getValue().dueAt(patience(each.getKey())));
    }

    /// Asks for what has been missing for long enough, and with it for what soon will be: there is one pull at a
    /// time on a link, and round trips differ a little. A log that discards what is too much takes from everybody.
    private void pull() {
        TreeMap<Long, List<Range>> wants = new TreeMap<>();
        spare = (Log.MAX_BACKLOG_BYTES - log.backlogBytes()) / ((long) Push.MAX_CHUNKS * Push.CHUNK_BYTES)
                - links.admitted().stream()
                        .filter(link -> link.pulls.isPulling())
                        .count();
        boolean oneOnly = !log.hasRoom() && settings.whenFull() == Settings.WhenFull.REFUSE;
        boolean none = oneOnly
                && (!roster.isComplete(Register::isActive)
                        || gaps.values().stream().anyMatch(Gap::isAsked));
        for (Stream stream : isDue() ? List.copyOf(gaps.keySet()) : List.<Stream>of()) {
            Gap gap = gaps.get(stream);
            boolean due = turn.now() >= gap.dueAt(patience(stream) / 4 * 3);
            if (due && (none || oneOnly && !wants.isEmpty())) {
                gap.defer(turn.now());
            } else if (due) {
                choose(stream, gap, wants);
            }
        }
        wants.forEach((id, ranges) -> {
            Link link = links.admitted(id);
            turn.send(link, new Message.Pull(ranges, link.pulls.holding));
            link.pulls.unanswered++;
            pulling = true;
            long lossy = Math.max(LOSSY_PULL_NANOS, ROUND_TRIPS * link.roundTripNanos);
            link.pulls.pullUntil = turn.now() + (settings.isLinked() ? PULL_NANOS : lossy);
        });
        resume();
    }

    /// Finds somebody who holds what is missing of `stream`. A peer that is being pulled from is asked again later.
    private void choose(Stream stream, Gap gap, TreeMap<Long, List<Range>> wants) {
        List<Link> sources = new ArrayList<>();
        Intervals gone = Intervals.NONE;
        Intervals later = Intervals.NONE;
        boolean busy = false;
        gap.begin();
        for (Link link : links.admitted()) {
            Intervals there = available(link, stream);
            boolean isBarren = gap.isBarren(link.id, there);
            gone = gone.plus(wanted(link, stream).minus(there));
            later = isBarren ? later.plus(there) : later;
            boolean isToAsk = !isBarren && !sought(link, stream, gap).isEmpty();
            if (isToAsk && mayAsk(link, wants)) {
                sources.add(link);
            } else {
                busy |= isToAsk;
            }
        }
        if (!sources.isEmpty()) {
            Link source = sources.get(dice.nextInt(sources.size()));
            List<Range> ranges = wants.computeIfAbsent(source.id, id -> new ArrayList<>());
            gap.ask(source.id, addWants(stream, sought(source, stream, gap), ranges));
        } else if (busy) {
            gap.defer(turn.now());
        } else {
            gone = gap.gone(gone, log.received().held(stream), roster.isMesh());
            giveUp(stream, gap, gone.minus(later), later);
        }
    }

    /// What the peer is asked for: what it has, and at the last call all that is given up if nobody has it.
    private Intervals sought(Link link, Stream stream, Gap gap) {
        Intervals called = missing(stream, gap.called()).minus(link.pulls.unavailable.of(stream));
        return available(link, stream).plus(called);
    }

    /// What of this has not come, or is damaged here.
    private Intervals missing(Stream stream, Intervals what) {
        return what.minus(log.received().held(stream)).plus(what.and(log.damaged(stream)));
    }

    /// One pull at a time on a link, and no more at a time than the disk can take.
    private boolean mayAsk(Link link, TreeMap<Long, List<Range>> wants) {
        List<Range> ranges = wants.get(link.id);
        return ranges == null ? !link.pulls.isPulling() && wants.size() < spare : ranges.size() < Push.MAX_WANTS;
    }

    private static Intervals addWants(Stream stream, Intervals missing, List<Range> wants) {
        Intervals asked = Intervals.NONE;
        for (int k = 0; k < missing.size() && wants.size() < Push.MAX_WANTS; k++) {
            wants.add(new Range(stream, missing.from(k), missing.to(k)));
            asked = asked.plus(missing.from(k), missing.to(k));
        }
        return asked;
    }

    /// Nobody who is linked can send what is missing now.
    ///
    /// @param gone what all of them who held it let go of
    /// @param later what else one of them may send later
    private void giveUp(Stream stream, Gap gap, Intervals gone, Intervals later) {
        boolean complete = roster.isComplete(Register::isMember);
        Intervals damaged = log.damaged(stream);
        Intervals unseen = receipts.lost(stream).minus(later);
        boolean hopeless = gap.isHopeless(turn.now(), roster.isMesh() ? HOPE_NANOS : 6 * HOPE_NANOS);
        boolean isNowhere = complete || hopeless && !roster.isMesh();
        Intervals lost = isNowhere ? gone.plus(damaged).plus(unseen) : gone;
        boolean sure = hopeless || complete && lost.and(damaged).isEmpty() && gone.containsAll(unseen);
        if (sure && !gap.called().containsAll(lost)) {
            gap.callAll(turn.now(), lost);
            if (links.admitted().stream()
                    .anyMatch(link -> !sought(link, stream, gap).isEmpty())) {
                return;
            }
        }
        if (sure && !lost.isEmpty()) {
            waive(stream, lost, lost.and(damaged), unseen.minus(gone));
        }
        boolean isNothing = lost.isEmpty() && (roster.isMesh() || unseen.isEmpty());
        if (later.isEmpty() && (sure || isNothing) && log.damaged(stream).isEmpty()) {
            gaps.remove(stream);
        } else {
            gap.pause(turn.now(), GAP_NANOS, LONGEST_PAUSE_NANOS);
        }
    }

    private void waive(Stream stream, Intervals lost, Intervals damaged, Intervals unseen) {
        warn(stream, damaged, "here they fail their check");
        warn(stream, unseen, "they never came, their origin has gone on");
        int tag = 0;
        for (Link link : links.admitted()) {
            Claim theirs = receipts.claimBy(link, stream);
            tag = theirs == null ? tag : theirs.tag();
        }
        log.waive(stream, tag, lost);
    }

    private void warn(Stream stream, Intervals lost, String why) {
        if (!lost.isEmpty()) {
            turn.add(new Effect.Warn("records " + lost + " of " + stream + " are lost: " + why
                    + ", and no member that is linked has them"));
        }
    }

    /// The peer sent what it could, or cannot. What it has no more is sought elsewhere; what is left is pulled next.
    void served(Link link, Message.Served served) {
        for (Range gone : served.gaps()) {
            boolean known = receipts.claimBy(link, gone.stream()) != null;
            if (known || !log.damaged(gone.stream()).isEmpty()) {
                link.pulls.unavailable.add(gone);
                note(gone.stream(), 0, gone.to());
            }
        }
        link.pulls.unanswered = Math.max(0, link.pulls.unanswered - (served.done() ? 1 : 0));
        boolean isLate = settings.isLinked() && link.pulls.unanswered > 0;
        if (served.done() && link.pulls.isPulling() && !isLate) {
            release(link, true);
            pull();
        }
    }

    /// The streams that were pulled from here may be pulled at once, from here or elsewhere, if anything came of it.
    /// Where a member is missed that may have what the peer let go of, there is hope again.
    ///
    /// @param answered to the end; then a peer of whom nothing came has nothing to send now
    private void release(Link link, boolean answered) {
        link.pulls.pullUntil = Long.MAX_VALUE;
        TreeMap<Stream, Gap> pulled = new TreeMap<>(gaps);
        pulled.values().removeIf(gap -> !gap.isAsked(link.id));
        boolean fruitful = pulled.entrySet().stream()
                .anyMatch(each -> !sought(link, each.getKey(), each.getValue())
                        .containsAll(each.getValue().asked()));
        boolean missed = roster.isMesh() && !roster.isComplete(Register::isMember);
        pulled.forEach((stream, gap) -> {
            long next = turn.now() - (fruitful ? patience(stream) : 0);
            boolean some = !missing(stream, gap.asked()).containsAll(gap.asked());
            if (answered && !fruitful) {
                gap.barren(link.id, available(link, stream));
            }
            gap.release(next, some || fruitful && missed);
        });
    }
}
