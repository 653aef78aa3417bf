package dev.rumor.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// A port that answers `GET` and `HEAD` of a few paths. Everything that a stranger can do at it is bounded: the size of
/// a request, the time that it takes, the number of connections. Bodies are not taken.
public final class HttpPort implements AutoCloseable {

    /// How many connections may be open.
    public static final int MOST_CONNECTIONS = 64;

    static final int MOST_LINE_BYTES = 4 << 10;
    static final int MOST_HEADER_BYTES = 8 << 10;

    /// Scrapers that come every 15 s keep their connection.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final Duration patience;
    private final Consumer<HttpDrop> drops;
    private final Logger log;
    private final Connections connections;
    private Channel server;
    private InetSocketAddress address;
    private volatile Map<String, Resource> resources = Map.of();

    private HttpPort(EventLoop loop, Duration patience, Consumer<HttpDrop> drops, Logger log) {
        this.loop = loop;
        this.patience = patience;
        this.drops = drops;
        this.log = log;
        this.connections = new Connections(MOST_CONNECTIONS, drops);
    }

    /// Takes the port; nobody is let in before [#open].
    ///
    /// @param drops is told of what is not answered, on the HTTP loop
    /// @throws IOException if the address cannot be listened on
    public static HttpPort listen(InetSocketAddress address, Consumer<HttpDrop> drops, Logger log) throws IOException {
        return listen(address, PATIENCE, drops, log);
    }

    static HttpPort listen(InetSocketAddress address, Duration patience, Consumer<HttpDrop> drops, Logger log)
            throws IOException {
        HttpPort port = new HttpPort(HttpLoop.join(), patience, drops, log);
        ChannelFuture bound = port.bootstrap().bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            HttpLoop.leave();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        port.server = bound.channel();
        port.address = (InetSocketAddress) port.server.localAddress();
        return port;
    }

    private ServerBootstrap bootstrap() {
        HttpDecoderConfig limits =
                new HttpDecoderConfig().setMaxInitialLineLength(MOST_LINE_BYTES).setMaxHeaderSize(MOST_HEADER_BYTES);
        return new ServerBootstrap()
                .group(loop)
                .channel(HttpLoop.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(limits),
                                        new FlowControlHandler(),
                                        new Requests(resources, connections, patience, drops, log));
                    }
                });
    }

    /// Lets requests in.
    ///
    /// @param served what stands at which path, as in `/metrics`
    public void open(Map<String, Resource> served) {
        resources = Map.copyOf(served);
        server.config().setAutoRead(true);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return address;
    }

    /// How many connections are open.
    public int connections() {
        return connections.size();
    }

    /// Closes the port and every connection; afterwards the port is free. Called once, and not on the HTTP loop.
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        loop.execute(() -> {
            connections.close();
            HttpLoop.leave();
        });
    }
}
