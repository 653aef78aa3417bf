package dev.rumor.tcp;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Connections that have not yet said who they are. None stays longer than five seconds, and where there is a
/// limit, who has been silent for longest makes room for the newest: whoever floods a daemon with connections
/// pushes out mostly his own.
///
/// A limit for each address of origin is deliberately absent: behind one may be a whole network of containers.
final class Lobby {

    /// How many accepted connections may wait.
    static final int MOST = 256;

    private static final int PATIENCE_SECONDS = 5;

    private final int limit;
    private final Drops drops;

    /// By when something was last heard of them, or they came.
    private final Map<Channel, Future<?>> waiting = new LinkedHashMap<>();

    Lobby(int limit, Drops drops) {
        this.limit = limit;
        this.drops = drops;
    }

    void enter(Channel channel) {
        if (waiting.size() >= limit) {
            drop(
                    waiting.keySet().iterator().next(),
                    Drop.LOBBY_FULL,
                    "made room for newer connections: " + limit + " had not said who they are");
        }
        waiting.put(
                channel,
                channel.eventLoop()
                        .schedule(
                                () -> drop(
                                        channel,
                                        Drop.NO_HELLO,
                                        "did not say who it is within " + PATIENCE_SECONDS + " s"),
                                PATIENCE_SECONDS,
                                TimeUnit.SECONDS));
        channel.closeFuture().addListener(closed -> leave(channel));
    }

    /// It said something, but not yet who it is.
    void heard(Channel channel) {
        Future<?> deadline = waiting.remove(channel);
        if (deadline != null) {
            waiting.put(channel, deadline);
        }
    }

    void leave(Channel channel) {
        Future<?> deadline = waiting.remove(channel);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void drop(Channel channel, Drop reason, String why) {
        drops.add(reason, "closed " + Address.of(channel.remoteAddress()) + ": it " + why);
        channel.close();
    }

    int size() {
        return waiting.size();
    }
}
