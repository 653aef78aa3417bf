package dev.rumor.tcp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.Set;

/// Channels that were written to in this turn of the loop. Each is flushed once, at the turn's end: the
/// system call is what costs, and one for each message costs thirty times one for each batch. It never waits,
/// so that a lone message leaves as soon as it would have left anyway.
final class Flush {

    private final EventLoop loop;
    private final Set<Channel> touched = new LinkedHashSet<>();

    Flush(EventLoop loop) {
        this.loop = loop;
    }

    /// Sees to it that what was written to `channel` leaves. Tasks run after all channels that were ready in
    /// this turn have been read.
    void touch(Channel channel) {
        if (touched.isEmpty()) {
            loop.execute(this::flush);
        }
        touched.add(channel);
    }

    private void flush() {
        Channel[] channels = touched.toArray(Channel[]::new);
        touched.clear();
        for (Channel each : channels) {
            each.flush();
        }
    }
}
