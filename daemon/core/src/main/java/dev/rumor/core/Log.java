package dev.rumor.core;

import dev.rumor.core.stream.Backlog;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Ranges;
import dev.rumor.core.stream.Retention;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// What this node holds, as the core sees it: frontiers, sizes and limits. The bytes are with the host's store.
///
/// A record passes through it in this order: *received* (it arrived, or was numbered here; it is not asked for any
/// more), *durable* (the store has it; it may be claimed), *delivered* (all before it in its stream are there; it may
/// be shown). Another origin's record is delivered as soon as it is received; an own one only once it is durable.
/// Later it is *trimmed*; or it never came and was *waived*: both are *absent*, held in name only.
///
/// Or its bytes are found *damaged*. Then it stays claimed, because a frontier never shrinks; but it is sent to nobody,
/// and taken once more from whoever has it.
final class Log {

    /// What the store was given and did not yet report as durable costs no more than this, or little: beyond it, what
    /// nobody asked for is discarded, and nothing is pulled. So a slow disk costs time and not memory.
    static final long MAX_BACKLOG_BYTES = 32L << 20;

    private final Node.Turn turn;
    private final Settings settings;
    private final Frontier received = new Frontier();
    private final Frontier durable = new Frontier();
    private final TreeMap<Stream, Long> delivered = new TreeMap<>();
    private final Ranges absent = new Ranges();
    private final Ranges damaged = new Ranges();
    private final Ranges mending = new Ranges();
    private final Backlog backlog = new Backlog();
    private final TreeSet<Stream> quarantined = new TreeSet<>();
    private final Retention retention;
    private Claim own;
    private long records;
    private long bytes;
    private long newestClock;
    private boolean crowded;

    Log(Node.Turn turn, Settings settings) {
        this.turn = turn;
        this.settings = settings;
        this.retention = new Retention(settings.retention());
    }

    void recover(Event.Recovered found) {
        received.recover(found.claims(), found.marks());
        durable.recover(found.claims(), found.marks());
        for (Claim claim : found.claims()) {
            delivered.put(claim.stream(), claim.held().contiguous());
            records += claim.held().count();
        }
        for (Claim claim : found.absent()) {
            absent.add(claim.stream(), claim.held());
            records -= claim.held().count();
        }
        found.damaged().forEach(this::damaged);
        bytes = found.bytes();
    }

    /// From here on `stream` is numbered here, and taken from nobody.
    void opened(Stream stream, int tag) {
        own = new Claim(stream, tag, Intervals.NONE);
    }

    private boolean isOwn(Stream stream) {
        return own != null && own.stream().equals(stream);
    }

    /// Numbers records of the node's own stream: received from here on, durable when the store says so.
    void number(long first, long last, long cost) {
        received.add(new Claim(own.stream(), own.tag(), Intervals.of(first, last)));
        records += last - first + 1;
        bytes += cost;
        backlog.add(own.stream(), first, cost);
    }

    /// Takes what is missing of a run that a peer sent, and delivers what that completes.
    ///
    /// @param pulled whether this node asked for it; a full log takes nothing else
    /// @return whether anything was discarded that will have to be sent again
    boolean take(Run run, boolean pulled) {
        Stream stream = run.stream();
        if (isForked(stream, run.tag())) {
            return false;
        }
        mend(run);
        if (isOwn(stream)) {
            return false;
        }
        Intervals held = received.held(stream);
        Intervals missing = Intervals.of(run.first(), run.last()).minus(held);
        if (missing.isEmpty() || isOneTooMany(stream)) {
            return false;
        }
        boolean full = !pulled && (!fits(run.cost()) || backlog.bytes() > MAX_BACKLOG_BYTES);
        if (full || held.plus(missing).size() > Intervals.MAX_INTERVALS) {
            return true;
        }
        append(run, missing);
        records += missing.count();
        newestClock = Math.max(newestClock, run.clock() + run.count() - 1);
        received.add(new Claim(stream, run.tag(), missing));
        deliver(stream);
        return false;
    }

    /// What was damaged is stored once more. It is neither delivered nor claimed again.
    private void mend(Run run) {
        Intervals back = Intervals.of(run.first(), run.last()).and(damaged(run.stream()));
        append(run, back);
        damaged.remove(run.stream(), back);
        mending.add(run.stream(), back);
    }

    private void append(Run run, Intervals parts) {
        for (int k = 0; k < parts.size(); k++) {
            Run part = run.slice(parts.from(k), parts.to(k));
            turn.add(new Effect.Append(part));
            bytes += part.cost();
            backlog.add(part.stream(), part.first(), part.cost());
        }
    }

    /// @return whether this is news; a store may repeat itself
    boolean appended(Range range) {
        Stream stream = range.stream();
        Claim known = received.claim(stream);
        if (known == null || !known.held().contains(range.from(), range.to())) {
            throw new IllegalStateException("the store reports " + range + ", which it was never given");
        }
        Intervals part = Intervals.of(range.from(), range.to());
        backlog.remove(range);
        mending.remove(stream, part);
        if (!durable.add(new Claim(stream, known.tag(), part))) {
            return false;
        }
        if (isOwn(stream)) {
            deliver(stream);
        }
        return true;
    }

    /// The bytes of these records are not what they were. What was let go of is not missed.
    void damaged(Range range) {
        Stream stream = range.stream();
        damaged.add(
                stream,
                Intervals.of(range.from(), range.to())
                        .and(durable.held(stream))
                        .minus(absent.of(stream))
                        .minus(mending.of(stream)));
    }

    /// Gives up on records that nobody can send any more: they count as held once the store remembers that, so that
    /// digests can be equal again. Of a stream that there is no place for nothing is given up.
    ///
    /// @param tag of the stream, should nothing else be known of it
    void waive(Stream stream, int tag, Intervals lost) {
        received.add(new Claim(stream, tag, lost));
        if (received.claim(stream) == null) {
            return;
        }
        absent.add(stream, lost);
        records -= lost.and(damaged.of(stream)).count();
        damaged.remove(stream, lost);
        for (int k = 0; k < lost.size(); k++) {
            turn.add(new Effect.Waive(
                    new Range(stream, lost.from(k), lost.to(k)),
                    received.claim(stream).tag()));
        }
        deliver(stream);
    }

    private void deliver(Stream stream) {
        long from = delivered.getOrDefault(stream, 0L) + 1;
        long upTo = (isOwn(stream) ? durable : received).held(stream).contiguous();
        if (from <= upTo) {
            delivered.put(stream, upTo);
            turn.add(new Effect.Deliver(new Range(stream, from, upTo)));
        }
    }

    /// Asks the store to let go of what is due.
    void trim(Frontier committed) {
        Retention.Order due = retention.due(committed, durable, bytes, turn.now());
        if (due != null) {
            turn.add(new Effect.Trim(shown(due.from()), due.keepBytes(), due.keepMillis()));
        }
    }

    /// Whether what does not fit will, because older records are discarded for it.
    boolean makesRoom(long cost) {
        return retention.makesRoom(cost, durable);
    }

    /// What of this was delivered here as well: a reader is not to miss what waits for a gap to close.
    private List<Claim> shown(Frontier held) {
        return held.all().stream()
                .map(claim -> {
                    Intervals shown = Intervals.of(1, delivered.getOrDefault(claim.stream(), 0L));
                    Intervals may = claim.held().and(shown).minus(absent.of(claim.stream()));
                    return new Claim(claim.stream(), claim.tag(), may);
                })
                .filter(claim -> !claim.held().isEmpty())
                .toList();
    }

    void trimmed(Event.Trimmed done, Frontier committed) {
        retention.done(done.bytes());
        long needed = 0;
        bytes -= done.bytes();
        for (Range range : done.ranges()) {
            Intervals gone = Intervals.of(range.from(), range.to());
            records -= range.count();
            needed += gone.minus(committed.held(range.stream())).count();
            absent.add(range.stream(), gone);
            damaged.remove(range.stream(), gone);
        }
        if (needed > 0) {
            turn.add(new Effect.Warn("the log is full: " + needed + " records were discarded (when-full trim) that not "
                    + "every member holds"));
        }
    }

    /// Two tags under one stream are two histories: that stream is quarantined, and never mended in silence.
    boolean isForked(Stream stream, int tag) {
        Claim known = isOwn(stream) ? own : received.claim(stream);
        if (known != null && known.tag() != tag && quarantined.add(stream)) {
            turn.add(new Effect.Warn("stream " + stream + " has two histories (tags " + Integer.toHexString(known.tag())
                    + " and " + Integer.toHexString(tag) + "); it is quarantined: was a data directory copied?"));
        }
        return quarantined.contains(stream);
    }

    /// What `theirs` has and this node wants: what it has not received, and what it holds damaged.
    Intervals missing(Claim theirs) {
        Stream stream = theirs.stream();
        if (quarantined.contains(stream)) {
            return Intervals.NONE;
        }
        boolean closed = isOwn(stream) || isOneTooMany(stream);
        Intervals fresh = closed ? Intervals.NONE : theirs.held().minus(received.held(stream));
        return fresh.plus(theirs.held().and(damaged.of(stream)));
    }

    /// What of `stream` is held in name only: trimmed, or waived.
    Intervals absent(Stream stream) {
        return absent.of(stream);
    }

    /// What of `stream` is held, was damaged, and is to be had from others.
    Intervals damaged(Stream stream) {
        return quarantined.contains(stream) ? Intervals.NONE : damaged.of(stream);
    }

    /// The streams of which something is damaged.
    List<Stream> damaged() {
        return damaged.streams();
    }

    /// What of `stream` is claimed and cannot be sent: for good, or until it is mended.
    Intervals unsendable(Stream stream) {
        return absent.of(stream).plus(damaged.of(stream)).plus(mending.of(stream));
    }

    /// @return whether anything changed
    boolean retire(String origin, long epoch) {
        received.retire(origin, epoch);
        return durable.retire(origin, epoch);
    }

    /// The last place is kept for the own stream. What there is no place for is neither taken nor sought, and that is
    /// said once.
    private boolean isOneTooMany(Stream stream) {
        boolean tooMany = received.claim(stream) == null && received.places() <= 1;
        if (tooMany && !crowded) {
            crowded = true;
            turn.add(new Effect.Warn(stream + " is not taken, and others may not be: there are " + crowd()));
        }
        return tooMany;
    }

    /// Why there is no place.
    String crowd() {
        return received.retired() < Frontier.MAX_RETIRED
                ? received.size() + " former epochs that some member may lack, the limit"
                : received.retired() + " former epochs that are over, the limit";
    }

    /// Whether the own stream can be remembered: not if the members hold up too many former epochs.
    boolean hasPlace() {
        return received.claim(own.stream()) != null || received.places() > 0;
    }

    /// Whether what costs so much may still be broadcast here, or taken though nobody asked for it.
    boolean fits(long cost) {
        return bytes + cost <= settings.retainHard();
    }

    /// Half way at most from what is retained to full.
    boolean hasRoom() {
        return bytes < settings.retainHard() - roomBytes();
    }

    /// Half of what lies between what is retained and full.
    long roomBytes() {
        return retention.roomBytes();
    }

    /// What the store was given and did not yet report as durable, in bytes.
    long backlogBytes() {
        return backlog.bytes();
    }

    /// Whether the store is behind by half of what it may be.
    boolean isBehind() {
        return backlog.bytes() > MAX_BACKLOG_BYTES / 2;
    }

    Frontier received() {
        return received;
    }

    Frontier durable() {
        return durable;
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /// The newest hybrid clock among the records received.
    long newestClock() {
        return newestClock;
    }

    List<Claim> delivered() {
        return received.all().stream()
                .map(claim -> new Claim(
                        claim.stream(), claim.tag(), Intervals.of(1, delivered.getOrDefault(claim.stream(), 0L))))
                .toList();
    }
}
