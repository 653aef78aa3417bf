package dev.rumor.http;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The open connections of one port. When there are too many, the one that is idle for the longest makes room for the
/// newest: whoever floods the port pushes out mostly his own. Who goes away while it is being answered keeps its place
/// until the answer is there, so that no more answers than connections are under way. Some places are kept for what is
/// answered at once, so that a node is not taken for dead because many wait for receipts.
///
/// What they make this node keep is bounded too, for all together: bodies that are being received or answered, and
/// answers, or pieces of streamed ones, that are not taken.
///
/// Lives on the HTTP loop; [#size] and [#streams] are for any thread.
final class Connections {

    private final Limits limits;
    private final Consumer<HttpDrop> drops;
    private final Set<Channel> open = new LinkedHashSet<>();
    private final Set<Channel> idle = new LinkedHashSet<>();
    private final Set<Channel> asking = new HashSet<>();
    private final Set<Channel> streaming = new HashSet<>();

    /// What each has not taken, in the order in which that began.
    private final Map<Channel, Integer> untaken = new LinkedHashMap<>();

    private long untakenBytes;
    private long bodyBytes;
    private volatile int size;
    private volatile int streams;

    /// How many there may be.
    ///
    /// @param asking those that are being answered what may take long
    /// @param streams those of them that are given a streamed answer
    /// @param bytes of bodies, and of what is not taken, each
    record Limits(int connections, int asking, int streams, long bytes) {}

    Connections(Limits limits, Consumer<HttpDrop> drops) {
        this.limits = limits;
        this.drops = drops;
    }

    /// Where all are being answered, it is the newest that has to go.
    void enter(Channel channel) {
        if (open.size() >= limits.connections) {
            drops.accept(HttpDrop.EVICTED);
            Channel leaving = idle.isEmpty() ? channel : idle.iterator().next();
            leaveIfIdle(leaving);
            leaving.close();
        }
        if (channel.isOpen()) {
            open.add(channel);
            idle.add(channel);
            size = open.size();
            channel.closeFuture().addListener(closed -> leaveIfIdle(channel));
        }
    }

    private void leaveIfIdle(Channel channel) {
        if (idle.remove(channel)) {
            open.remove(channel);
            size = open.size();
        }
    }

    /// It asked for something.
    void busy(Channel channel) {
        idle.remove(channel);
    }

    /// It asked for what may take long.
    ///
    /// @return whether it may be answered
    boolean ask(Channel channel) {
        return asking.size() < limits.asking && asking.add(channel);
    }

    /// It was answered, or would have been.
    void idle(Channel channel) {
        asking.remove(channel);
        streaming.remove(channel);
        streams = streaming.size();
        if (open.contains(channel)) {
            idle.add(channel);
            if (!channel.isOpen()) {
                leaveIfIdle(channel);
            }
        }
    }

    /// It is to be given a streamed answer.
    ///
    /// @return whether it may be: there is always room for those that ask for something else
    boolean stream(Channel channel) {
        if (streaming.size() >= limits.streams) {
            return false;
        }
        streaming.add(channel);
        streams = streaming.size();
        return true;
    }

    /// So many bytes more of bodies are kept, or fewer.
    ///
    /// @return whether that is within the bound
    boolean keep(int bytes) {
        bodyBytes += bytes;
        return bodyBytes <= limits.bytes;
    }

    /// It was written something; or it took that, and there is nothing. One alone may be given as much as it asked for.
    void untaken(Channel channel, int bytes) {
        Integer before = untaken.remove(channel);
        untakenBytes += bytes - (before == null ? 0 : before);
        if (bytes > 0) {
            untaken.put(channel, bytes);
        }
        while (untakenBytes > limits.bytes && untaken.size() > 1) {
            Channel oldest = untaken.keySet().iterator().next();
            drops.accept(HttpDrop.HELD_TOO_LONG);
            untakenBytes -= untaken.remove(oldest);
            oldest.close();
        }
    }

    int size() {
        return size;
    }

    int streams() {
        return streams;
    }

    void close() {
        Set.copyOf(open).forEach(Channel::close);
    }
}
