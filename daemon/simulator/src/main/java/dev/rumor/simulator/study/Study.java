package dev.rumor.simulator.study;

import dev.rumor.simulator.Host;
import dev.rumor.simulator.Load;
import dev.rumor.simulator.Simulation;
import dev.rumor.simulator.network.Cut;
import dev.rumor.simulator.referee.Foul;
import dev.rumor.simulator.referee.Peace;
import dev.rumor.simulator.referee.Referee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/// Runs a [Plan]: the cluster forms, records are broadcast while things are broken and mended, and then, with
/// nothing broken any more, all must come to have all.
public final class Study {

    /// Within this time after the end all must have all.
    public static final Duration BOUND = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofSeconds(1);

    /// A cluster that is started links up in this time.
    private static final Duration LINKING = Duration.ofSeconds(3);

    /// The last crash comes after this share of the time, the first after what is left.
    private static final double LAST_CRASH = 0.9;

    private static final long SHORTEST_ABSENCE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long LONGEST_ABSENCE_NANOS = Duration.ofSeconds(10).toNanos();

    /// Sees how far it is.
    public interface Watcher {

        /// @param share of the time that records are broadcast in
        default void passed(double share, long records) {}

        /// A record has come to every node.
        ///
        /// @param number in the order in which they were broadcast, from 1
        default void everywhere(int number, long afterNanos) {}
    }

    private final Plan plan;
    private final Watcher watcher;
    private final Simulation simulation;
    private final Referee referee;
    private final Tally tally;
    private final SplittableRandom dice;
    private long formedNanos;
    private long events;

    private Study(Plan plan, Watcher watcher) {
        this.plan = plan;
        this.watcher = watcher;
        this.simulation = new Simulation(plan.setup());
        this.referee = Referee.of(simulation);
        this.tally = new Tally(simulation, plan, record -> watcher.everywhere(record.number, record.at100));
        simulation.observe(tally);
        this.dice = new SplittableRandom(plan.seed() ^ 0x57ad7);
    }

    /// @throws Foul if the nodes do what they must never do, or do not come to know each other
    public static Findings of(Plan plan, Watcher watcher) {
        return new Study(plan, watcher).run();
    }

    private Findings run() {
        form();
        tally.begin();
        long began = simulation.now();
        plan.partitions().forEach(span -> {
            later(span.from(), () -> simulation.cut(Cut.Shape.HALVES.among(plan.nodes(), dice), "cut into halves"));
            later(span.to(), simulation::heal);
        });
        int crashes = crash();
        Load.apply(simulation, plan.rate(), plan.payload(), plan.duration());
        for (int bin = 1; bin <= Tally.BINS; bin++) {
            simulation.run(Duration.ofNanos(began + bin * tally.binNanos() - simulation.now()));
            tally.look();
            watcher.passed((double) bin / Tally.BINS, tally.records().size());
        }
        long settled = settle();
        events = simulation.events();
        return findings(crashes, settled);
    }

    private void later(Duration time, Runnable action) {
        simulation.after(time.toNanos(), action);
    }

    private void form() {
        simulation.start(Plan.APART);
        simulation.run(LINKING);
        if (plan.joining()) {
            long most = Plan.APART.toNanos() * plan.nodes() + BOUND.toNanos();
            simulation.run(Plan.APART.multipliedBy(plan.nodes()));
            while (!isFormed()) {
                Foul.unless(
                        simulation.now() < most,
                        "%d s after the last of them was started, the nodes do not all know each other",
                        BOUND.toSeconds());
                simulation.run(STEP);
            }
        }
        formedNanos = simulation.now();
    }

    /// Whether everybody knows everybody, and takes them for active.
    private boolean isFormed() {
        return simulation.hosts().stream()
                .allMatch(host -> host.isUp()
                        && host.view().members().size() == plan.nodes()
                        && host.view().members().stream()
                                .allMatch(member -> member.register().isActive()));
    }

    /// @return how many crash
    private int crash() {
        int count = (int) Math.round(plan.crash() * plan.nodes());
        int[] order = new int[plan.nodes()];
        for (int k = 0; k < order.length; k++) {
            int other = dice.nextInt(k + 1);
            order[k] = order[other];
            order[other] = k;
        }
        long most = plan.duration().toNanos();
        for (int k = 0; k < count; k++) {
            Host host = simulation.host(order[k]);
            long first = (long) (most * (1 - LAST_CRASH));
            long at = first + dice.nextLong(Math.max(1, (long) (most * LAST_CRASH) - first));
            long absence = dice.nextLong(SHORTEST_ABSENCE_NANOS, LONGEST_ABSENCE_NANOS);
            simulation.after(at, () -> simulation.kill(host));
            simulation.after(at + absence, () -> simulation.start(host));
        }
        return count;
    }

    /// @return how long it took until all had all, -1 if they do not
    private long settle() {
        long since = simulation.now();
        while (!isSettled()) {
            if (simulation.now() - since >= BOUND.toNanos()) {
                return -1;
            }
            simulation.run(STEP);
        }
        return simulation.now() - since;
    }

    /// What came to a node may not have been on its disk yet when it crashed, so the disks are asked as well.
    private boolean isSettled() {
        return tally.records().stream().allMatch(record -> !record.acknowledged || record.at100 >= 0)
                && Peace.isEverywhere(simulation, referee);
    }

    // --- what came of it

    private Findings findings(int crashes, long settled) {
        List<Tally.Record> records =
                tally.records().stream().filter(record -> record.acknowledged).toList();
        double copies = tally.deliveries() == 0 ? 0 : (double) tally.copies() / tally.deliveries();
        long hops = records.stream().mapToLong(record -> record.hopsSum).sum();
        long arrivals = records.stream().mapToLong(record -> record.reached - 1).sum();
        return new Findings(
                records.size(),
                tally.records().size() - records.size(),
                records.stream().filter(record -> record.at100 >= 0).count(),
                new Findings.Coverage(
                        percentiles(records, record -> record.at50),
                        percentiles(records, record -> record.at99),
                        percentiles(records, record -> record.at100)),
                new Findings.Hops(
                        arrivals == 0 ? 0 : (double) hops / arrivals,
                        records.stream()
                                .mapToInt(record -> record.hopsMost)
                                .max()
                                .orElse(0)),
                copies,
                tally.deliveries(),
                tally.repaired(),
                tally.pulls(),
                traffic(),
                formedNanos,
                settled,
                plan.partitions().size(),
                crashes,
                referee.checks(),
                events,
                course(),
                spreads(records));
    }

    /// Of the records that came so far.
    private static Findings.Percentiles percentiles(List<Tally.Record> records, ToLongFunction<Tally.Record> time) {
        long[] sorted = records.stream()
                .mapToLong(time)
                .filter(each -> each >= 0)
                .sorted()
                .toArray();
        return sorted.length == 0
                ? new Findings.Percentiles(-1, -1, -1)
                : new Findings.Percentiles(
                        sorted[(sorted.length - 1) / 2],
                        sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
                        sorted[sorted.length - 1]);
    }

    private List<Findings.Share> traffic() {
        double seconds = plan.duration().toNanos() / 1e9;
        List<Findings.Share> shares = new ArrayList<>();
        for (Traffic each : Traffic.values()) {
            shares.add(new Findings.Share(
                    each,
                    sum(tally.messages()[each.ordinal()]) / seconds / plan.nodes(),
                    sum(tally.bytes()[each.ordinal()]) / seconds / plan.nodes()));
        }
        return shares;
    }

    private static long sum(long[] bins) {
        return Arrays.stream(bins).limit(Tally.BINS).sum();
    }

    private Findings.Course course() {
        double seconds = tally.binNanos() / 1e9;
        List<Integer> down = new ArrayList<>();
        List<Integer> pending = new ArrayList<>();
        List<List<Double>> bytes = new ArrayList<>();
        for (long[] bins : tally.bytes()) {
            bytes.add(Arrays.stream(bins)
                    .limit(Tally.BINS)
                    .mapToObj(each -> each / seconds / plan.nodes())
                    .toList());
        }
        int open = 0;
        for (int bin = 0; bin < Tally.BINS; bin++) {
            open += tally.broadcasts()[bin] - tally.completions()[bin];
            pending.add(open);
            down.add(tally.down()[bin]);
        }
        List<Findings.Fault> faults = tally.faults().stream()
                .map(fault -> new Findings.Fault(fault.at() / 1e9, fault.what()))
                .toList();
        return new Findings.Course(seconds * Tally.BINS, down, bytes, pending, faults);
    }

    private List<Findings.Spread> spreads(List<Tally.Record> records) {
        long began = formedNanos;
        return records.stream()
                .filter(record -> record.way != null)
                .map(record -> {
                    List<Integer> hops = new ArrayList<>();
                    for (byte each : record.hops) {
                        hops.add(each - 1);
                    }
                    return new Findings.Spread(
                            record.number,
                            (record.broadcastAt - began) / 1e9,
                            record.origin,
                            Arrays.stream(record.way.after)
                                    .mapToObj(each -> each < 0 ? -1 : each / 1e6)
                                    .toList(),
                            Arrays.stream(record.way.from).boxed().toList(),
                            hops);
                })
                .toList();
    }
}
