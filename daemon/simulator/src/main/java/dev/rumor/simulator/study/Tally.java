package dev.rumor.simulator.study;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Observer;
import dev.rumor.simulator.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Counts what happens in a simulation: when each record was where, what that took, and what was said meanwhile.
final class Tally implements Observer {

    /// Of each record it is remembered where it is, which takes a byte for each node.
    static final int MOST_RECORDS = 1_000_000;

    /// Of so many records, spread over the time, the whole way is remembered.
    private static final int MOST_WAYS = 48;

    /// Time is told in so many equal parts.
    static final int BINS = 240;

    /// One record on its way.
    static final class Record {
        final int number;
        final int origin;
        final long broadcastAt;

        /// By node: 0 while it is not there, else one more than the hops that it took.
        final byte[] hops;

        boolean acknowledged;
        int reached;
        long hopsSum;
        int hopsMost;
        long at50 = -1;
        long at99 = -1;
        long at100 = -1;

        /// The way of it, or null.
        final Way way;

        private Record(int number, int origin, long broadcastAt, int nodes, boolean traced) {
            this.number = number;
            this.origin = origin;
            this.broadcastAt = broadcastAt;
            this.hops = new byte[nodes];
            this.way = traced ? new Way(nodes) : null;
        }
    }

    /// When a record came to each node, in nanoseconds since its broadcast, -1 if it did not; and from which one.
    static final class Way {
        final long[] after;
        final int[] from;

        private Way(int nodes) {
            after = new long[nodes];
            from = new int[nodes];
            Arrays.fill(after, -1);
        }
    }

    /// Something that was broken, or mended.
    record Fault(long at, String what) {}

    private final Simulation simulation;
    private final int nodes;
    private final long binNanos;
    private final int traceEvery;
    private long began = Long.MAX_VALUE;
    private final List<Record> records = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Consumer<Record> completed;
    private final Map<Host, ArrayDeque<Long>> offered = new HashMap<>();
    private final Map<Host, ArrayDeque<Record>> unacknowledged = new HashMap<>();

    /// What each host has asked for, by the link.
    private final Map<Host, Map<Long, Map<Stream, Intervals>>> asked = new HashMap<>();

    private final long[][] messages = new long[Traffic.values().length][BINS + 1];
    private final long[][] bytes = new long[Traffic.values().length][BINS + 1];
    private final int[] down = new int[BINS + 1];
    private final int[] broadcasts = new int[BINS + 1];
    private final int[] completions = new int[BINS + 1];
    private long copies;
    private long deliveries;
    private long repaired;
    private long pulls;

    /// @param completed is told of each record that has come to every node
    Tally(Simulation simulation, Plan plan, Consumer<Record> completed) {
        this.simulation = simulation;
        this.nodes = plan.nodes();
        this.binNanos = Math.max(1, plan.duration().toNanos() / BINS);
        this.traceEvery = (int) Math.max(1, plan.rate() * plan.duration().toMillis() / 1000 / MOST_WAYS);
        this.completed = completed;
    }

    /// From now on it counts; what was said before made the cluster what it is.
    void begin() {
        began = simulation.now();
        copies = 0;
        deliveries = 0;
        repaired = 0;
        pulls = 0;
        faults.clear();
    }

    /// What comes after the time is over falls into one part more.
    private int bin() {
        return (int) Math.min(BINS, (simulation.now() - began) / binNanos);
    }

    // --- what happens

    @Override
    public void offered(Host host, long ticket, int count) {
        offered.computeIfAbsent(host, any -> new ArrayDeque<>()).add(simulation.now());
    }

    /// Records of one host are encoded in the order in which they were offered.
    @Override
    public void encoded(Host host, Run run) {
        for (int k = 0; k < run.count(); k++) {
            int number = run.checksum(k);
            Long since = offered.get(host).poll();
            Record record = new Record(
                    number,
                    host.number(),
                    since == null ? simulation.now() : since,
                    nodes,
                    number % traceEvery == 0 || number == 1);
            records.add(record);
            unacknowledged.computeIfAbsent(host, any -> new ArrayDeque<>()).add(record);
            broadcasts[bin()]++;
            reach(record, host.number(), 1, host.number());
        }
    }

    @Override
    public void started(Host host) {
        offered.remove(host);
        unacknowledged.remove(host);
    }

    @Override
    public void ended(Host host, String why) {
        asked.remove(host);
    }

    @Override
    public void disturbed(String what) {
        faults.add(new Fault(simulation.now() - began, what));
    }

    @Override
    public void handled(Host host, Event event, List<Effect> effects) {
        if (event instanceof Event.Heard heard) {
            heard(host, heard, effects);
        } else if (event instanceof Event.Disconnected gone) {
            askedBy(host).remove(gone.link());
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send && send.message() instanceof Message.Pull pull) {
                send.links().forEach(link -> ask(host, link, pull.wants()));
            } else if (effect instanceof Effect.Acknowledge done) {
                for (int k = 0; k < done.count(); k++) {
                    unacknowledged.get(host).remove().acknowledged = true;
                }
            }
        }
    }

    private Map<Long, Map<Stream, Intervals>> askedBy(Host host) {
        return asked.computeIfAbsent(host, any -> new HashMap<>());
    }

    private void ask(Host host, long link, List<Range> wants) {
        if (wants.isEmpty()) {
            return;
        }
        pulls++;
        Map<Stream, Intervals> all = new HashMap<>();
        wants.forEach(want -> all.merge(want.stream(), Intervals.of(want.from(), want.to()), (a, b) -> a.plus(b)));
        askedBy(host).put(link, all);
    }

    private boolean wasAsked(Host host, long link, Run run) {
        Intervals wanted = askedBy(host).getOrDefault(link, Map.of()).getOrDefault(run.stream(), Intervals.NONE);
        return wanted.contains(run.first(), run.last());
    }

    private void heard(Host host, Event.Heard heard, List<Effect> effects) {
        switch (heard.message()) {
            case Message.Runs runs -> {
                Host from = host.peer(heard.link());
                for (Run run : runs.runs()) {
                    copies += run.count();
                }
                for (Effect effect : effects) {
                    if (effect instanceof Effect.Append append) {
                        appended(host, heard.link(), from, append.run());
                    }
                }
            }
            case Message.Served served when served.done() -> askedBy(host).remove(heard.link());
            default -> {}
        }
    }

    private void appended(Host host, long link, Host from, Run run) {
        boolean pulled = wasAsked(host, link, run);
        for (int k = 0; k < run.count(); k++) {
            Record record = records.get(run.checksum(k) - 1);
            if (record.hops[host.number()] == 0) {
                int sender = from == null ? record.origin : from.number();
                reach(record, host.number(), Math.max(1, record.hops[sender]) + 1, sender);
                deliveries++;
                repaired += pulled ? 1 : 0;
            }
        }
    }

    private void reach(Record record, int host, int hops, int from) {
        record.hops[host] = (byte) Math.min(hops, Byte.MAX_VALUE);
        record.reached++;
        record.hopsSum += hops - 1;
        record.hopsMost = Math.max(record.hopsMost, hops - 1);
        long after = simulation.now() - record.broadcastAt;
        if (record.way != null) {
            record.way.after[host] = after;
            record.way.from[host] = from;
        }
        record.at50 = record.at50 < 0 && record.reached * 2L >= nodes ? after : record.at50;
        record.at99 = record.at99 < 0 && record.reached * 100L >= nodes * 99L ? after : record.at99;
        if (record.reached == nodes) {
            record.at100 = after;
            completions[bin()]++;
            completed.accept(record);
        }
    }

    @Override
    public void said(Host from, Host to, Message message, int size, long arrivesAt) {
        boolean pulled = message instanceof Message.Runs runs && isAsked(to, from, runs);
        int kind = Traffic.of(message, pulled).ordinal();
        if (simulation.now() < began) {
            return;
        }
        int bin = bin();
        messages[kind][bin]++;
        bytes[kind][bin] += size;
    }

    /// Whether the other end has asked for these, on whichever link between the two.
    private boolean isAsked(Host by, Host from, Message.Runs runs) {
        for (long link : askedBy(by).keySet()) {
            if (by.peer(link) == from && wasAsked(by, link, runs.runs().getFirst())) {
                return true;
            }
        }
        return false;
    }

    /// Called once for each part of the time.
    void look() {
        int bin = (int) Math.min(BINS, (simulation.now() - began - 1) / binNanos);
        down[bin] =
                (int) simulation.hosts().stream().filter(host -> !host.isUp()).count();
    }

    // --- what it came to

    List<Record> records() {
        return records;
    }

    List<Fault> faults() {
        return faults;
    }

    long binNanos() {
        return binNanos;
    }

    long[][] messages() {
        return messages;
    }

    long[][] bytes() {
        return bytes;
    }

    int[] down() {
        return down;
    }

    int[] broadcasts() {
        return broadcasts;
    }

    int[] completions() {
        return completions;
    }

    /// Records that came to a node, whether it had them or not.
    long copies() {
        return copies;
    }

    /// Records that came to a node that did not have them.
    long deliveries() {
        return deliveries;
    }

    /// Of these, what had been asked for.
    long repaired() {
        return repaired;
    }

    long pulls() {
        return pulls;
    }
}
