package dev.rumor.workbench;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// What is to happen when. Clients, network, nemesis and the nodes of this process all live on one agenda and one
/// thread, so that none of them needs a lock, and so that a run does not know whether its time is real.
///
/// Time is in nanoseconds since the agenda was made.
public abstract sealed class Agenda {

    private record Entry(long due, long number, Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::number));
    private long numbers;

    /// Time passes by jumping to the next entry: a minute takes milliseconds, and the same seed gives the same run.
    public static Agenda virtual() {
        return new Virtual();
    }

    /// Time is that of the machine.
    public static Agenda real() {
        return new Real();
    }

    public abstract long now();

    /// The only method that other threads may call.
    public abstract void post(Runnable action);

    /// Does the next thing, or waits a while for it.
    abstract void step();

    /// Entries of the same time happen in the order in which they were made.
    public final void at(long nanos, Runnable action) {
        entries.add(new Entry(nanos, numbers++, action));
    }

    public final void in(Duration wait, Runnable action) {
        at(now() + wait.toNanos(), action);
    }

    final void runUntil(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            step();
        }
    }

    final void runUntil(long nanos) {
        at(nanos, () -> {});
        runUntil(() -> now() >= nanos);
    }

    /// When the next entry is due, [Long#MAX_VALUE] without one.
    final long next() {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().due();
    }

    final void doNext() {
        entries.remove().action().run();
    }

    private static final class Virtual extends Agenda {
        private long now;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void post(Runnable action) {
            at(now, action);
        }

        @Override
        void step() {
            if (next() == Long.MAX_VALUE) {
                throw new IllegalStateException("nothing is left that could happen");
            }
            now = Math.max(now, next());
            doNext();
        }
    }

    private static final class Real extends Agenda {
        private final long origin = System.nanoTime();
        private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();

        @Override
        public long now() {
            return System.nanoTime() - origin;
        }

        @Override
        public void post(Runnable action) {
            posted.add(action);
        }

        @Override
        void step() {
            long wait = next() == Long.MAX_VALUE ? Long.MAX_VALUE : next() - now();
            if (wait <= 0) {
                doNext();
                return;
            }
            try {
                Runnable action = posted.poll(wait, TimeUnit.NANOSECONDS);
                if (action != null) {
                    action.run();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted in the middle of a run", stop);
            }
        }
    }
}
