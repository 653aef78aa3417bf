package dev.rumor.tcp;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.wire.Framing;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Where connections come in and go out, all on the node's one loop.
final class Door {

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final int USER_TIMEOUT_MILLIS = 15_000;
    private static final int BACKLOG = 1_024;

    /// So many that a crowd at the door does not keep the next one waiting for many turns, and so few that those of one
    /// turn and of the next find room in the lobby: they are heard no earlier.
    private static final int ACCEPTED_A_TURN = Lobby.MOST / 2;

    private static final int FAREWELL_SECONDS = 2;

    /// Beyond the upper mark a channel counts as not writable, until it is below the lower one; in bytes.
    static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private final EventLoop loop;
    private final Loops.Transport transport;
    private final Drops drops;
    private final Lobby accepted;
    private final Lobby dialled;
    private final ChannelGroup connections;
    private Channel server;

    Door(EventLoop loop, Loops.Transport transport, Drops drops) {
        this.loop = loop;
        this.transport = transport;
        this.drops = drops;
        this.accepted = new Lobby(Lobby.MOST, drops);
        this.dialled = new Lobby(Integer.MAX_VALUE, drops);
        this.connections = new DefaultChannelGroup(loop);
    }

    /// Takes the port; nobody is let in before [#open].
    ///
    /// @throws IOException with a sentence for the user
    InetSocketAddress listen(Address address, Consumer<Channel> peers, Consumer<Channel> clients) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, acceptance())
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new Initializer(channel -> {
                    prepare(channel);
                    accepted.enter(channel);
                    channel.pipeline().addLast(new Preface(accepted::heard, peers, clients, drops));
                }));
        ChannelFuture bound = bootstrap.bind(address.resolve());
        server = bound.channel();
        if (!bound.awaitUninterruptibly().isSuccess()) {
            throw address.taken(bound.cause());
        }
        server.pipeline().addLast(new AcceptFailure());
        return (InetSocketAddress) server.localAddress();
    }

    /// Epoll takes the number of a new connection's descriptor for bytes read, and by them there is never more to come.
    private static RecvByteBufAllocator acceptance() {
        return new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(ACCEPTED_A_TURN);
    }

    void open() {
        server.config().setAutoRead(true);
    }

    /// Lets nobody in any more; who is in, stays.
    void shut() {
        if (server != null) {
            server.close();
        }
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

    /// Says a last word on this connection, and closes it when the other end has taken that and closed its own. Closed
    /// at once, with something unread on it, it would take back the word. What still comes is thrown away.
    static void showOut(Channel channel, ByteBuf word) {
        channel.config().setAutoRead(true);
        channel.writeAndFlush(word).addListener(done -> ((DuplexChannel) channel).shutdownOutput());
        channel.eventLoop().schedule(() -> channel.close(), FAREWELL_SECONDS, TimeUnit.SECONDS);
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

    /// This connection said something, but not yet who it is.
    void heard(Channel channel) {
        accepted.heard(channel);
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

    /// Where the system gives no connection, Netty waits a second before it asks again.
    private final class AcceptFailure extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            drops.add(Drop.NOT_ACCEPTED, "cannot accept connections, trying again each second: " + cause.getMessage());
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
