package dev.rumor.simulator;

import dev.rumor.core.Settings;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// What a simulation begins with.
///
/// @param hosts how many
/// @param seed of all dice: the same seed, the same simulation
/// @param formed whether the hosts know each other from the first moment, as a cluster that was stopped and is started
///     again; else they join by their seeds, one after the other
/// @param linked whether the hosts have links; without them messages are lost, doubled and overtaken
/// @param weather what the network is like
/// @param disk how long a disk takes to make what waits durable
/// @param remembers whether older copies can be made of disks, which costs memory
/// @param configure what the nodes' settings are, but for names and addresses
public record Setup(
        int hosts,
        long seed,
        boolean formed,
        boolean linked,
        Weather weather,
        Delay disk,
        boolean remembers,
        UnaryOperator<Settings> configure) {

    public Setup {
        if (hosts < 1) {
            throw new IllegalArgumentException("a simulation has 1 host or more, not " + hosts);
        }
    }

    /// A formed cluster in one place, with good disks.
    public static Setup of(int hosts, long seed) {
        return new Setup(
                hosts,
                seed,
                true,
                true,
                Weather.FAIR,
                Delay.constant(Duration.ofMillis(1)),
                false,
                UnaryOperator.identity());
    }

    public Setup with(Weather other) {
        return new Setup(hosts, seed, formed, linked, other, disk, remembers, configure);
    }

    public Setup withDisk(Delay other) {
        return new Setup(hosts, seed, formed, linked, weather, other, remembers, configure);
    }

    public Setup joining() {
        return new Setup(hosts, seed, false, linked, weather, disk, remembers, configure);
    }

    public Setup withoutLinks() {
        return new Setup(hosts, seed, formed, false, weather, disk, remembers, configure);
    }

    public Setup configured(UnaryOperator<Settings> how) {
        return new Setup(hosts, seed, formed, linked, weather, disk, remembers, how);
    }
}
