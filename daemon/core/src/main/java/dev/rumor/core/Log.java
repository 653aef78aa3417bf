package dev.rumor.core;

import dev.rumor.core.stream.Backlog;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Ranges;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
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

    /// Records are looked at for their age so often in the time that they are retained, and no seldomer than this.
    private static final int LOOKS = 16;

    private static final long LONGEST_LOOK_NANOS = Duration.ofMinutes(1).toNanos();

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
    private Claim own;
    private long records;
    private long bytes;
    private long newestClock;
    private boolean trimming;
    private boolean discarding;
    private Digest askedAt = Digest.ZERO;
    private Digest exhausted = Digest.ZERO;
    private Digest exhaustedOfAll = Digest.ZERO;
    private long wantedBytes;
    private long lookedAt;

    Log(Node.Turn turn, Settings settings) {
        this.turn = turn;
        this.settings = settings;
    }

    void recover(Event.Recovered found) {
        for (Claim claim : found.claims()) {
            received.add(claim);
            durable.add(claim);
            delivered.put(claim.stream(), claim.held().contiguous());
            records += claim.held().count();
        }
        for (Claim claim : found.absent()) {
            absent.add(claim.stream(), claim.held());
            records -= claim.held().count();
        }
        found.damaged().forEach(this::damaged);
        found.marks().forEach(mark -> retire(mark.origin(), mark.epoch()));
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
        if (missing.isEmpty()) {
            return false;
        }
        if (isOneTooMany(stream)) {
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
    /// digests can be equal again.
    ///
    /// @param tag of the stream, should nothing else be known of it
    void waive(Stream stream, int tag, Intervals lost) {
        received.add(new Claim(stream, tag, lost));
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

    /// Asks the store to let go of committed records, when there are more than shall be kept or it is time to look for
    /// old ones; and, where the oldest are discarded rather than new ones refused, of any. A store that found
    /// nothing to let go of is not asked again before there is more.
    void trim(Frontier committed) {
        boolean beyond = bytes > settings.retainBytes() && !committed.digest().equals(exhausted);
        if (trimming) {
            return;
        }
        if (beyond || isTimeToLook()) {
            lookedAt = turn.now();
            discarding = false;
            ask(committed, settings.retainBytes(), settings.retainFor().toMillis());
        } else if (isCramped() && !durable.digest().equals(exhaustedOfAll)) {
            discarding = true;
            ask(durable, Math.max(0, settings.retainHard() - Math.max(clearanceBytes(), wantedBytes)), 0);
        }
    }

    private void ask(Frontier from, long keepBytes, long keepMillis) {
        trimming = true;
        askedAt = from.digest();
        turn.add(new Effect.Trim(shown(from), keepBytes, keepMillis));
    }

    /// Age is looked at when something happens anyway; a gossip round does, if nothing else.
    private boolean isTimeToLook() {
        long apart = Math.min(LONGEST_LOOK_NANOS, settings.retainFor().toNanos() / LOOKS);
        return !settings.retainFor().isZero() && records > 0 && turn.now() >= lookedAt + apart;
    }

    /// Whether the oldest are to be discarded, though others may need them.
    private boolean isCramped() {
        boolean cramped = wantedBytes > 0 || bytes > settings.retainHard() - clearanceBytes() / 2;
        return settings.whenFull() == Settings.WhenFull.TRIM && cramped;
    }

    /// How far below full a log is brought that discards: there is room again, and it is not for every record.
    private long clearanceBytes() {
        return roomBytes() + settings.retainHard() / 16;
    }

    /// Whether what does not fit will, because older records are discarded for it.
    boolean makesRoom(long cost) {
        boolean may = settings.whenFull() == Settings.WhenFull.TRIM
                && cost <= settings.retainHard()
                && !durable.digest().equals(exhaustedOfAll);
        wantedBytes = may ? Math.max(wantedBytes, cost) : wantedBytes;
        return may;
    }

    /// What of this was delivered here as well: a reader is not to miss what waits for a gap to close.
    private List<Claim> shown(Frontier held) {
        return held.all().stream()
                .map(claim -> {
                    Intervals shown = Intervals.of(1, delivered.getOrDefault(claim.stream(), 0L));
                    return new Claim(claim.stream(), claim.tag(), claim.held().and(shown));
                })
                .filter(claim -> !claim.held().isEmpty())
                .toList();
    }

    void trimmed(Event.Trimmed done, Frontier committed) {
        trimming = false;
        if (done.bytes() > 0) {
            exhausted = Digest.ZERO;
            exhaustedOfAll = Digest.ZERO;
        } else if (discarding) {
            exhaustedOfAll = askedAt;
        } else {
            exhausted = askedAt;
        }
        wantedBytes = 0;
        bytes -= done.bytes();
        long needed = 0;
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

    /// The last place is kept for the own stream.
    private boolean isOneTooMany(Stream stream) {
        return received.claim(stream) == null && received.places() <= 1;
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
        return (settings.retainHard() - settings.retainBytes()) / 2;
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
