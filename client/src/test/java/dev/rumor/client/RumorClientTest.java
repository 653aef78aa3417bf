package dev.rumor.client;

import static dev.rumor.client.FakeDaemon.EPOCH;
import static dev.rumor.client.FakeDaemon.ORIGIN;
import static dev.rumor.client.FakeDaemon.holder;
import static dev.rumor.client.FakeDaemon.part;
import static dev.rumor.client.FakeDaemon.record;
import static dev.rumor.client.FakeDaemon.refusal;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.BROADCAST;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.HOLDERS;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.MEMBERS;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.READ;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.STATUS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.rumor.client.RumorException.Kind;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.HoldersReply;
import dev.rumor.proto.client.v1.MembersReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RumorClientTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(100);

    private final FakeDaemon daemon = FakeDaemon.start();

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void aBroadcastIsAnsweredWithItsRecordId() {
        try (RumorClient client = connect(PATIENT)) {
            client.broadcast("greetings", bytes("hello"));
            assertThat(client.broadcast("greetings", bytes(""))).hasToString("n1/rs/2");
        }
        assertThat(daemon.payloads()).containsExactly(bytes("hello"), bytes(""));
        assertThat(daemon.topics()).containsExactly("greetings", "greetings");
    }

    @Test
    void aBroadcastMayWaitUntilOthersHoldIt() {
        try (RumorClient client = connect(PATIENT)) {
            Acknowledgement taken = client.broadcast("orders", bytes("one"), Wait.majority(Duration.ofSeconds(5)));
            assertThat(taken.reached()).isTrue();
            assertThat(taken.missing()).isEmpty();
        }
    }

    @Test
    void aBroadcastWhoseTimeIsOverIsTakenAndTellsWhoLacksIt() {
        daemon.waitingInVainFor(holder("n1", 0, 0), holder("n2", 1, 2500));
        try (RumorClient client = connect(PATIENT)) {
            Acknowledgement taken = client.broadcast("orders", bytes("one"), Wait.all(Duration.ofSeconds(5)));
            assertThat(taken.first()).hasToString("n1/rs/1");
            assertThat(taken.reached()).isFalse();
            assertThat(taken.missing()).containsExactly("n2");
            assertThat(taken.holders())
                    .containsExactly(
                            new Holder("n1", "active", 0, Duration.ZERO),
                            new Holder("n2", "active", 1, Duration.ofMillis(2500)));
            assertThat(client.broadcastAsync("", List.of(bytes("two"))).join().reached())
                    .as("it waits for nobody")
                    .isTrue();
        }
    }

    @Test
    void aDaemonThatKnowsOfNoWaitsReachesNobody() {
        daemon.on(
                BROADCAST,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setBroadcast(dev.rumor.proto.client.v1.BroadcastReply.newBuilder()
                                        .setOrigin(ORIGIN)
                                        .setEpoch(EPOCH)
                                        .setFirst(1)
                                        .setCount(1))));
        try (RumorClient client = connect(PATIENT)) {
            assertThat(client.broadcast("", bytes(""), Wait.all(Duration.ofSeconds(5)))
                            .reached())
                    .isFalse();
        }
    }

    @Test
    void whatADaemonIsAskedToWaitComesOnTopOfTheTimeout() {
        daemon.on(BROADCAST, (request, caller) -> {});
        try (RumorClient client = connect(IMPATIENT)) {
            assertThat(failure(() -> client.broadcast("", bytes(""), Wait.members(2, Duration.ofMillis(50)))))
                    .hasMessage("no answer from " + daemon.address() + " within 150 ms");
        }
    }

    @Test
    void theHoldersOfARecordAreAsked() {
        daemon.on(HOLDERS, (request, caller) -> {
            assertThat(request.getHolders().getSequence()).isEqualTo(42);
            caller.say(
                    request,
                    ClientReply.newBuilder()
                            .setHolders(
                                    HoldersReply.newBuilder().setCommitted(true).addHolders(holder("n1", 0, 0))));
        });
        try (RumorClient client = connect(PATIENT)) {
            assertThat(client.holders(new RecordId(ORIGIN, EPOCH, 42)))
                    .isEqualTo(new Receipts(true, List.of(new Holder("n1", "active", 0, Duration.ZERO))));
        }
    }

    @Test
    void aRecordThatTheDaemonDoesNotKnowIsARefusal() {
        daemon.on(HOLDERS, (request, caller) -> caller.say(request, refusal("nothing is known here of n1/rs/42", 0)));
        try (RumorClient client = connect(PATIENT)) {
            RumorException why = failure(() -> client.holders(RecordId.parse("n1/rs/42")));
            assertThat(why).hasMessage("nothing is known here of n1/rs/42");
            assertThat(why.kind()).isEqualTo(Kind.FAILED);
        }
    }

    @Test
    void manyBroadcastsAreUnderWayAtOnceAndAcknowledgedInOrder() {
        List<Long> order = new ArrayList<>();
        try (RumorClient client = connect(PATIENT)) {
            List<CompletableFuture<Void>> answers = IntStream.range(0, 5000)
                    .mapToObj(k -> client.broadcastAsync("", List.of(bytes("a" + k), bytes("b" + k))))
                    .map(answer ->
                            answer.thenAccept(taken -> order.add(taken.first().sequence())))
                    .toList();
            answers.forEach(CompletableFuture::join);
        }
        assertThat(order)
                .isEqualTo(IntStream.range(0, 5000).mapToObj(k -> 2L * k + 1).toList());
        assertThat(daemon.payloads()).hasSize(10_000);
    }

    @Test
    void moreThanTheWindowIsNeverUnacknowledged() {
        byte[] payload = new byte[256 << 10];
        List<CompletableFuture<Acknowledgement>> answers = new ArrayList<>();
        try (RumorClient client = connect(PATIENT)) {
            for (int k = 0; k < 200; k++) {
                answers.add(client.broadcastAsync("", List.of(payload)));
                assertThat(answers.stream().filter(each -> !each.isDone()).count())
                        .isLessThanOrEqualTo(8);
            }
            answers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void aDaemonThatWritesMuchWhileItIsWrittenToHoldsNobodyUp() {
        String lengthy = "x".repeat(8 << 20);
        daemon.on(
                MEMBERS,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setMembers(MembersReply.newBuilder()
                                        .addMembers(dev.rumor.proto.client.v1.Member.newBuilder()
                                                .setName(lengthy)))));
        try (RumorClient client = connect(PATIENT)) {
            var members = CompletableFuture.supplyAsync(client::members);
            var id = client.broadcastAsync("", List.of(new byte[1 << 20]));
            assertThat(id.join().count()).isEqualTo(1);
            assertThat(members.join().getFirst().name()).isEqualTo(lengthy);
        }
    }

    @Test
    void aRefusalSaysWhyAndWhichRecordIsAtFaultAndTheConnectionStays() {
        daemon.limitedTo(3);
        try (RumorClient client = connect(PATIENT)) {
            var refused = client.broadcastAsync("", List.of(bytes("abc"), bytes("abcd")));
            RumorException why = failure(() -> throwCause(refused));
            assertThat(why).hasMessage("the payload has 4 bytes, the limit is 3");
            assertThat(why.kind()).isEqualTo(Kind.FAILED);
            assertThat(why.record()).isEqualTo(1);
            assertThat(client.broadcast("", bytes("abc")).sequence()).isEqualTo(1);
        }
    }

    @Test
    void aRefusalOfTheConnectionEndsEveryRequest() {
        daemon.on(STATUS, (request, caller) -> {
            caller.say(request.toBuilder().setId(0).build(), refusal("this client is too old", 0));
        });
        try (RumorClient client = connect(PATIENT)) {
            assertThat(failure(client::status)).hasMessage("this client is too old");
            assertThat(failure(client::members)).hasMessage("this client is too old");
        }
    }

    @Test
    void whereNobodyListensIsUnreachable() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        RumorException why = failure(() -> RumorClient.connect(new Address("127.0.0.1", port), PATIENT));
        assertThat(why.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(why).hasMessage("cannot reach 127.0.0.1:" + port + ": Connection refused");
    }

    @Test
    void aConnectionCutWithRequestsUnderWayFailsThemAndEveryLaterOne() {
        daemon.on(BROADCAST, (request, caller) -> caller.hangUp());
        try (RumorClient client = connect(PATIENT)) {
            List<CompletableFuture<Acknowledgement>> answers = IntStream.range(0, 50)
                    .mapToObj(k -> client.broadcastAsync("", List.of(bytes("x"))))
                    .toList();
            for (CompletableFuture<Acknowledgement> each : answers) {
                assertThat(failure(() -> throwCause(each)).kind()).isEqualTo(Kind.UNREACHABLE);
            }
            assertThat(failure(client::status).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aSilentDaemonTimesOut() {
        daemon.on(STATUS, (request, caller) -> {});
        try (RumorClient client = connect(IMPATIENT)) {
            RumorException why = failure(client::status);
            assertThat(why.kind()).isEqualTo(Kind.TIMED_OUT);
            assertThat(why).hasMessage("no answer from " + daemon.address() + " within 100 ms");
        }
    }

    @Test
    void aDaemonThatDoesNotReadTimesOutEvenWhileItIsWrittenTo() {
        SynchronousQueue<String> never = new SynchronousQueue<>();
        daemon.greeting(caller -> waitFor(never));
        try (RumorClient client = connect(IMPATIENT)) {
            assertThat(failure(() -> client.broadcast("", new byte[8 << 20])).kind())
                    .isEqualTo(Kind.TIMED_OUT);
        }
        never.offer("go");
    }

    @Test
    void whoDoesNotSpeakTheProtocolIsToldFromAFrameTooLong() {
        daemon.on(STATUS, (request, caller) -> caller.write(bytes("SSH-2.0-OpenSSH_10.0\r\n")));
        try (RumorClient client = connect(PATIENT)) {
            RumorException why = failure(client::status);
            assertThat(why.kind()).isEqualTo(Kind.FAILED);
            assertThat(why)
                    .hasMessage(daemon.address() + " does not speak Rumor's client protocol: "
                            + "it sent a frame of 1397966893 bytes, where 9437184 is the most");
        }
    }

    @Test
    void whatTheProtocolCannotCarryIsRefusedBeforeItIsSent() {
        try (RumorClient client = connect(PATIENT)) {
            assertThat(failure(() -> client.broadcast("", new byte[(8 << 20) + 1])))
                    .hasMessage("8388609 bytes broadcast together, where 8388608 is the most");
            assertThat(failure(() -> client.broadcast("ä".repeat(128), bytes(""))))
                    .hasMessage("a topic of 256 bytes, where 255 is the most");
            assertThat(failure(() -> client.broadcastAsync("", List.of())))
                    .hasMessage("1 to 4096 records go together, not 0");
        }
        assertThat(daemon.payloads()).isEmpty();
    }

    @Test
    void recordsAreReadInOrderWithTheirTopicAndTime() {
        try (RumorClient client = connect(PATIENT)) {
            client.broadcast("a", bytes("1"));
            client.broadcast("b", bytes("2"));
            client.broadcast("a", bytes("3"));
            try (Stream<ReceivedRecord> all = client.read(null, 0)) {
                assertThat(all.map(each -> each.topic() + each.text().orElseThrow()))
                        .containsExactly("a1", "b2", "a3");
            }
            try (Stream<ReceivedRecord> some = client.read("a", 1)) {
                ReceivedRecord only = some.toList().getFirst();
                assertThat(only.id()).isEqualTo(new RecordId(ORIGIN, EPOCH, 1));
                assertThat(only.time().toEpochMilli()).isEqualTo(FakeDaemon.TIME_MILLIS);
            }
        }
    }

    @Test
    void anEndlessReadCanBeStoppedAndTheDaemonSeesIt() throws Exception {
        CompletableFuture<Boolean> hungUp = new CompletableFuture<>();
        daemon.on(READ, (request, caller) -> {
            try {
                for (long k = 1; true; k++) {
                    caller.say(request, part(record(k, "", ByteString.copyFrom(new byte[1000]))));
                }
            } catch (IOException e) {
                hungUp.complete(true);
                throw e;
            }
        });
        try (RumorClient client = connect(PATIENT)) {
            try (Stream<ReceivedRecord> endless = client.read(null, 0)) {
                assertThat(endless.limit(3).map(each -> each.id().sequence())).containsExactly(1L, 2L, 3L);
            }
            assertThat(hungUp.get()).isTrue();
            client.broadcast("", bytes("still here"));
        }
    }

    @Test
    void whoReadsMayBroadcastMeanwhile() {
        try (RumorClient client = connect(PATIENT)) {
            client.broadcast("", bytes("1"));
            try (Stream<ReceivedRecord> all = client.read(null, 0)) {
                all.forEach(each -> client.broadcast("again", each.payload()));
            }
        }
        assertThat(daemon.topics()).containsExactly("", "again");
    }

    @Test
    void aReadCutOffGivesWhatCameAndThenFails() {
        daemon.on(READ, (request, caller) -> {
            caller.say(request, part(record(1, "", ByteString.EMPTY)));
            caller.hangUp();
        });
        try (RumorClient client = connect(PATIENT);
                Stream<ReceivedRecord> cut = client.read(null, 0)) {
            Iterator<ReceivedRecord> records = cut.iterator();
            assertThat(records.next().id().sequence()).isEqualTo(1);
            assertThat(failure(records::hasNext).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aClosedClientRefusesWhatIsAskedOfIt() {
        RumorClient client = connect(PATIENT);
        client.close();
        assertThat(failure(client::status)).hasMessage("the client was closed");
    }

    private RumorClient connect(Duration timeout) {
        return RumorClient.connect(daemon.address(), timeout);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static RumorException failure(ThrowingCallable call) {
        return catchThrowableOfType(RumorException.class, call);
    }

    private static void throwCause(CompletableFuture<?> answer) throws Throwable {
        try {
            answer.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void waitFor(SynchronousQueue<String> word) {
        try {
            word.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
