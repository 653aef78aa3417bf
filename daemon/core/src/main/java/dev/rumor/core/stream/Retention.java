package dev.rumor.core.stream;

import dev.rumor.core.stream.Frontier.Digest;
import java.time.Duration;

/// When a log lets go of records, and of how many: of committed ones that are old, or more than shall be kept; and
/// where a full log discards rather than refuses, of the oldest of all. Asks for one thing at a time, and a store that
/// found nothing to let go of is not asked again before there is more.
public final class Retention {

    /// Records are looked at for their age so often in the time that they are retained, and no seldomer than this.
    private static final int LOOKS = 16;

    private static final long LONGEST_LOOK_NANOS = Duration.ofMinutes(1).toNanos();

    /// What is retained.
    ///
    /// @param bytes beyond which committed records go
    /// @param hardBytes beyond which nothing is taken
    /// @param time for which committed records stay while there is room; zero for as long as there is
    /// @param discards whether a full log discards the oldest records, also those that a member still needs
    public record Limits(long bytes, long hardBytes, Duration time, boolean discards) {}

    /// Let go of what is held here, oldest first, beyond so many bytes or so many milliseconds of age (0 for any age).
    public record Order(Frontier from, long keepBytes, long keepMillis) {}

    private final Limits limits;
    private boolean waiting;
    private boolean discarding;
    private Digest askedAt = Digest.ZERO;
    private Digest exhausted = Digest.ZERO;
    private Digest exhaustedOfAll = Digest.ZERO;
    private long wantedBytes;
    private long lookedAt;

    public Retention(Limits limits) {
        this.limits = limits;
    }

    /// What is due; null if nothing is.
    ///
    /// @param durable all that may be discarded
    /// @param bytes that are kept
    public Order due(Frontier committed, Frontier durable, long bytes, long now) {
        boolean beyond = bytes > limits.bytes && !committed.digest().equals(exhausted);
        if (waiting) {
            return null;
        }
        if (beyond || bytes > 0 && isTimeToLook(now)) {
            lookedAt = now;
            discarding = false;
            return order(committed, limits.bytes, limits.time.toMillis());
        }
        if (isCramped(bytes) && !durable.digest().equals(exhaustedOfAll)) {
            discarding = true;
            return order(durable, Math.max(0, limits.hardBytes - Math.max(clearanceBytes(), wantedBytes)), 0);
        }
        return null;
    }

    private Order order(Frontier from, long keepBytes, long keepMillis) {
        waiting = true;
        askedAt = from.digest();
        return new Order(from, keepBytes, keepMillis);
    }

    /// Age is looked at when something happens anyway; a gossip round does, if nothing else.
    private boolean isTimeToLook(long now) {
        long apart = Math.min(LONGEST_LOOK_NANOS, limits.time.toNanos() / LOOKS);
        return !limits.time.isZero() && now >= lookedAt + apart;
    }

    /// Whether the oldest are to be discarded, though others may need them.
    private boolean isCramped(long bytes) {
        boolean cramped = wantedBytes > 0 || bytes > limits.hardBytes - clearanceBytes() / 2;
        return limits.discards && cramped;
    }

    /// How far below full a log is brought that discards: there is room again, and it is not for every record.
    private long clearanceBytes() {
        return roomBytes() + limits.hardBytes / 16;
    }

    /// Half of what lies between what is retained and full.
    public long roomBytes() {
        return (limits.hardBytes - limits.bytes) / 2;
    }

    /// Whether what does not fit will, because older records are discarded for it.
    public boolean makesRoom(long cost, Frontier durable) {
        boolean may =
                limits.discards && cost <= limits.hardBytes && !durable.digest().equals(exhaustedOfAll);
        wantedBytes = may ? Math.max(wantedBytes, cost) : wantedBytes;
        return may;
    }

    /// What was ordered is done.
    public void done(long freedBytes) {
        waiting = false;
        wantedBytes = 0;
        if (freedBytes > 0) {
            exhausted = Digest.ZERO;
            exhaustedOfAll = Digest.ZERO;
        } else if (discarding) {
            exhaustedOfAll = askedAt;
        } else {
            exhausted = askedAt;
        }
    }
}
