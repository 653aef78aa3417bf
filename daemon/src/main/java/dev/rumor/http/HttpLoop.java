package dev.rumor.http;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The one thread that moves the bytes of HTTP for all nodes of this process. It starts with the first port and ends
/// with the last.
final class HttpLoop {

    private static MultiThreadIoEventLoopGroup group;
    private static int users;

    private HttpLoop() {}

    /// To be matched by one [#leave].
    static synchronized EventLoop join() {
        if (users++ == 0) {
            group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("rumor-http", true), NioIoHandler.newFactory());
        }
        return group.next();
    }

    static synchronized void leave() {
        if (--users == 0) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
