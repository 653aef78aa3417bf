package dev.rumor.core;

import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Intervals;
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
/// Later it is *trimmed*; or it never came and was *waived*.
final class Log {

    private final Node.Turn turn;
    private final Settings settings;
    private final Frontier received = new Frontier();
    private final Frontier durable = new Frontier();
    private final TreeMap<Stream, Long> delivered = new TreeMap<>();
    private final TreeMap<Stream, Intervals> trimmed = new TreeMap<>();
    private final TreeMap<Stream, Intervals> waived = new TreeMap<>();
    private final TreeSet<Stream> quarantined = new TreeSet<>();
    private Claim own;
    private long records;
    private long bytes;
    private long newestClock;
    private boolean trimming;
    private Digest askedAt = Digest.ZERO;
    private Digest exhaustedAt = Digest.ZERO;

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
            trimmed.put(claim.stream(), claim.held());
            records -= claim.held().count();
        }
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
    }

    /// Takes what is missing of a run that a peer sent, and delivers what that completes.
    ///
    /// @param pulled whether this node asked for it; a full log takes nothing else
    /// @return whether anything was discarded that will have to be sent again
    boolean take(Run run, boolean pulled) {
        Stream stream = run.stream();
        if (isForked(stream, run.tag()) || isOwn(stream)) {
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
        boolean full = !pulled && !fits(run.cost());
        if (full || held.plus(missing).size() > Intervals.MAX_INTERVALS) {
            return true;
        }
        for (int k = 0; k < missing.size(); k++) {
            Run part = run.slice(missing.from(k), missing.to(k));
            turn.add(new Effect.Append(part));
            records += part.count();
            bytes += part.cost();
            newestClock = Math.max(newestClock, part.clock() + part.count() - 1);
        }
        received.add(new Claim(stream, run.tag(), missing));
        deliver(stream, received.held(stream).contiguous());
        return false;
    }

    /// @return whether this is news; a store may repeat itself
    boolean appended(Range range) {
        Claim known = received.claim(range.stream());
        if (known == null || !known.held().contains(range.from(), range.to())) {
            throw new IllegalStateException("the store reports " + range + ", which it was never given");
        }
        Intervals part = Intervals.of(range.from(), range.to());
        if (!durable.add(new Claim(range.stream(), known.tag(), part))) {
            return false;
        }
        if (isOwn(range.stream())) {
            deliver(range.stream(), durable.held(range.stream()).contiguous());
        }
        return true;
    }

    /// Gives up on records that nobody can send any more: they count as held, so that digests can be equal again.
    void waive(Claim gap) {
        Stream stream = gap.stream();
        Intervals lost = gap.held().minus(received.held(stream));
        if (lost.isEmpty()) {
            return;
        }
        received.add(new Claim(stream, gap.tag(), lost));
        durable.add(new Claim(stream, received.claim(stream).tag(), lost));
        waived.merge(stream, lost, Intervals::plus);
        trimmed.merge(stream, lost, Intervals::plus);
        deliver(stream, received.held(stream).contiguous());
    }

    private void deliver(Stream stream, long upTo) {
        long from = delivered.getOrDefault(stream, 0L) + 1;
        if (upTo < from) {
            return;
        }
        delivered.put(stream, upTo);
        Intervals gaps = Intervals.of(from, upTo).and(waived.getOrDefault(stream, Intervals.NONE));
        int tag = received.claim(stream).tag();
        long next = from;
        for (int k = 0; k < gaps.size(); k++) {
            if (next < gaps.from(k)) {
                turn.add(new Effect.Deliver(new Range(stream, next, gaps.from(k) - 1)));
            }
            turn.add(new Effect.Waive(new Range(stream, gaps.from(k), gaps.to(k)), tag));
            next = gaps.to(k) + 1;
        }
        if (next <= upTo) {
            turn.add(new Effect.Deliver(new Range(stream, next, upTo)));
        }
    }

    /// Asks the store to let go of committed records when there are more than shall be kept. A store that found none
    /// is not asked again before more is committed.
    void trim(Frontier committed) {
        if (bytes > settings.retainBytes() && !trimming && !committed.digest().equals(exhaustedAt)) {
            trimming = true;
            askedAt = committed.digest();
            turn.add(new Effect.Trim(shown(committed), settings.retainBytes(), 0));
        }
    }

    /// What is committed and was delivered here as well: a reader is not to miss what waits for a gap to close.
    private List<Claim> shown(Frontier committed) {
        return committed.all().stream()
                .map(claim -> {
                    Intervals shown = Intervals.of(1, delivered.getOrDefault(claim.stream(), 0L));
                    return new Claim(claim.stream(), claim.tag(), claim.held().and(shown));
                })
                .filter(claim -> !claim.held().isEmpty())
                .toList();
    }

    void trimmed(Event.Trimmed done) {
        trimming = false;
        exhaustedAt = done.bytes() == 0 ? askedAt : Digest.ZERO;
        bytes -= done.bytes();
        for (Range range : done.ranges()) {
            records -= range.count();
            trimmed.merge(range.stream(), Intervals.of(range.from(), range.to()), Intervals::plus);
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

    /// What `theirs` has and this node has not received.
    Intervals missing(Claim theirs) {
        return quarantined.contains(theirs.stream()) || isOwn(theirs.stream()) || isOneTooMany(theirs.stream())
                ? Intervals.NONE
                : theirs.held().minus(received.held(theirs.stream()));
    }

    /// What of `stream` is held in name only: trimmed, or waived.
    Intervals absent(Stream stream) {
        return trimmed.getOrDefault(stream, Intervals.NONE);
    }

    /// @return whether anything changed
    boolean retire(String origin, long epoch) {
        received.retire(origin, epoch);
        return durable.retire(origin, epoch);
    }

    /// The last place is kept for the own stream.
    private boolean isOneTooMany(Stream stream) {
        return received.claim(stream) == null && received.size() >= Frontier.MAX_STREAMS - 1;
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
