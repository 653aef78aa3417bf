package dev.rumor;

import dev.rumor.host.Observer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The nodes that a test starts in its own process: ephemeral, on loopback, at ports that the system chose, and quick
/// to gossip. All are closed with it.
final class Nodes implements AutoCloseable {

    private static final Map<String, String> USUAL =
            Map.of("listen", "127.0.0.1:0", "http", "127.0.0.1:0", "gossip-interval", "50ms", "ephemeral", "true");

    private final List<Rumor> all = new ArrayList<>();

    Rumor start(String name) throws IOException {
        return start(name, Map.of());
    }

    /// Another one, whose seed this is.
    Rumor start(String name, Rumor seed) throws IOException {
        return start(name, Map.of("seeds", address(seed)));
    }

    /// @param settings these outrank the usual ones
    Rumor start(String name, Map<String, String> settings) throws IOException {
        return start(name, settings, Observer.NONE);
    }

    Rumor start(String name, Map<String, String> settings, Observer observer) throws IOException {
        Map<String, String> config = new HashMap<>(USUAL);
        config.putAll(settings);
        config.put("name", name);
        Rumor node = Rumor.start(Config.of(config), observer, unchanged -> unchanged);
        all.add(node);
        return node;
    }

    /// Where peers and clients reach it.
    static String address(Rumor node) {
        return node.address().toString();
    }

    List<Rumor> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(Rumor::close);
    }
}
