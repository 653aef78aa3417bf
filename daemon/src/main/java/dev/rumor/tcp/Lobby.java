package dev.rumor.tcp;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Connections that have not yet said who they are. None stays longer than five seconds, and where there is a
/// limit the oldest makes room for the newest: whoever floods a daemon with connections pushes out mostly his
/// own.
final class Lobby {

    /// How many accepted connections may wait.
    static final int MOST = 256;

    private static final int PATIENCE_SECONDS = 5;

    private final int limit;
    private final Map<Channel, Future<?>> waiting = new LinkedHashMap<>();

    Lobby(int limit) {
        this.limit = limit;
    }

    void enter(Channel channel) {
        if (waiting.size() >= limit) {
            waiting.keySet().iterator().next().close();
        }
        waiting.put(channel, channel.eventLoop().schedule(() -> channel.close(), PATIENCE_SECONDS, TimeUnit.SECONDS));
        channel.closeFuture().addListener(closed -> leave(channel));
    }

    void leave(Channel channel) {
        Future<?> deadline = waiting.remove(channel);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    int size() {
        return waiting.size();
    }
}
