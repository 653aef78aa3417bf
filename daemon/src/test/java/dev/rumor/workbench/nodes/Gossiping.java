package dev.rumor.workbench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/// Floods, and tells all it knows to a random peer now and then: wasteful, and right under every fault of the network.
final class Gossiping extends Flooding {

    private static final Duration PERIOD = Duration.ofMillis(400);

    private SplittableRandom dice;

    Gossiping(Workload workload) {
        super(workload);
    }

    @Override
    void spread(Map<String, JsonNode> fresh) {
        super.spread(fresh);
        gossip();
    }

    @Override
    void learned(String from, Map<String, JsonNode> fresh) {
        gossip();
    }

    private void gossip() {
        if (dice == null) {
            dice = new SplittableRandom(name().hashCode());
            round();
        }
    }

    private void round() {
        tell(peers().get(dice.nextInt(peers().size())), known());
        shell().in(PERIOD, this::round);
    }
}
