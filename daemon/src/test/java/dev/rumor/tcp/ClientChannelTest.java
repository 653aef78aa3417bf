package dev.rumor.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Holder;
import dev.rumor.client.Member;
import dev.rumor.client.Receipts;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import dev.rumor.client.RumorClient;
import dev.rumor.client.Wait;
import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.host.ScriptedMachine;
import dev.rumor.storage.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientChannelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rumor node;
    private RumorClient client;

    @BeforeEach
    void start() throws IOException {
        node = Rumor.start(
                Config.of(Map.of("name", "n1", "listen", "127.0.0.1:0", "max-payload", "64KiB", "ephemeral", "true")));
        node.ready().join();
        client = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void broadcastsAreNumberedInTheirOrder() {
        List<CompletableFuture<Acknowledgement>> sent = IntStream.range(0, 300)
                .mapToObj(k -> client.broadcastAsync("t", List.of(bytes("a" + k), bytes("b" + k))))
                .toList();
        for (int k = 0; k < sent.size(); k++) {
            assertThat(sent.get(k).join().id(1).sequence()).isEqualTo(2 * k + 2);
        }
        try (Stream<ReceivedRecord> read = client.read(null, 0)) {
            assertThat(read.map(each -> each.text().orElseThrow()))
                    .startsWith("a0", "b0", "a1")
                    .hasSize(600);
        }
    }

    @Test
    void aBroadcastWaitsForAsManyMembersAsItSays() {
        await().until(() -> client.members().getFirst().state().equals("active"));
        assertThat(client.broadcast("", bytes("a"), Wait.all(PATIENCE)).reached())
                .isTrue();
        assertThat(client.broadcast("", bytes("b"), Wait.members(1, PATIENCE)).reached())
                .isTrue();
        assertThatThrownBy(() -> client.broadcast("", bytes("c"), Wait.members(2, PATIENCE)))
                .hasMessage("it cannot wait for 2 members: 1 is active");
        assertThat(client.broadcast("", bytes("d")).sequence())
                .as("nothing was kept of what was refused")
                .isEqualTo(3);
    }

    @Test
    void theHoldersOfARecordAreTold() {
        RecordId id = client.broadcast("", bytes("a"));
        Receipts receipts = client.holders(id);
        assertThat(receipts.holders()).extracting(Holder::name).containsExactly("n1");
        assertThat(receipts.holders()).allMatch(Holder::holds);
        RecordId unknown = new RecordId(id.origin(), id.epoch(), 2);
        assertThatThrownBy(() -> client.holders(unknown)).hasMessage("nothing is known here of " + unknown);
    }

    @Test
    void whoHangsUpWaitsNoLonger() throws IOException {
        TcpHost host = host(ScriptedMachine.of(event -> event instanceof Event.Offered offered
                ? List.of(new Effect.Acknowledge(offered.ticket(), new dev.rumor.core.stream.Stream("n1", 1), 1, 1))
                : List.of()));
        dev.rumor.client.Address address =
                new dev.rumor.client.Address("127.0.0.1", host.address().getPort());
        try {
            try (RumorClient waiting = RumorClient.connect(address, PATIENCE)) {
                waiting.broadcastAsync("", List.of(bytes("a")), Wait.all(PATIENCE));
                await().until(() -> waits(host) == 1);
            }
            await().until(() -> waits(host) == 0);
        } finally {
            host.close().join();
        }
    }

    private static long waits(TcpHost host) {
        return host.queues().join().stream()
                .filter(each -> each.name().equals("waits"))
                .findFirst()
                .orElseThrow()
                .depth();
    }

    private static TcpHost host(Machine machine) throws IOException {
        return TcpHost.start(new TcpHost.Setup(
                "test",
                new Address("127.0.0.1", 0),
                List.of(),
                8 << 20,
                true,
                new SplittableRandom(1),
                Observer.NONE,
                (post, loop) -> new MemoryStore(post),
                bound -> machine));
    }

    @Test
    void aPayloadBeyondTheLimitIsRefusedWithTheLimitAndTheRecord() {
        CompletableFuture<Acknowledgement> refused =
                client.broadcastAsync("", List.of(bytes("small"), new byte[(64 << 10) + 1]));
        assertThatThrownBy(refused::join)
                .hasMessageContaining("a payload here is at most 65536 bytes (--max-payload), not 65537");
        assertThat(client.broadcast("", bytes("next")).sequence()).isEqualTo(1);
    }

    @Test
    void aReadIsOfOneTopicAndLimitedIfAsked() {
        for (int k = 0; k < 10; k++) {
            client.broadcast(k % 2 == 0 ? "even" : "odd", bytes("" + k));
        }
        assertThat(read("odd", 0)).containsExactly("1", "3", "5", "7", "9");
        assertThat(read("odd", 2)).containsExactly("1", "3");
        assertThat(read(null, 3)).containsExactly("0", "1", "2");
        assertThat(read("none", 0)).isEmpty();
    }

    @Test
    void aReadOfMuchComesWholeAndInOrder() {
        for (int k = 0; k < 400; k++) {
            client.broadcastAsync("", List.of(new byte[60_000]));
        }
        RecordId last = client.broadcast("", bytes("end"));
        try (Stream<ReceivedRecord> read = client.read(null, 0)) {
            assertThat(read.map(each -> each.id().sequence()))
                    .isSorted()
                    .hasSize(401)
                    .endsWith(last.sequence());
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersHoldsUpNobody() throws IOException {
        for (int k = 0; k < 400; k++) {
            client.broadcastAsync("", List.of(new byte[60_000]));
        }
        client.broadcast("", bytes("end"));
        try (Socket silent =
                new Socket(InetAddress.getLoopbackAddress(), node.address().port())) {
            OutputStream out = silent.getOutputStream();
            out.write(bytes("RUMC"));
            for (int k = 0; k < 50; k++) {
                out.write(new byte[] {0, 0, 0, 4, 8, 1, 26, 0});
            }
            out.flush();
            DataInputStream in = new DataInputStream(silent.getInputStream());
            assertThat(in.readInt()).isPositive();
            assertThat(client.status().records()).isEqualTo(401);
            assertThat(read(null, 1)).hasSize(1);
        }
    }

    @Test
    void statusAndMembersTellOfTheNode() {
        assertThat(client.status().name()).isEqualTo("n1");
        assertThat(client.status().limits().maxPayload()).isEqualTo(64 << 10);
        assertThat(client.members()).extracting(Member::name).containsExactly("n1");
    }

    @Test
    void aClientIsNotReadFromWhileTooMuchOfItsIsUnanswered() throws Exception {
        AtomicBoolean answering = new AtomicBoolean();
        List<Event.Offered> waiting = new ArrayList<>();
        ScriptedMachine machine = new ScriptedMachine((event, now) -> {
            List<Effect> effects = new ArrayList<>();
            if (event instanceof Event.Offered offered) {
                waiting.add(offered);
            }
            if (answering.get()) {
                waiting.forEach(each -> effects.add(new Effect.Refuse(each.ticket(), "the test is over")));
                waiting.clear();
            }
            effects.add(new Effect.WakeAt(now + 1_000_000));
            return effects;
        });
        TcpHost host = host(machine);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), host.address().getPort())) {
            Thread writer = Thread.ofVirtual().start(() -> writeBroadcasts(socket, 64, 1 << 20));
            await().until(() -> machine.events(Event.Offered.class).size() == 4);
            int woken = machine.events(Event.Woke.class).size();
            await().until(() -> machine.events(Event.Woke.class).size() > woken + 50);
            assertThat(machine.events(Event.Offered.class)).hasSizeLessThanOrEqualTo(5);
            answering.set(true);
            await().until(() -> machine.events(Event.Offered.class).size() == 64);
            writer.join();
        } finally {
            host.close().join();
        }
    }

    /// Each a request with one record of this size.
    private static void writeBroadcasts(Socket socket, int count, int size) {
        byte[] payload = new byte[size];
        byte[] record = field(2, payload);
        byte[] request = join(new byte[] {8, 1}, field(2, field(1, record)));
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes("RUMC"));
            for (int k = 0; k < count; k++) {
                out.write(ByteBuffer.allocate(4).putInt(request.length).array());
                out.write(request);
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int length = content.length;
        while (length >= 0x80) {
            out.write(length | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private List<String> read(String topic, long limit) {
        try (Stream<ReceivedRecord> read = client.read(topic, limit)) {
            return read.map(each -> each.text().orElseThrow()).toList();
        }
    }

    private RumorClient connect() {
        return RumorClient.connect(
                new dev.rumor.client.Address("127.0.0.1", node.address().port()), PATIENCE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
