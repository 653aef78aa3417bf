package dev.rumor.tcp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The node's one alarm: rings once, never early; setting it replaces what was set before.
final class Alarm {

    private final EventLoop loop;
    private final LongSupplier clock;
    private final Runnable ring;
    private long wanted;
    private long scheduled;
    private Future<?> timer;

    /// @param clock the time in which the alarm is set, in nanoseconds
    Alarm(EventLoop loop, LongSupplier clock, Runnable ring) {
        this.loop = loop;
        this.clock = clock;
        this.ring = ring;
    }

    /// A timer that is due before is left alone and looks again when it fires: the node moves its alarm with
    /// almost every event, and mostly to later.
    void set(long at) {
        wanted = at;
        if (timer == null || at < scheduled) {
            cancel();
            schedule();
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule() {
        scheduled = wanted;
        timer = loop.schedule(this::fired, Math.max(0, wanted - clock.getAsLong()), TimeUnit.NANOSECONDS);
    }

    private void fired() {
        timer = null;
        if (clock.getAsLong() < wanted) {
            schedule();
        } else {
            ring.run();
        }
    }
}
