package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.client.RecordId;
import dev.rumor.core.Event;
import dev.rumor.host.Observer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/// The classic gossip simulation, over real sockets: the nodes of a cluster in this process broadcast version
/// 1, 2, 3 and on, each from a random one of them, and a line tells of each when every node holds it.
///
/// The time in that line runs from the call of `broadcast` until the record is durable at the last node. Each node's
/// own loop sees that happen; that others learn of it takes receipts up to 5 ms longer, and is not waited for.
///
/// One thread broadcasts and prints, so that who does not read the lines holds up the next version and no node.
final class Versions implements AutoCloseable {

    static final String TOPIC = "version";

    /// So many at most are broadcast and not told of; the next waits.
    static final int MOST_UNTOLD = 1000;

    /// @param holders the names of the nodes that hold it
    private record Version(long number, long begunNanos, Set<String> holders) {}

    private final int size;
    private final PrintWriter out;
    private final Map<RecordId, Version> spreading = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread;
    private long last;
    private long told;
    private boolean waiting;

    /// @param size how many nodes there are
    Versions(int size, PrintWriter out) {
        this.size = size;
        this.out = out;
        // What is seen after the end is not told any more.
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("rumor-versions").factory(), new DiscardPolicy());
    }

    /// Sees what the node of this name comes to hold.
    Observer at(String node) {
        return (event, effects) -> {
            if (event instanceof Event.Appended appended) {
                spreading.forEach((id, version) -> {
                    if (isIn(id, appended)) {
                        held(id, version, node);
                    }
                });
            }
        };
    }

    /// Broadcasts the first at once. After a pause of the whole process it goes on, and makes up for nothing.
    void start(List<Rumor> nodes, Duration interval) {
        thread.scheduleWithFixedDelay(() -> next(nodes), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void next(List<Rumor> nodes) {
        if (last - told < MOST_UNTOLD) {
            waiting = false;
            broadcast(++last, nodes.get(ThreadLocalRandom.current().nextInt(nodes.size())));
        } else if (!waiting) {
            waiting = true;
            out.println("version " + (last + 1) + " waits: " + MOST_UNTOLD + " are not yet on every node");
        }
    }

    private void broadcast(long number, Rumor node) {
        Version version = new Version(number, System.nanoTime(), ConcurrentHashMap.newKeySet());
        try {
            node.broadcast(TOPIC, Long.toString(number).getBytes(UTF_8), id -> {
                        spreading.put(id, version);
                        held(id, version, node.name());
                    })
                    .exceptionally(refused -> {
                        refused(number, node, refused.getCause());
                        return null;
                    });
        } catch (IllegalArgumentException tooLarge) {
            refused(number, node, tooLarge);
        }
    }

    private static boolean isIn(RecordId id, Event.Appended range) {
        return id.origin().equals(range.stream().origin())
                && id.epoch() == range.stream().epoch()
                && id.sequence() >= range.from()
                && id.sequence() <= range.to();
    }

    private void held(RecordId id, Version version, String node) {
        version.holders.add(node);
        if (version.holders.size() == size && spreading.remove(id) != null) {
            double millis = (System.nanoTime() - version.begunNanos) / 1e6;
            tell(String.format(
                    Locale.ROOT, "committed version %d on %d/%d nodes in %.1f ms", version.number, size, size, millis));
        }
    }

    private void refused(long number, Rumor node, Throwable why) {
        tell("version " + number + " was refused by " + node.name() + ": " + why.getMessage());
    }

    private void tell(String line) {
        thread.execute(() -> {
            out.println(line);
            told++;
        });
    }

    /// Broadcasts no more; what was seen until now is still told.
    @Override
    public void close() {
        thread.shutdown();
    }
}
