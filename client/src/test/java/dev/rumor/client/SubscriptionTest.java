package dev.rumor.client;

import static dev.rumor.client.FakeDaemon.CURSOR;
import static dev.rumor.client.FakeDaemon.part;
import static dev.rumor.client.FakeDaemon.place;
import static dev.rumor.client.FakeDaemon.record;
import static dev.rumor.proto.client.v1.ClientRequest.AskedCase.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.rumor.client.RumorException.Kind;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubscriptionTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final FakeDaemon one = FakeDaemon.start();
    private final FakeDaemon two = FakeDaemon.start();
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private Subscription subscribe(Selection selection) {
        return Subscription.open(selection, List.of(one.address(), two.address()), PATIENT, journal::add);
    }

    /// Tells these records, and then hangs up.
    private void tells(FakeDaemon daemon, long... sequences) {
        daemon.on(READ, (request, caller) -> {
            asked.add(request.getRead().getAfter() + " " + request.getRead().getLimit());
            caller.say(request, place(CURSOR));
            for (long each : sequences) {
                caller.say(request, part(record(each, "", ByteString.EMPTY)));
            }
            caller.hangUp();
        });
    }

    private static long sequence(Told told) {
        return ((Told.Received) told).record().id().sequence();
    }

    @Test
    void theCursorAfterARecordIsTheOneThatADaemonWouldMake() {
        tells(one, 42);
        try (Subscription subscription = subscribe(Selection.start())) {
            assertThat(subscription.cursor()).isEqualTo(CURSOR);
            assertThat(subscription.next().cursor()).isEqualTo("AQ~n1~rs~42~1od128a");
            assertThat(subscription.cursor()).isEqualTo("AQ~n1~rs~42~1od128a");
        }
    }

    @Test
    void itGoesOnAtTheNextNodeAfterWhatWasTaken() {
        tells(one, 1, 2);
        tells(two, 3);
        List<Long> told = new ArrayList<>();
        try (Subscription subscription = subscribe(Selection.start().limit(100))) {
            for (int k = 0; k < 5; k++) {
                Told next = subscription.next();
                told.add(sequence(next));
            }
        }
        assertThat(told).containsExactly(1L, 2L, 3L, 1L, 2L);
        assertThat(asked.get(0)).isEqualTo("start 100");
        assertThat(asked.get(1)).startsWith("AQ~n1~rs~2~").endsWith(" 98");
        assertThat(asked.get(2)).startsWith("AQ~n1~rs~3~").endsWith(" 97");
        assertThat(journal.getFirst()).isEqualTo(one.address() + " closed the connection; trying " + two.address());
        assertThat(journal.get(1)).isEqualTo("going on at " + two.address());
    }

    @Test
    void aNodeThatRefusesForNowIsPassedOver() {
        one.on(READ, (request, caller) -> caller.say(request, FakeDaemon.refusal("full", 0)));
        tells(two, 7);
        try (Subscription subscription = subscribe(Selection.now())) {
            assertThat(sequence(subscription.next())).isEqualTo(7);
        }
        assertThat(journal).isEmpty();
    }

    @Test
    void aCursorThatIsNoneIsRefusedAtOnceAndForGood() {
        one.on(
                READ,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setFailure(Failure.newBuilder()
                                        .setCode(Failure.Code.CODE_INVALID)
                                        .setText("the cursor is damaged"))));
        RumorException refused =
                catchThrowableOfType(RumorException.class, () -> subscribe(Selection.after("damaged")));
        assertThat(refused).hasMessage("the cursor is damaged");
        assertThat(refused.kind()).isEqualTo(Kind.FAILED);
    }

    @Test
    void whereNobodyCanBeReachedAtFirstItSaysSo() {
        Address nobody = new Address("127.0.0.1", 1);
        RumorException failure = catchThrowableOfType(
                RumorException.class,
                () -> Subscription.open(Selection.now(), List.of(nobody, nobody), PATIENT, journal::add));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageStartingWith("cannot reach " + nobody);
    }

    @Test
    void closingItEndsItWhileItWaits() throws InterruptedException {
        CountDownLatch placed = new CountDownLatch(1);
        one.on(READ, (request, caller) -> caller.say(request, place(CURSOR)));
        Subscription subscription = subscribe(Selection.now());
        AtomicInteger more = new AtomicInteger();
        Thread reader = Thread.ofPlatform().start(() -> {
            placed.countDown();
            more.addAndGet(subscription.hasNext() ? 1 : 0);
        });
        placed.await();
        subscription.close();
        reader.join();
        assertThat(more).hasValue(0);
        assertThat(subscription.hasNext()).isFalse();
        assertThat(journal).isEmpty();
    }

    @Test
    void closingItEndsItWhileItLooksForANode() throws InterruptedException {
        tells(one);
        Subscription subscription = subscribe(Selection.now());
        one.close();
        two.close();
        Thread reader = Thread.ofPlatform().start(subscription::hasNext);
        while (journal.isEmpty()) {
            Thread.onSpinWait();
        }
        subscription.close();
        reader.join();
        assertThat(journal).hasSize(1);
    }
}
