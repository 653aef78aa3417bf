package dev.rumor.workbench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Leaves send to `n0` at once, which sends to all what has come within a window. Nothing is confirmed.
final class Hub extends Flooding {

    private final Duration window;
    private final Map<String, JsonNode> collected = new LinkedHashMap<>();

    Hub(Duration window) {
        super(Workload.BROADCAST);
        this.window = window;
    }

    @Override
    void spread(Map<String, JsonNode> fresh) {
        if (name().equals("n0")) {
            collect(fresh);
        } else {
            tell("n0", fresh);
        }
    }

    @Override
    void learned(String from, Map<String, JsonNode> fresh) {
        if (name().equals("n0")) {
            collect(fresh);
        }
    }

    private void collect(Map<String, JsonNode> fresh) {
        if (collected.isEmpty()) {
            shell().in(window, this::flush);
        }
        collected.putAll(fresh);
    }

    private void flush() {
        peers().forEach(peer -> tell(peer, collected));
        collected.clear();
    }
}
