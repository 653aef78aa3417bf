package dev.rumor.http;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The one thread that moves the bytes of HTTP for all nodes of this process. It starts with the first port and ends
/// with the last.
///
/// On epoll where there is: NIO lets go of a closed port only when its selector looks the next time.
final class HttpLoop {

    private static final boolean EPOLL = Epoll.isAvailable();

    private static MultiThreadIoEventLoopGroup group;
    private static int users;

    private HttpLoop() {}

    /// To be matched by one [#leave].
    static synchronized EventLoop join() {
        if (users++ == 0) {
            group = new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("rumor-http", true),
                    EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        }
        return group.next();
    }

    static Class<? extends ServerChannel> server() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    static synchronized void leave() {
        if (--users == 0) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
