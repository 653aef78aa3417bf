package dev.rumor.simulator.study;

import java.util.List;

/// What came of a [Plan]. All of it is virtual: the same for the same plan, whatever ran it.
///
/// @param records broadcast and acknowledged
/// @param refused offered at a node that went before it could answer
/// @param everywhere records that came to every node
/// @param coverage until half of the nodes, 99 of 100 and all have a record, the whole cluster counted, those that
///     are down or cut off too
/// @param hops on the way to a node
/// @param copies how often a record came to a node, for each time that it was new there
/// @param repaired how often a node had a record because it had asked for it
/// @param pulls how often nodes asked
/// @param traffic by what it was for, per node and second while records were broadcast
/// @param formedNanos how long the cluster took to form
/// @param settledNanos after the last fault was mended and the last record broadcast, until all had all; -1 if
///     they never did
/// @param checks how often an invariant was looked at
/// @param events how many things happened
public record Findings(
        long records,
        long refused,
        long everywhere,
        Coverage coverage,
        Hops hops,
        double copies,
        long deliveries,
        long repaired,
        long pulls,
        List<Share> traffic,
        long formedNanos,
        long settledNanos,
        int cuts,
        int crashes,
        long checks,
        long events,
        Course course,
        List<Spread> spreads) {

    /// By records: in the middle, of 99 in 100, and the longest.
    public record Percentiles(long medianNanos, long p99Nanos, long longestNanos) {}

    public record Coverage(Percentiles half, Percentiles most, Percentiles all) {}

    public record Hops(double mean, int most) {}

    public record Share(Traffic traffic, double messages, double bytes) {}

    /// How it went, in equal parts of the time.
    ///
    /// @param down nodes that were not there at the end of each part
    /// @param bytes by traffic, per node and second
    /// @param pending records broadcast by then and not yet everywhere
    public record Course(
            double seconds, List<Integer> down, List<List<Double>> bytes, List<Integer> pending, List<Fault> faults) {}

    public record Fault(double seconds, String what) {}

    /// How one record came to all.
    ///
    /// @param millis when it came to each node, -1 if it never did
    /// @param from which node sent it
    public record Spread(
            int record, double seconds, int origin, List<Double> millis, List<Integer> from, List<Integer> hops) {}

    /// Whether in the end all had all that was acknowledged.
    public boolean isComplete() {
        return settledNanos >= 0;
    }

    public double messages() {
        return traffic.stream().mapToDouble(Share::messages).sum();
    }

    public double bytes() {
        return traffic.stream().mapToDouble(Share::bytes).sum();
    }
}
