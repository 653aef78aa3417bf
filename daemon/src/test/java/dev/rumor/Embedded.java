package dev.rumor;

import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.storage.Store;
import dev.rumor.tcp.TcpHost;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Nodes in this process, for those tests outside this package that look further in than [Rumor] lets its users look.
public final class Embedded {

    private Embedded() {}

    /// @param settings by the names that they have in a file
    public static Rumor start(Map<String, String> settings, Observer observer) throws IOException {
        return Rumor.start(Config.of(settings), observer, unchanged -> unchanged);
    }

    /// @param store makes the node's store, given where it posts its events and the node's loop
    public static TcpHost startOn(Map<String, String> settings, BiFunction<Consumer<Event>, Executor, Store> store)
            throws IOException {
        Config config = Config.of(settings);
        return TcpHost.start(new TcpHost.Setup(
                config.name(),
                config.listen(),
                config.seeds(),
                config.maxPayload(),
                false,
                new SecureRandom(),
                Observer.NONE,
                store,
                bound -> Machine.of(new Node(config.settings(bound), new SecureRandom()))));
    }
}
