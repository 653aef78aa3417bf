package dev.rumor.simulator.study;

import dev.rumor.core.Settings;
import dev.rumor.simulator.Setup;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is to be simulated.
///
/// @param nodes how many, 1 to 20,000
/// @param fanout peers in each gossip round
/// @param mesh up to so many members everybody is linked to everybody
/// @param rate records broadcast per second in the whole cluster, each at a node drawn anew
/// @param payload bytes of each record
/// @param loss share of messages that the network loses, 0 to below 1: on links they come a retransmission later
/// @param delay how long a message takes
/// @param disk how long a disk takes to make what waits durable
/// @param partitions from when to when random halves hear nothing of each other
/// @param crash share of the nodes that crash once each, at a random time, and start again some seconds later
/// @param duration for how long records are broadcast
/// @param linked whether there are links; else messages that are lost are lost
/// @param joining whether the nodes join one after the other; else they know each other from the start
public record Plan(
        int nodes,
        int fanout,
        int mesh,
        double rate,
        int payload,
        double loss,
        Delay delay,
        Delay disk,
        List<Span> partitions,
        double crash,
        Duration duration,
        long seed,
        boolean linked,
        boolean joining,
        Duration gossipInterval) {

    /// From the beginning on.
    public record Span(Duration from, Duration to) {}

    /// From one node that joins to the next.
    static final Duration APART = Duration.ofMillis(20);

    public Plan {
        partitions = List.copyOf(partitions);
    }

    /// Why this cannot be simulated, if so: a sentence that names the limit.
    public Optional<String> refusal() {
        if (!linked && nodes > Settings.MAX_MESH + 1) {
            return Optional.of("--no-links takes --nodes 1 to " + (Settings.MAX_MESH + 1) + ", not " + nodes
                    + ": without links the roster is fixed, and everybody speaks to everybody");
        }
        if (!linked && joining) {
            return Optional.of("--join needs links: without them the roster is fixed");
        }
        for (Span cut : partitions) {
            if (cut.to().compareTo(duration) > 0) {
                return Optional.of("--partition ends with --duration (" + duration.toSeconds()
                        + " s) at the latest, and " + "not after " + cut.to().toMillis() / 1000.0 + " s");
            }
        }
        if (rate * duration.toMillis() / 1000 > Tally.MOST_RECORDS) {
            return Optional.of("--rate times --duration is at most " + Tally.MOST_RECORDS + " records, not "
                    + (long) (rate * duration.toMillis() / 1000));
        }
        return Optional.empty();
    }

    Setup setup() {
        Weather weather = Weather.FAIR.withDelay(delay).withLoss(loss);
        Setup setup = Setup.of(nodes, seed)
                .with(weather)
                .withDisk(disk)
                .configured(settings -> settings.withGossip(gossipInterval, fanout)
                        .withMesh(mesh)
                        .withLimits(1 << 20, 1L << 40, 1L << 41));
        setup = linked ? setup : setup.withoutLinks();
        return joining ? setup.joining() : setup;
    }
}
