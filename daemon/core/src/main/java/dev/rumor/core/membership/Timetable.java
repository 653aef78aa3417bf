package dev.rumor.core.membership;

/// When a relay sends on what it collected: at the end of a window in which there was something. The windows follow one
/// another like those of a clock, so that others can aim at their ends. A batch that comes too late by little is sent
/// on soon after, once per window, and does not wait for the next end.
public final class Timetable {

    private long windowNanos;
    private long flushedAt;
    private long flushAt = Long.MAX_VALUE;
    private long againAt = Long.MAX_VALUE;

    /// Something is to be sent on.
    ///
    /// @param window how long the first window is, if this is in it
    /// @param grace how late a batch may be and go with those of its window; in nanoseconds, as all here
    public void gather(long now, long window, long grace) {
        if (flushedAt == 0) {
            flushAt = Math.min(flushAt, now + window);
            windowNanos = window;
        } else if (now < flushedAt + grace) {
            againAt = flushedAt + grace;
        } else if (flushAt == Long.MAX_VALUE) {
            flushAt = flushedAt + ((now - flushedAt) / windowNanos + 1) * windowNanos;
        }
    }

    /// What is to be sent on, is to be at once.
    public void hurry(long now) {
        flushAt = flushAt == Long.MAX_VALUE ? flushAt : now;
        againAt = againAt == Long.MAX_VALUE ? againAt : now;
    }

    public boolean isDue(long now) {
        return now >= alarm();
    }

    /// What is due is sent on. If that is late, it does not put off the next.
    ///
    /// @param window how long the next window is
    public void flush(long now, long window) {
        if (now >= flushAt) {
            flushedAt = flushAt;
            flushAt = Long.MAX_VALUE;
            windowNanos = window;
        }
        againAt = Long.MAX_VALUE;
    }

    public long alarm() {
        return Math.min(flushAt, againAt);
    }

    /// How long a window is; 0 when there was none.
    public long windowNanos() {
        return flushedAt == 0 ? 0 : windowNanos;
    }

    /// How long ago the last one ended, whether or not there was something in it; 0 when there was none.
    public long phaseNanos(long now) {
        return flushedAt == 0 ? 0 : (now - flushedAt) % windowNanos;
    }
}
