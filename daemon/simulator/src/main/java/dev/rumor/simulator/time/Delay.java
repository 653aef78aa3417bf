package dev.rumor.simulator.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long something takes: the same each time, or drawn anew.
public sealed interface Delay {

    Delay NONE = new Constant(0);

    /// Nothing takes longer than this, however heavy the tail.
    long MOST_NANOS = Duration.ofSeconds(60).toNanos();

    long nanos(RandomGenerator dice);

    /// What it takes in the middle of all cases.
    long medianNanos();

    record Constant(long nanos) implements Delay {
        @Override
        public long nanos(RandomGenerator dice) {
            return nanos;
        }

        @Override
        public long medianNanos() {
            return nanos;
        }
    }

    /// Anything between the two, both included.
    record Uniform(long leastNanos, long mostNanos) implements Delay {
        @Override
        public long nanos(RandomGenerator dice) {
            return leastNanos + dice.nextLong(mostNanos - leastNanos + 1);
        }

        @Override
        public long medianNanos() {
            return (leastNanos + mostNanos) / 2;
        }
    }

    /// A least one, and beyond it an exponential part with this mean.
    record Exponential(long leastNanos, long meanNanos) implements Delay {
        @Override
        public long nanos(RandomGenerator dice) {
            return bounded(leastNanos - meanNanos * StrictMath.log(1 - dice.nextDouble()));
        }

        @Override
        public long medianNanos() {
            return leastNanos + (long) (meanNanos * StrictMath.log(2));
        }
    }

    /// A heavy tail: rarely, much more than the least. The lower the shape, the heavier; above 1 there is a mean.
    record Pareto(long leastNanos, double shape) implements Delay {
        @Override
        public long nanos(RandomGenerator dice) {
            return bounded(leastNanos / StrictMath.pow(1 - dice.nextDouble(), 1 / shape));
        }

        @Override
        public long medianNanos() {
            return bounded(leastNanos * StrictMath.pow(2, 1 / shape));
        }
    }

    static Delay constant(Duration time) {
        return new Constant(time.toNanos());
    }

    static Delay uniform(Duration least, Duration most) {
        return new Uniform(least.toNanos(), most.toNanos());
    }

    static Delay exponential(Duration least, Duration mean) {
        return new Exponential(least.toNanos(), mean.toNanos());
    }

    static Delay pareto(Duration least, double shape) {
        return new Pareto(least.toNanos(), shape);
    }

    private static long bounded(double nanos) {
        return (long) Math.min(MOST_NANOS, nanos);
    }
}
