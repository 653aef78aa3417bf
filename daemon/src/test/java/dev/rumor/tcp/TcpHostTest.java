package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.host.LinkedHostContract;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.host.ScriptedMachine;
import dev.rumor.storage.MemoryStore;
import dev.rumor.wire.PeerCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpHostTest extends LinkedHostContract {

    private static final byte[] PEER = "RUMP".getBytes(StandardCharsets.US_ASCII);

    private final List<TcpHost> hosts = new ArrayList<>();

    private record Loopback(TcpHost tcp) implements Host {
        @Override
        public void stop() {
            tcp.close().join();
        }
    }

    @Override
    protected Host start(Machine machine) throws IOException {
        return new Loopback(host(machine, List.of()));
    }

    @Override
    protected Host start(Machine machine, Host other) throws IOException {
        return new Loopback(host(machine, List.of(addressOf(((Loopback) other).tcp))));
    }

    @AfterEach
    void closeAll() {
        hosts.forEach(each -> each.close().exceptionally(stopped -> null).join());
    }

    @Test
    void aPortInUseIsSaidInOneSentence() throws IOException {
        TcpHost first = host(silent(), List.of());
        assertThatThrownBy(() -> host(silent(), List.of(), addressOf(first)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on " + addressOf(first) + ": the port is in use");
    }

    @Test
    void aBrowserIsToldThatThisIsNoWebServer() throws IOException {
        try (Socket socket = connect(host(silent(), List.of()))) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("not for HTTP");
        }
    }

    @Test
    void aStrangerIsClosedWithoutAWord() throws IOException {
        ScriptedMachine machine = silent();
        try (Socket socket = connect(host(machine, List.of()))) {
            socket.getOutputStream().write("\0\0\0\7hi".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(machine.events(Event.Connected.class)).isEmpty();
    }

    @Test
    void beforeItIsAdmittedAPeerMaySendSmallFramesOnly() throws IOException {
        ScriptedMachine machine = silent();
        try (Socket socket = connect(host(machine, List.of()))) {
            socket.getOutputStream().write(PEER);
            socket.getOutputStream().write(new byte[] {0, 0, 0x10, 1});
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        await().until(() -> machine.events(Event.Disconnected.class).size() == 1);
        assertThat(machine.events(Event.Heard.class)).isEmpty();
    }

    @Test
    void nonsenseClosesItsOwnLinkAndNoOther() throws IOException {
        ScriptedMachine machine = ScriptedMachine.of(TcpHostTest::admitAll);
        TcpHost host = host(machine, List.of());
        try (Socket good = connect(host);
                Socket bad = connect(host)) {
            good.getOutputStream().write(PEER);
            bad.getOutputStream().write(PEER);
            bad.getOutputStream().write(new byte[] {0, 0, 0, 2, 'n', 'o'});
            assertThat(bad.getInputStream().readAllBytes()).isEmpty();
            write(good, new Message.Ping());
            await().until(() -> machine.events(Event.Heard.class).size() == 1);
        }
    }

    @Test
    void aPeerThatDoesNotReadClogsItsLinkAndDrainsItWhenItDoes() throws IOException {
        Message large = new Message.Refusal(Message.Refusal.Reason.DUPLICATE, "x".repeat(1_000), "");
        ScriptedMachine machine = ScriptedMachine.of(event -> switch (event) {
            case Event.Connected connected -> admitAll(event);
            case Event.Heard heard -> Collections.nCopies(40_000, new Effect.Send(List.of(heard.link()), large));
            default -> List.of();
        });
        try (Socket socket = connect(host(machine, List.of()))) {
            socket.getOutputStream().write(PEER);
            write(socket, new Message.Ping());
            await().until(() -> !machine.events(Event.Clogged.class).isEmpty());
            assertThat(machine.events(Event.Drained.class)).isEmpty();
            Thread reader = Thread.ofVirtual().start(() -> drain(socket));
            await().until(() -> !machine.events(Event.Drained.class).isEmpty());
            socket.shutdownOutput();
            reader.interrupt();
        }
    }

    @Test
    void aNodeThatStopsByItselfSaysWhy() throws IOException {
        TcpHost host = host(ScriptedMachine.of(event -> List.of(new Effect.Stop("somebody has this name"))), List.of());
        assertThatThrownBy(() -> host.ended().join()).hasRootCauseMessage("somebody has this name");
    }

    @Test
    void aBrokenNodeEndsItsHostAndNotTheLoop() throws IOException {
        TcpHost host = host(
                ScriptedMachine.of(event -> {
                    throw new IllegalStateException("an invariant is broken");
                }),
                List.of());
        assertThatThrownBy(() -> host.ended().join()).hasMessageContaining("an invariant is broken");
    }

    private static List<Effect> admitAll(Event event) {
        return event instanceof Event.Connected connected
                ? List.of(new Effect.Admit(connected.link(), "peer"))
                : List.of();
    }

    private static ScriptedMachine silent() {
        return ScriptedMachine.of(event -> List.of());
    }

    private TcpHost host(Machine machine, List<Address> seeds) throws IOException {
        return host(machine, seeds, new Address("127.0.0.1", 0));
    }

    private TcpHost host(Machine machine, List<Address> seeds, Address listen) throws IOException {
        TcpHost host = TcpHost.start(new TcpHost.Setup(
                "test",
                listen,
                seeds,
                1 << 20,
                true,
                new SplittableRandom(1),
                Observer.NONE,
                (post, loop) -> new MemoryStore(post),
                bound -> machine));
        hosts.add(host);
        return host;
    }

    private static Address addressOf(TcpHost host) {
        return new Address("127.0.0.1", host.address().getPort());
    }

    private static Socket connect(TcpHost host) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), host.address().getPort());
    }

    private static void write(Socket socket, Message message) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(PeerCodec.encode(message));
        out.flush();
    }

    private static void drain(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.skip(Long.MAX_VALUE);
        } catch (IOException closed) {
            return;
        }
    }
}
