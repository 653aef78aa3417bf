package dev.rumor.http;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/// The open connections of one port. When there are too many, the one that is idle for the longest makes room for the
/// newest: whoever floods the port pushes out mostly his own. Who goes away while it is being answered keeps its place
/// until the answer is there, so that no more answers than connections are under way.
///
/// Lives on the HTTP loop; [#size] is for any thread.
final class Connections {

    private final int limit;
    private final Consumer<HttpDrop> drops;
    private final Set<Channel> open = new LinkedHashSet<>();
    private final Set<Channel> idle = new LinkedHashSet<>();
    private volatile int size;

    Connections(int limit, Consumer<HttpDrop> drops) {
        this.limit = limit;
        this.drops = drops;
    }

    /// Where all are being answered, it is the newest that has to go.
    void enter(Channel channel) {
        if (open.size() >= limit) {
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

    /// It was answered, or would have been.
    void idle(Channel channel) {
        if (open.contains(channel)) {
            idle.add(channel);
            if (!channel.isOpen()) {
                leaveIfIdle(channel);
            }
        }
    }

    int size() {
        return size;
    }

    void close() {
        Set.copyOf(open).forEach(Channel::close);
    }
}
