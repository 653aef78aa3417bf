package dev.rumor.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Host names to addresses, by the system's own resolver (so `/etc/hosts` counts) and never on a loop: the
/// resolver blocks, and a name server that is away blocks it for seconds. The pool asks once at a time for
/// each target, which bounds the threads.
final class Lookup {

    private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);
    private static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("rumor-lookup-", 0).factory();

    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /// All addresses of the host, none if there are none now; answered on `loop`.
    void find(Address address, Executor loop, Consumer<List<InetSocketAddress>> found) {
        THREADS.newThread(() -> {
                    List<InetSocketAddress> all = find(address);
                    loop.execute(() -> found.accept(all));
                })
                .start();
    }

    private List<InetSocketAddress> find(Address address) {
        try {
            List<InetSocketAddress> all = new ArrayList<>();
            for (InetAddress each : InetAddress.getAllByName(address.host())) {
                all.add(new InetSocketAddress(each, address.port()));
            }
            failing.remove(address.host());
            return all;
        } catch (UnknownHostException unknown) {
            if (failing.add(address.host())) {
                LOG.warn("{} has no address now; looked up again until it has", address.host());
            }
            return List.of();
        }
    }
}
