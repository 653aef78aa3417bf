package dev.rumor.tcp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loops of this process, one thread each, shared by all nodes in it; a node takes one and stays on
/// it. They start with the first node and end with the last.
///
/// io_uring is deliberately absent: container runtimes forbid it as often as not, and what it gives
/// (coalesced submissions) the host does for itself by flushing once per loop turn.
final class Loops {

    private static final Logger LOG = LoggerFactory.getLogger(Loops.class);
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private static Loops shared;
    private static int users;

    final Transport transport = Transport.best();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("rumor-loop", true), transport.handlers());

    private Loops() {
        LOG.info("transport is {}", transport.name().toLowerCase());
    }

    /// To be matched by one [#leave].
    static synchronized Loops join() {
        if (users++ == 0) {
            shared = new Loops();
        }
        return shared;
    }

    static synchronized void leave() {
        if (--users == 0) {
            shared.group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            shared = null;
        }
    }

    EventLoop next() {
        return group.next();
    }

    enum Transport {
        EPOLL,
        KQUEUE,
        NIO;

        static Transport best() {
            if (Epoll.isAvailable()) {
                return EPOLL;
            }
            return KQueue.isAvailable() ? KQUEUE : NIO;
        }

        IoHandlerFactory handlers() {
            return switch (this) {
                case EPOLL -> EpollIoHandler.newFactory();
                case KQUEUE -> KQueueIoHandler.newFactory();
                case NIO -> NioIoHandler.newFactory();
            };
        }

        Class<? extends ServerChannel> server() {
            return switch (this) {
                case EPOLL -> EpollServerSocketChannel.class;
                case KQUEUE -> KQueueServerSocketChannel.class;
                case NIO -> NioServerSocketChannel.class;
            };
        }

        Class<? extends Channel> client() {
            return switch (this) {
                case EPOLL -> EpollSocketChannel.class;
                case KQUEUE -> KQueueSocketChannel.class;
                case NIO -> NioSocketChannel.class;
            };
        }
    }
}
