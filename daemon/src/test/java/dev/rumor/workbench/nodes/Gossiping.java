package dev.rumor.workbench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.Map;

/// Floods, and tells all it knows to one peer after the other: wasteful, and right under every fault of the network.
final class Gossiping extends Flooding {

    private static final Duration PERIOD = Duration.ofMillis(200);

    private int turn;
    private boolean started;

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
        if (!started) {
            started = true;
            round();
        }
    }

    private void round() {
        tell(peers().get(turn++ % peers().size()), known());
        shell().in(PERIOD, this::round);
    }
}
