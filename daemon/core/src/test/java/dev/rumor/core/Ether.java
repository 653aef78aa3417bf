package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/// Nodes on a host without links, in virtual time: what one says to another in one turn is one message, which takes its
/// time, and may be lost, doubled or cut off.
final class Ether {

    private record Due(long at, long number, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /// The four ways in which Jepsen's nemesis cuts a network: one node off, a third, halves, and a ring of
    /// majorities in which every node sees another one.
    enum Cut {
        ONE,
        THIRD,
        HALVES,
        RING;

        /// @return who still hears whom
        BiPredicate<String, String> of(List<String> names, long seed) {
            List<String> mixed = new ArrayList<>(names);
            Collections.shuffle(mixed, new Random(seed));
            int count = mixed.size();
            return switch (this) {
                case ONE -> apart(mixed.subList(0, 1));
                case THIRD -> apart(mixed.subList(0, (count - 1) / 3));
                case HALVES -> apart(mixed.subList(0, count / 2));
                case RING -> {
                    int reach = count / 4;
                    yield (from, to) -> {
                        int apart = Math.floorMod(mixed.indexOf(from) - mixed.indexOf(to), count);
                        return Math.min(apart, count - apart) <= reach;
                    };
                }
            };
        }

        private static BiPredicate<String, String> apart(List<String> some) {
            Set<String> side = new TreeSet<>(some);
            return (from, to) -> side.contains(from) == side.contains(to);
        }
    }

    /// One node, its disk and what it has to say.
    final class Actor {
        final String name;
        final Disk disk = new Disk();
        final TreeSet<String> delivered = new TreeSet<>();
        final Node node;
        private final ArrayDeque<Event> posted = new ArrayDeque<>();
        private final TreeMap<Long, LinkedHashMap<Object, Message>> bundles = new TreeMap<>();
        private long alarm = Long.MAX_VALUE;
        private Stream stream;
        private long broadcasts;
        private boolean dead;

        Actor(String name, long seed) {
            this.name = name;
            Settings settings = adjust.apply(
                    Settings.of(name, "test", List.of(), false, "1.0").withMembers(names));
            this.node = new Node(settings, new SplittableRandom(seed));
            turn(Event.Recovered.nothing(now / Stage.MILLI + 1_000_000));
        }

        /// Everything that follows from an event at once, and then what is to be said.
        void turn(Event... events) {
            if (dead) {
                return;
            }
            posted.addAll(List.of(events));
            while (!posted.isEmpty()) {
                node.handle(posted.remove(), now).forEach(this::perform);
            }
            bundles.forEach((to, bundle) -> send(this, names.get((int) (long) to), List.copyOf(bundle.values())));
            bundles.clear();
        }

        private void perform(Effect effect) {
            switch (effect) {
                case Effect.OpenEpoch open -> {
                    disk.open(open);
                    posted.add(new Event.EpochOpened());
                }
                case Effect.Ready ready -> stream = ready.stream();
                case Effect.WakeAt wake -> {
                    alarm = wake.now();
                    at(wake.now(), () -> {
                        if (alarm == wake.now()) {
                            alarm = Long.MAX_VALUE;
                            turn(new Event.Woke());
                        }
                    });
                }
                case Effect.Send send -> send.links().forEach(link -> say(link, send.message()));
                case Effect.SendRange send -> send.links().forEach(link -> say(link, send.range(), send.maxBytes()));
                case Effect.Append append -> keep(append.run());
                case Effect.AppendOwn own -> {
                    int[] lengths = own.drafts().stream()
                            .flatMap(each -> each.records().stream())
                            .mapToInt(each -> each.length)
                            .toArray();
                    byte[] bytes = new byte[Arrays.stream(lengths).sum()];
                    keep(new Run(
                            own.stream(),
                            own.tag(),
                            own.first(),
                            own.clock(),
                            lengths,
                            new int[lengths.length],
                            bytes));
                }
                case Effect.Deliver deliver -> {
                    for (long k = deliver.range().from(); k <= deliver.range().to(); k++) {
                        String id = deliver.range().stream().id(k);
                        if (!delivered.add(id)) {
                            throw new AssertionError(name + " delivers " + id + " twice");
                        }
                        deliveries.computeIfAbsent(id, any -> new TreeMap<>()).put(name, now);
                    }
                }
                case Effect.Waive waive -> {
                    Range range = waive.range();
                    posted.add(new Event.Appended(range.stream(), range.from(), range.to()));
                }
                case Effect.Refuse refuse -> throw new AssertionError(refuse.why());
                case Effect.Stop stop -> throw new AssertionError(stop.why());
                default -> {}
            }
        }

        private void keep(Run run) {
            disk.keep(run);
            posted.add(new Event.Appended(run.stream(), run.first(), run.last()));
        }

        private void say(long link, Range range, int maxBytes) {
            List<Run> runs = disk.read(range, maxBytes);
            say(link, new Message.Runs(runs));
            posted.add(new Event.Sent(link, range.stream(), runs.getLast().last()));
        }

        /// What goes along with a bundle goes along once.
        private void say(long link, Message message) {
            Object key = switch (message) {
                case Message.Stamp it -> Message.Stamp.class;
                case Message.Confirmed it -> Message.Confirmed.class;
                case Message.Claims it -> Message.Claims.class;
                default -> new Object();
            };
            bundles.computeIfAbsent(link, any -> new LinkedHashMap<>()).put(key, message);
        }
    }

    final List<String> names = new ArrayList<>();
    final Map<String, Actor> actors = new TreeMap<>();

    /// When each record was delivered where.
    final Map<String, TreeMap<String, Long>> deliveries = new TreeMap<>();

    final Map<String, Long> broadcastAt = new TreeMap<>();
    final SplittableRandom dice;
    BiPredicate<String, String> passes = (from, to) -> true;
    long latencyNanos = 100 * Stage.MILLI;
    double loss;
    double doubled;
    boolean exponential;
    long now;
    int messages;
    private final Map<String, Integer> saidBy = new TreeMap<>();
    private final UnaryOperator<Settings> adjust;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private long numbers;

    Ether(int nodes, long seed, UnaryOperator<Settings> adjust) {
        this.dice = new SplittableRandom(seed);
        this.adjust = adjust;
        for (int k = 0; k < nodes; k++) {
            names.add("n" + k);
        }
        names.sort(null);
        names.forEach(this::start);
    }

    void start(String name) {
        actors.put(name, new Actor(name, dice.nextLong()));
    }

    void kill(String name) {
        actors.get(name).dead = true;
    }

    void at(long when, Runnable what) {
        agenda.add(new Due(Math.max(now, when), numbers++, what));
    }

    private void send(Actor from, String to, List<Message> bundle) {
        messages++;
        saidBy.merge(from.name, 1, Integer::sum);
        int copies = dice.nextDouble() < loss ? 0 : dice.nextDouble() < doubled ? 2 : 1;
        for (int k = 0; k < copies; k++) {
            double factor = exponential ? -StrictMath.log(1 - dice.nextDouble()) : 1;
            at(now + (long) (latencyNanos * factor), () -> arrive(from, to, bundle));
        }
    }

    private void arrive(Actor from, String to, List<Message> bundle) {
        Actor at = actors.get(to);
        if (!at.dead && passes.test(from.name, to)) {
            long link = names.indexOf(from.name);
            at.turn(bundle.stream()
                    .sorted((a, b) -> Boolean.compare(b instanceof Message.Stamp, a instanceof Message.Stamp))
                    .map(each -> new Event.Heard(link, each))
                    .toArray(Event[]::new));
        }
    }

    void broadcast(String name) {
        Actor at = actors.get(name);
        broadcastAt.put(at.stream.id(++at.broadcasts), now);
        at.turn(new Event.Offered(numbers++, new Run.Draft(List.of(new byte[10])), now / Stage.MILLI + 1_000_000));
    }

    /// Broadcasts at random nodes, as a Poisson process, from now on for so long.
    void load(double perSecond, long millis) {
        long when = now;
        while (true) {
            when += (long) (-StrictMath.log(1 - dice.nextDouble()) / perSecond * 1e9);
            if (when > now + millis * Stage.MILLI) {
                return;
            }
            at(when, () -> broadcast(names.get(dice.nextInt(names.size()))));
        }
    }

    void run(long millis) {
        long end = now + millis * Stage.MILLI;
        while (!agenda.isEmpty() && agenda.peek().at() <= end) {
            Due next = agenda.poll();
            now = next.at();
            next.what().run();
        }
        now = end;
    }

    /// How long each record took to the last node, in milliseconds, in ascending order.
    List<Long> latenciesMillis() {
        return broadcastAt.entrySet().stream()
                .map(each -> {
                    TreeMap<String, Long> where = deliveries.getOrDefault(each.getKey(), new TreeMap<>());
                    if (where.size() < names.size()) {
                        throw new AssertionError(each.getKey() + " reached only " + where.keySet());
                    }
                    return where.values().stream()
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElseThrow()
                            - each.getValue();
                })
                .map(nanos -> nanos / Stage.MILLI)
                .sorted()
                .toList();
    }

    /// When the last of those records that were broadcast before `time` arrived at the last node.
    long lastArrivalOfThoseBefore(long time) {
        return broadcastAt.entrySet().stream()
                .filter(each -> each.getValue() < time)
                .flatMap(each -> deliveries.get(each.getKey()).values().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }

    /// Who said the most.
    String busiest() {
        return saidBy.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }
}
