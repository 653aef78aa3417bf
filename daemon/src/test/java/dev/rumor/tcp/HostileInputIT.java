package dev.rumor.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.client.RumorClient;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.host.Drop;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.PeerCodec;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What strangers, peers and clients may do to a daemon's port, and that it goes on for all others: after each of these
/// a client and a peer are served, and nothing in the log has a stack trace.
///
/// Elsewhere: two live nodes of one name (`DaemonIT`, `RumorIT`), a node that dials itself (`LinksTest`), a
/// frame that comes byte by byte and who gives up a place (`HallTest`), who says nothing for five seconds
/// (`LobbyTest`), a crowd at the door (`DoorTest`), an oversize payload ([ClientChannelTest]), a port in use
/// ([TcpHostTest]).
class HostileInputIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] PEER = "RUMP".getBytes(US_ASCII);
    private static final byte[] CLIENT = "RUMC".getBytes(US_ASCII);
    private static final byte[] STATUS = {0, 0, 0, 4, 8, 1, 42, 0};
    private static final int MIB = 1 << 20;
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("rumor.n1");

    private final List<Rumor> nodes = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Rumor node;
    private Rumor peer;

    @BeforeEach
    void start() throws IOException {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        LOGGER.setLevel(Level.WARN);
        LOGGER.addAppender(log);
        node = start("n1", Map.of("max-payload", "8MiB"));
        peer = start("n2", Map.of("seeds", node.address().toString(), "max-payload", "1KiB"));
        await().until(() -> peer.view().linked() == 1);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        nodes.forEach(Rumor::close);
        LOGGER.detachAppender(log);
        LOGGER.setLevel(null);
    }

    @Test
    void aPeerOfAnotherClusterIsToldSo() throws Exception {
        Socket other = connect(PEER);
        say(other, hello("x", "elsewhere", 1));
        assertThat(heardRefusal(other)).isEqualTo("'x' belongs to cluster 'elsewhere', and 'n1' to 'default'");
        assertUnharmed();
    }

    @Test
    void aPeerOfAnotherProtocolVersionIsToldSo() throws Exception {
        Socket other = connect(PEER);
        say(other, hello("x", "default", 9));
        assertThat(heardRefusal(other)).isEqualTo("'x' speaks protocol versions 9 to 9, and 'n1' 1 to 1");
        assertUnharmed();
    }

    @Test
    void aHalfOpenIncumbentGivesWayToANewcomerOfItsName() throws Exception {
        Socket incumbent = link("x");
        Socket newcomer = connect(PEER);
        say(newcomer, hello("x", "default", 1));
        assertThat(heard(newcomer)).isInstanceOf(Hello.class);
        assertClosed(incumbent);
        assertUnharmed();
    }

    @Test
    void aNodeThatDialsItselfIsAloneAndWell() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String self = "127.0.0.1:" + port;
        Rumor alone = start("n3", Map.of("listen", self, "seeds", self));
        alone.ready().join();
        alone.broadcast("", new byte[0]).join();
        assertThat(alone.view().linked()).isZero();
        assertThat(alone.ended()).isNotDone();
    }

    @Test
    void garbageIsClosedAndSaidOnceHoweverMuchThereIs() throws Exception {
        for (int k = 0; k < 200; k++) {
            assertClosed(connect(("garbage " + k).getBytes(US_ASCII)));
        }
        assertThat(node.dropped(Drop.STRANGER)).isEqualTo(200);
        assertThat(lines())
                .filteredOn(line -> line.contains("neither peer nor client"))
                .hasSize(1);
        assertUnharmed();
    }

    @Test
    void httpIsAnsweredInHttp() throws Exception {
        Socket browser = connect("POST / HTTP/1.1\r\nContent-Length: 500000\r\n\r\n".getBytes(US_ASCII));
        browser.getOutputStream().write(new byte[500_000]);
        browser.shutdownOutput();
        assertThat(new String(browser.getInputStream().readAllBytes(), US_ASCII))
                .startsWith("HTTP/1.1 400")
                .contains("not for HTTP");
        assertThat(node.dropped(Drop.STRANGER_HTTP)).isEqualTo(1);
        assertUnharmed();
    }

    @Test
    void aClientsFrameOfTwoGibibytesIsRefusedInWordsByItsLength() throws Exception {
        Socket client = connect(CLIENT, new byte[] {(byte) 0x80, 0, 0, 0});
        assertThat(answer(client)).contains("a frame here is 1 to 9437184 bytes, not 2147483648");
        assertClosed(client);
        assertUnharmed();
    }

    @Test
    void aPeersFrameOfTwoGibibytesEndsItsLinkAndIsLogged() throws Exception {
        Socket link = link("x");
        link.getOutputStream().write(new byte[] {(byte) 0x80, 0, 0, 0});
        assertClosed(link);
        assertThat(lines()).anyMatch(line -> line.contains("a frame here is 1 to 9437184 bytes, not 2147483648"));
        assertUnharmed();
    }

    @Test
    void framesOfNoBytesWithoutEndStopAtTheFirst() throws Exception {
        assertThat(answer(connect(CLIENT, new byte[MIB]))).contains("a frame here is 1 to 9437184 bytes, not 0");
        Socket link = link("x");
        writeAsFarAsItGoes(link, new byte[MIB]);
        assertClosed(link);
        assertThat(node.dropped(Drop.MALFORMED_CLIENT)).isEqualTo(1);
        assertThat(node.dropped(Drop.MALFORMED_PEER)).isEqualTo(1);
        assertUnharmed();
    }

    @Test
    void of300ConnectionsThatSayNothing256Stay() throws Exception {
        for (int k = 0; k < 300; k++) {
            connect();
        }
        await().until(() -> node.dropped(Drop.LOBBY_FULL) == 300 - Lobby.MOST);
        assertThat(lines()).filteredOn(line -> line.contains("made room")).hasSize(1);
        assertUnharmed();
    }

    @Test
    void ofClientsThatAskNothingTheOldestMakeRoom() throws Exception {
        for (int k = 0; k < Clients.MOST + 10; k++) {
            connect(CLIENT);
        }
        await().until(() -> node.dropped(Drop.IDLE_CLIENT) == 10);
        assertThat(answer(sockets.getFirst())).contains("it asked nothing, and another client came");
        assertUnharmed();
    }

    @Test
    void whenAllPlacesOfClientsAreTakenTheNextIsToldTheLimit() throws Exception {
        for (int k = 0; k < Clients.MOST; k++) {
            answer(connect(CLIENT, STATUS));
        }
        assertThat(answer(connect(CLIENT))).contains("serves 1024 clients already, which is its limit");
        sockets.removeLast().close();
        sockets.removeFirst().close();
        assertUnharmed();
    }

    @Test
    void halvesOfTheLargestFrameTakeNoMoreMemoryThanTheBound() throws Exception {
        long before = directBytes();
        byte[] half = new byte[9 * MIB / 2];
        int count = (int) (2 * Hall.share() / half.length);
        for (int k = 0; k < count; k++) {
            writeAsFarAsItGoes(connect(CLIENT, new byte[] {0, (byte) 0x90, 0, 0}), half);
            assertThat(directBytes() - before).isLessThan(Hall.share() + 64L * MIB);
        }
        await().until(() -> node.dropped(Drop.HELD_TOO_LONG) > 0);
        assertUnharmed();
    }

    @Test
    void clientsThatNeverReadTakeNoMoreMemoryThanTheBound() throws Exception {
        node.broadcast("", new byte[8 * MIB]).join();
        long before = directBytes();
        byte[] read = {0, 0, 0, 4, 8, 1, 26, 0};
        // Of each answer the system takes a part.
        int count = (int) (3 * Hall.share() / (8 * MIB));
        for (int k = 0; k < count; k++) {
            connect(CLIENT, read, read, STATUS, STATUS);
            assertThat(directBytes() - before).isLessThan(Hall.share() + 64L * MIB);
        }
        await().atMost(PATIENCE).until(() -> node.dropped(Drop.HELD_TOO_LONG) > 0);
        assertThat(directBytes() - before).isLessThan(Hall.share() + 64L * MIB);
        assertUnharmed();
    }

    @Test
    void aPeerThatAsksWithoutEndAndNeverReadsIsClosed() throws Exception {
        long before = directBytes();
        Socket link = link("x");
        byte[] ping = PeerCodec.encode(new Message.Ping());
        byte[] pings = new byte[MIB / ping.length * ping.length];
        for (int k = 0; k < pings.length; k++) {
            pings[k] = ping[k % ping.length];
        }
        for (int k = 0; k < 100; k++) {
            writeAsFarAsItGoes(link, pings);
        }
        await().atMost(PATIENCE).until(() -> node.dropped(Drop.HELD_TOO_LONG) == 1);
        assertThat(directBytes() - before).isLessThan(Hall.share() + 64L * MIB);
        assertUnharmed();
    }

    @Test
    void nodesThatAllowPayloadsOfDifferentSizesExchangeThem() throws Exception {
        byte[] large = new byte[MIB];
        node.broadcast("", large).join();
        peer.broadcast("", new byte[1 << 10]).join();
        await().until(() -> node.view().records() == 2 && peer.view().records() == 2);
        assertUnharmed();
    }

    // --- what the tests share

    /// A client is served at this node, its peer gets what it said, and nothing broke.
    private void assertUnharmed() {
        long records = peer.view().records();
        try (RumorClient client = RumorClient.connect(
                new dev.rumor.client.Address("127.0.0.1", node.address().port()), PATIENCE)) {
            client.broadcast("", new byte[1]);
            assertThat(client.status().linked()).isPositive();
        }
        await().until(() -> peer.view().records() > records);
        assertThat(log.list).noneMatch(event -> event.getThrowableProxy() != null);
    }

    private List<String> lines() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private Rumor start(String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("name", name, "listen", "127.0.0.1:0", "ephemeral", "true"));
        all.putAll(settings);
        Rumor started = Rumor.start(Config.of(all));
        nodes.add(started);
        return started;
    }

    private Socket connect(byte[]... said) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), node.address().port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        sockets.add(socket);
        for (byte[] each : said) {
            socket.getOutputStream().write(each);
        }
        return socket;
    }

    /// A peer that is admitted.
    private Socket link(String name) throws Exception {
        Socket link = connect(PEER);
        say(link, hello(name, "default", 1));
        assertThat(heard(link)).isInstanceOf(Hello.class);
        return link;
    }

    private static Hello hello(String name, String cluster, int protocol) {
        long nonce = System.nanoTime();
        return new Hello(cluster, protocol, protocol, name, 1, 1, nonce, new DiskId(nonce, nonce), false, "a test");
    }

    private static void say(Socket socket, Message message) throws IOException {
        socket.getOutputStream().write(PeerCodec.encode(message));
    }

    private static Message heard(Socket socket) throws IOException, Malformed {
        return PeerCodec.decode(ByteBuffer.wrap(frame(socket)));
    }

    private static String heardRefusal(Socket socket) throws IOException, Malformed {
        return ((Message.Refusal) heard(socket)).text();
    }

    private static String answer(Socket client) throws IOException {
        return new String(frame(client), US_ASCII);
    }

    private static byte[] frame(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readInt());
    }

    /// The other end may close at any moment.
    private static void writeAsFarAsItGoes(Socket socket, byte[] bytes) throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } catch (SocketException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(broken pipe|reset|closed).*");
        }
    }

    private static void assertClosed(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
