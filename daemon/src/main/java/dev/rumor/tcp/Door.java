package dev.rumor.tcp;

import dev.rumor.wire.Framing;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// Where connections come in and go out, all on the node's one loop.
final class Door {

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final int USER_TIMEOUT_MILLIS = 15_000;
    private static final int BACKLOG = 1_024;
    private static final int FAREWELL_SECONDS = 2;

    /// Beyond the upper mark a channel counts as not writable, until it is below the lower one; in bytes.
    static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private final EventLoop loop;
    private final Loops.Transport transport;
    private final Logger log;
    private final Lobby accepted = new Lobby(Lobby.MOST);
    private final Lobby dialled = new Lobby(Integer.MAX_VALUE);
    private final ChannelGroup connections;
    private Channel server;

    Door(EventLoop loop, Loops.Transport transport, Logger log) {
        this.loop = loop;
        this.transport = transport;
        this.log = log;
        this.connections = new DefaultChannelGroup(loop);
    }

    /// Takes the port; nobody is let in before [#open].
    ChannelFuture listen(InetSocketAddress address, Consumer<Channel> peers, Consumer<Channel> clients) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new Initializer(channel -> {
                    prepare(channel);
                    accepted.enter(channel);
                    channel.pipeline().addLast(new Preface(peers, clients.andThen(accepted::leave), log));
                }));
        ChannelFuture bound = bootstrap.bind(address);
        server = bound.channel();
        return bound;
    }

    void open() {
        server.config().setAutoRead(true);
    }

    /// Lets nobody in any more; who is in, stays.
    void shut() {
        server.close();
    }

    /// Closes every connection when what was written on it has left, or after two seconds if that does not
    /// leave.
    Future<?> clear() {
        for (Channel each : connections) {
            each.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        loop.schedule(() -> connections.close(), FAREWELL_SECONDS, TimeUnit.SECONDS);
        return connections.newCloseFuture();
    }

    /// Connects and says that this is a peer.
    ChannelFuture dial(InetSocketAddress address) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.client())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new Initializer(channel -> {
                    prepare(channel);
                    dialled.enter(channel);
                }));
        ChannelFuture connected = bootstrap.connect(address);
        connected.addListener(done -> {
            if (done.isSuccess()) {
                connected.channel().write(Unpooled.copiedBuffer(Framing.PEER_PREFACE, StandardCharsets.US_ASCII));
            }
        });
        return connected;
    }

    /// This connection has said who it is, and need not hurry any more.
    void admit(Channel channel) {
        accepted.leave(channel);
        dialled.leave(channel);
    }

    /// Every connection, whoever it is.
    ChannelGroup connections() {
        return connections;
    }

    /// How many connections were accepted and have not said who they are.
    int waiting() {
        return accepted.size();
    }

    private void prepare(Channel channel) {
        connections.add(channel);
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
    }

    /// A peer that takes nothing for this long is gone. Of peers only: a client that reads slowly, or pauses, is in its
    /// right, and the kernel would cut it off.
    void expectAnswers(Channel peer) {
        if (transport == Loops.Transport.EPOLL) {
            peer.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
        }
    }

    private static final class Initializer extends ChannelInitializer<Channel> {
        private final Consumer<Channel> task;

        private Initializer(Consumer<Channel> task) {
            this.task = task;
        }

        @Override
        protected void initChannel(Channel channel) {
            task.accept(channel);
        }
    }
}
