package dev.rumor.core.stream;

import java.time.Duration;

/// How fast a peer is served that catches up, so that the others do not notice: in small chunks, each followed by a
/// rest that is a few times as long as the chunk took. A machine that is busy takes longer for a chunk, and so is left
/// alone for longer.
public final class Pace {

    /// Bytes handed to the transport at a time.
    public static final int CHUNK_BYTES = 64 << 10;

    private static final int REST = 4;

    /// A slow peer is slow enough by itself.
    private static final long LONGEST_REST_NANOS = Duration.ofMillis(10).toNanos();

    private long begunAt;
    private long restsUntil = Long.MIN_VALUE;

    public void begin(long now) {
        begunAt = now;
        restsUntil = Long.MIN_VALUE;
    }

    /// What was begun has been taken by the transport.
    ///
    /// @param rests whether there is anybody to be considerate of
    public void end(long now, boolean rests) {
        restsUntil = rests ? now + Math.min(LONGEST_REST_NANOS, REST * (now - begunAt)) : Long.MIN_VALUE;
    }

    public boolean isResting(long now) {
        return now < restsUntil;
    }

    /// Whoever was resting is about to be looked after, if that is over.
    public void woke(long now) {
        restsUntil = isResting(now) ? restsUntil : Long.MIN_VALUE;
    }

    /// When the rest is over, also if it is and nobody was looked after since; `Long.MAX_VALUE` while there is none.
    public long alarm() {
        return restsUntil == Long.MIN_VALUE ? Long.MAX_VALUE : restsUntil;
    }
}
