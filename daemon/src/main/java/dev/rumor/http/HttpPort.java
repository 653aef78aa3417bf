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
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// A port that answers what is asked of a few places. Everything that a stranger can do at it is bounded: the size of a
/// request and of its body, the time that it takes, the number of connections and of answers that are streamed, and the
/// memory that all of these take together.
public final class HttpPort implements AutoCloseable {

    /// How many connections may be open.
    public static final int MOST_CONNECTIONS = 256;

    /// And how many of them may be given an answer that is streamed.
    public static final int MOST_STREAMS = 192;

    /// And how many may wait for an answer; not counted is what health checks and scrapers ask for.
    static final int MOST_ASKING = 240;

    /// A cursor may stand in either, and has some 30 bytes for each origin.
    static final int MOST_LINE_BYTES = 32 << 10;
    static final int MOST_HEADER_BYTES = 32 << 10;

    /// Scrapers that come every 15 s keep their connection.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final Duration patience;
    private final Consumer<HttpDrop> drops;
    private final Logger log;
    private final Connections connections;
    private Channel server;
    private InetSocketAddress address;
    private volatile Site site = Site.EMPTY;

    private HttpPort(EventLoop loop, Duration patience, Consumer<HttpDrop> drops, Logger log) {
        this.loop = loop;
        this.patience = patience;
        this.drops = drops;
        this.log = log;
        this.connections = new Connections(
                new Connections.Limits(MOST_CONNECTIONS, MOST_ASKING, MOST_STREAMS, mostBytes()), drops);
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
                                        new Requests(site, connections, patience, drops, log));
                    }
                });
    }

    /// How much memory bodies may take, and answers that are not taken as much again, in bytes.
    static long mostBytes() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32L << 20, 256L << 20);
    }

    /// Lets requests in.
    ///
    /// @param names other host names under which this port may be asked, in lower case
    public void open(List<Place> places, Set<String> names) {
        site = new Site(places, names);
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

    /// How many answers are being streamed.
    public int streams() {
        return connections.streams();
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
