package dev.rumor.core.membership;

/// How long a message takes to a member: half of the shortest round trip, without the time for which the member kept
/// what it answered.
public final class Latency {

    /// A longer round trip than we know of is believed by this part, so that one late message does not count for much.
    public static final int DISBELIEF = 16;

    /// So many samples hold one that was taken when neither end was busy. The first are often of processes that have
    /// just started.
    private static final int ENOUGH = 6;

    private long nanos;
    private int samples;

    public void measured(long roundTripNanos) {
        long sample = roundTripNanos / 2;
        nanos = isKnown() && sample > nanos ? nanos + (sample - nanos) / DISBELIEF : sample;
        samples++;
    }

    public boolean isKnown() {
        return samples > 0;
    }

    /// @param assumed what it is thought to be before the first sample
    public long nanos(long assumed) {
        return isKnown() ? nanos : assumed;
    }

    /// Whether there are enough samples for what had better not change.
    public boolean isSettled() {
        return samples >= ENOUGH;
    }
}
