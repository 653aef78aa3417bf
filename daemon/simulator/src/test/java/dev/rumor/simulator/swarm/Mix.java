package dev.rumor.simulator.swarm;

import dev.rumor.core.Settings;
import dev.rumor.simulator.Setup;
import dev.rumor.simulator.network.Distance;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What one seed has drawn: the cluster, what its network and disks are like, and how likely each fault is.
///
/// @param weights how likely each fault is, compared with the others; of those that are not there, not at all
/// @param steps how many times something is done to the cluster before all is made well
/// @param stepMillis at most so long between two of them
/// @param load of three steps, how many are broadcasts rather than faults, at least
/// @param payload the largest payload that is broadcast, in bytes
record Mix(
        long seed,
        int hosts,
        boolean formed,
        boolean linked,
        Duration gossip,
        int fanout,
        boolean eager,
        Duration budget,
        Room room,
        Weather weather,
        Delay disk,
        Map<Fault, Integer> weights,
        int steps,
        int stepMillis,
        int load,
        int payload) {

    /// How much is kept; `bytes` is 0 where there is room for everything.
    record Room(long bytes, Duration age, Settings.WhenFull full) {}

    static Mix of(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        boolean linked = dice.nextInt(6) > 0;
        int hosts = 2 + dice.nextInt(dice.nextInt(4) == 0 ? 8 : 4);
        return new Mix(
                seed,
                hosts,
                dice.nextInt(3) > 0,
                linked,
                Duration.ofMillis(100 + dice.nextInt(1_900)),
                1 + dice.nextInt(4),
                dice.nextInt(4) > 0,
                Duration.ofMillis(dice.nextInt(3) > 0 ? 0 : 10 + dice.nextInt(2_000)),
                room(dice),
                weather(dice),
                disk(dice),
                weights(dice, linked),
                40 + dice.nextInt(160),
                1 + dice.nextInt(dice.nextInt(4) == 0 ? 2_000 : 150),
                dice.nextInt(3),
                dice.nextInt(3) == 0 ? 200_000 : 2_000);
    }

    private static Room room(SplittableRandom dice) {
        boolean full = dice.nextInt(5) == 0;
        return new Room(
                full ? 50_000L << dice.nextInt(5) : 0,
                Duration.ofSeconds(dice.nextInt(3)),
                dice.nextBoolean() ? Settings.WhenFull.TRIM : Settings.WhenFull.REFUSE);
    }

    private static Weather weather(SplittableRandom dice) {
        Delay delay = delay(dice, 40);
        Distance distance = dice.nextInt(5) == 0
                ? Distance.regions(new long[][] {{1, 40, 90}, {40, 1, 120}, {90, 120, 1}})
                : Distance.everywhere(delay);
        return new Weather(
                distance,
                dice.nextInt(4) == 0 ? 50_000L << dice.nextInt(8) : 0,
                dice.nextInt(3) == 0 ? dice.nextDouble(0.3) : 0,
                Duration.ofMillis(200),
                dice.nextInt(3) == 0 ? dice.nextDouble(0.3) : 0,
                dice.nextInt(3) == 0 ? dice.nextDouble(2) : 0);
    }

    private static Delay delay(SplittableRandom dice, int mostMillis) {
        Duration some = Duration.ofNanos(1 + dice.nextLong(mostMillis * 1_000_000L));
        return switch (dice.nextInt(4)) {
            case 0 -> Delay.constant(some);
            case 1 -> Delay.uniform(Duration.ZERO, some.multipliedBy(2));
            case 2 -> Delay.exponential(Duration.ZERO, some);
            default -> Delay.pareto(some.dividedBy(4).plusNanos(1), 1.2);
        };
    }

    private static Delay disk(SplittableRandom dice) {
        return delay(dice, dice.nextInt(4) == 0 ? 400 : 5);
    }

    private static Map<Fault, Integer> weights(SplittableRandom dice, boolean linked) {
        Map<Fault, Integer> weights = new EnumMap<>(Fault.class);
        boolean losesDisks = dice.nextInt(4) == 0;
        boolean departs = dice.nextInt(4) == 0;
        for (Fault fault : Fault.values()) {
            boolean mayBe = (linked || fault.isOfAnyHost())
                    && (losesDisks || !fault.costsDisks())
                    && (departs || !fault.isDeparture());
            int weight = dice.nextInt(5) < 2 ? 1 + dice.nextInt(9) : 0;
            if (mayBe && weight > 0) {
                weights.put(fault, weight);
            }
        }
        return weights;
    }

    boolean losesDisks() {
        return weights.keySet().stream().anyMatch(Fault::costsDisks);
    }

    boolean departs() {
        return weights.keySet().stream().anyMatch(Fault::isDeparture);
    }

    /// Whether a process may have to stop because there is another one of its name.
    boolean clones() {
        return weights.containsKey(Fault.CLONE) || losesDisks();
    }

    boolean isCramped() {
        return room.bytes > 0;
    }

    Setup setup() {
        return new Setup(hosts, seed, formed, linked, weather, disk, true, this::configure);
    }

    private Settings configure(Settings settings) {
        Settings configured =
                settings.withGossip(gossip, fanout).withEagerPush(eager).withDeliveryBudget(budget);
        return isCramped()
                ? configured.withLimits(1 << 20, room.bytes, 2 * room.bytes).withRetention(room.age, room.full)
                : configured;
    }

    /// How likely all faults are together.
    int weight() {
        return weights.values().stream().mapToInt(Integer::intValue).sum();
    }

    Fault fault(SplittableRandom dice) {
        int drawn = dice.nextInt(weight());
        for (Map.Entry<Fault, Integer> each : weights.entrySet()) {
            drawn -= each.getValue();
            if (drawn < 0) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("a fault was drawn that there is not");
    }

    /// One line for each thing, as it is printed with a seed that failed.
    List<String> lines() {
        return List.of(
                hosts + " hosts, " + (formed ? "formed" : "joining") + ", " + (linked ? "with links" : "without links"),
                "gossip " + gossip + ", fanout " + fanout + ", " + (eager ? "" : "no ") + "eager push, budget "
                        + budget,
                isCramped() ? room.toString() : "room for everything",
                weather.toString(),
                "disk " + disk,
                steps + " steps of up to " + stepMillis + " ms, payloads of up to " + payload + " bytes",
                "faults " + weights);
    }
}
