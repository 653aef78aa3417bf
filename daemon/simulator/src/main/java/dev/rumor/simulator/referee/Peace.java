package dev.rumor.simulator.referee;

import dev.rumor.core.View;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/// Liveness: nothing is broken any more and nobody broadcasts, so within a bound all must be level. Everybody is linked
/// and active, all hold the same and know it, nothing is damaged, and what was acknowledged and was still on any disk
/// when peace began is everywhere.
public final class Peace {

    /// A pull that is not answered is given up after 10 s, and pauses between two grow to 10 s; a round comes every 8
    /// gossip intervals at the least, a dial every 2 s, and a dead link is noticed after 15 s: a few of these, one
    /// after the other.
    public static final Duration BOUND = Duration.ofSeconds(60);

    /// Where so much is retained, no simulation lets go of anything.
    private static final long ROOMY_BYTES = 256 << 20;

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Simulation simulation;
    private final Truth truth;
    private final TreeMap<Stream, Intervals> survivors = new TreeMap<>();

    private Peace(Simulation simulation, Truth truth) {
        this.simulation = simulation;
        this.truth = truth;
        for (Stream stream : truth.streams()) {
            Intervals there = Intervals.NONE;
            for (Host host : simulation.hosts()) {
                there = there.plus(host.disk().readable(stream));
            }
            survivors.put(stream, there.and(truth.owed(stream)));
        }
    }

    /// Peace begins now.
    public static Peace of(Simulation simulation, Referee referee) {
        return new Peace(simulation, referee.truth());
    }

    /// Whether everybody is there, and what was acknowledged is on every disk, or was let go of there when all had it.
    public static boolean isEverywhere(Simulation simulation, Referee referee) {
        Truth truth = referee.truth();
        for (Host host : simulation.hosts()) {
            if (!host.isUp()) {
                return false;
            }
            for (Stream stream : truth.streams()) {
                Intervals held = host.disk().thought(stream).plus(host.disk().absent(stream));
                if (!held.containsAll(truth.owed(stream))) {
                    return false;
                }
            }
        }
        return true;
    }

    /// @return how long it took
    public Duration await() {
        Duration passed = Duration.ZERO;
        String lacks = lacks();
        while (!lacks.isEmpty()) {
            Foul.unless(passed.compareTo(BOUND) < 0, "after %d s of peace %s", BOUND.toSeconds(), lacks);
            simulation.run(LOOK);
            passed = passed.plus(LOOK);
            lacks = lacks();
        }
        return passed;
    }

    /// What is not as it should be, as the end of a sentence; empty if nothing.
    private String lacks() {
        List<Claim> first = null;
        for (Host host : simulation.hosts()) {
            if (!host.isUp()) {
                return host + " is not there";
            }
            View view = host.view();
            if (!view.open()) {
                return host + " is not open";
            }
            first = first == null ? view.durable() : first;
            String lacks = lacks(host, view, first);
            if (!lacks.isEmpty()) {
                return host + " " + lacks;
            }
        }
        return "";
    }

    private String lacks(Host host, View view, List<Claim> first) {
        int peers = simulation.hosts().size() - 1;
        if (simulation.setup().linked() && view.isMesh() && host.wires().size() != peers) {
            return "has " + host.wires().size() + " links and not " + peers;
        }
        if (view.members().stream().anyMatch(each -> !each.register().isActive())) {
            return "does not take everybody for active: " + view.members();
        }
        if (!view.durable().equals(first)) {
            return "holds " + view.durable() + " and not " + first;
        }
        if (view.waiting() > 0 || host.disk().waiting() > 0) {
            return "has not written yet what it was given";
        }
        if (view.blocker().isPresent()) {
            return "waits for a receipt: " + view.blocker().get();
        }
        for (Claim claim : view.isMesh() ? view.durable() : List.<Claim>of()) {
            Intervals committed = host.node().committed(claim.stream());
            if (!committed.containsAll(claim.held())) {
                return "takes of " + claim + " only " + committed + " for committed";
            }
        }
        return lacks(host);
    }

    private String lacks(Host host) {
        boolean letsGo = host.settings().retainBytes() < ROOMY_BYTES;
        for (Stream stream : host.disk().streams()) {
            if (!host.disk().damaged(stream).isEmpty()) {
                return "has " + stream + " " + host.disk().damaged(stream) + " damaged";
            }
        }
        for (var each : survivors.entrySet()) {
            Intervals there = host.disk().thought(each.getKey());
            there = letsGo ? there.plus(host.disk().absent(each.getKey())) : there;
            // In peace, too, something may be given up that only who was evicted has, and brings back.
            Intervals owed = each.getValue().and(truth.owed(each.getKey()));
            if (!there.containsAll(owed)) {
                return "lacks of " + each.getKey() + " " + owed.minus(there) + ", which was acknowledged";
            }
        }
        return "";
    }
}
