package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.Selection;
import dev.rumor.client.Told;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.host.Observer;
import dev.rumor.host.Stopped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RumorIT {

    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Rumor::close);
    }

    @Test
    void whatIsBroadcastAtOneNodeIsToldAtAllOnceAndInOrder() throws IOException {
        List<Rumor> three = cluster(3);
        List<List<String>> told = three.stream().map(RumorIT::listen).toList();
        IntStream.range(0, 500).forEach(k -> three.getFirst().broadcast("news", bytes("record " + k)));
        List<String> all = IntStream.range(0, 500).mapToObj(k -> "record " + k).toList();
        told.forEach(each -> await().untilAsserted(() -> assertThat(each).isEqualTo(all)));
    }

    @Test
    void aRecordKeepsItsIdItsTopicAndItsPayload() throws IOException {
        Rumor node = start("n1");
        List<ReceivedRecord> told = new CopyOnWriteArrayList<>();
        node.subscribe(told::add);
        String id = node.broadcast("späh", new byte[] {0, -1}).join().toString();
        await().until(() -> told.size() == 1);
        assertThat(told.getFirst().id()).hasToString(id);
        assertThat(id).matches("n1/[0-9a-z]+/1");
        assertThat(told.getFirst().topic()).isEqualTo("späh");
        assertThat(told.getFirst().payload()).containsExactly(0, -1);
    }

    @Test
    void aBroadcastBeforeTheNodeHasItsEpochWaitsAndKeepsItsPlace() throws IOException {
        Rumor node = start("n1", Map.of("seeds", "127.0.0.1:1"));
        List<CompletableFuture<Long>> sequences = IntStream.range(0, 20)
                .mapToObj(k -> node.broadcast("", bytes("early")).thenApply(id -> id.sequence()))
                .toList();
        assertThat(sequences.stream().map(CompletableFuture::join))
                .containsExactlyElementsOf(
                        Stream.iterate(1L, k -> k + 1).limit(20).toList());
    }

    @Test
    void aNodeThatWasAwayGetsWhatItMissed() throws IOException {
        List<Rumor> three = cluster(3);
        Rumor leaving = three.getLast();
        String name = leaving.name();
        leaving.broadcast("", bytes("before")).join();
        Rumor staying = three.getFirst();
        await().until(() -> staying.view().records() == 1);
        leaving.close();
        staying.broadcast("", bytes("meanwhile")).join();
        Rumor back = start(name, Map.of("listen", leaving.address().toString(), "seeds", seed(staying)));
        List<String> told = new CopyOnWriteArrayList<>();
        back.subscribe(
                Selection.start(),
                each -> told.add(each instanceof Told.Received received ? text(received.record()) : "gap"));
        await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("before", "meanwhile"));
        await().until(() -> three.stream().limit(2).allMatch(each -> each.view().linked() == 2));
    }

    @Test
    void withoutEagerPushGossipRoundsAloneBringEverything() throws IOException {
        List<Rumor> three = cluster(3, Observer.NONE, false);
        List<List<String>> told = three.stream().map(RumorIT::listen).toList();
        three.forEach(each -> each.broadcast("", bytes("from " + each.name())));
        told.forEach(each -> await().untilAsserted(
                        () -> assertThat(each).containsExactlyInAnyOrder("from n1", "from n2", "from n3")));
    }

    @Test
    void whileLinksAreWholeNoPayloadCrossesOneTwice() throws IOException {
        AtomicLong heard = new AtomicLong();
        List<Rumor> three = cluster(3, (event, effects) -> heard.addAndGet(recordsHeard(event)), true);
        List<List<String>> told = three.stream().map(RumorIT::listen).toList();
        for (int k = 0; k < 300; k++) {
            three.get(k % 3).broadcast("", bytes("record " + k));
        }
        told.forEach(each -> await().until(() -> each.size() == 300));
        await().until(() -> three.stream()
                .allMatch(each -> each.view().committed().stream()
                                .mapToLong(claim -> claim.held().count())
                                .sum()
                        == 300));
        assertThat(heard.get()).isEqualTo(2 * 300);
    }

    @Test
    void whatEverybodyHoldsIsTrimmedHoweverFastItComes() throws IOException {
        List<Rumor> three = new ArrayList<>();
        for (int k = 1; k <= 3; k++) {
            String seeds = three.stream().map(RumorIT::seed).collect(Collectors.joining(","));
            three.add(start("n" + k, Map.of("seeds", seeds, "retain-bytes", "1MiB")));
        }
        await().until(() -> three.stream().allMatch(each -> each.view().linked() == 2));
        AtomicInteger taken = new AtomicInteger();
        for (int k = 0; k < 3_000; k++) {
            three.get(k % 3).broadcast("", new byte[10_000]).thenAccept(id -> taken.incrementAndGet());
        }
        await().untilAsserted(() -> assertThat(three).allSatisfy(each -> {
            assertThat(each.view().waiting()).isZero();
            assertThat(each.view().bytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(committed(each)).isEqualTo(taken.get());
        }));
        assertThat(taken.get()).isPositive();
        three.get(1).broadcast("", new byte[10_000]).join();
    }

    private static long committed(Rumor node) {
        return node.view().committed().stream()
                .mapToLong(claim -> claim.held().count())
                .sum();
    }

    @Test
    void aSlowSubscriberHoldsUpNobodyAndMissesNothing() throws Exception {
        Rumor node = start("n1");
        CountDownLatch free = new CountDownLatch(1);
        List<String> slow = new CopyOnWriteArrayList<>();
        node.subscribe(record -> {
            awaitUninterruptibly(free);
            slow.add(text(record));
        });
        List<String> quick = listen(node);
        List<String> all =
                IntStream.range(0, 1_000).mapToObj(k -> "record " + k).toList();
        all.forEach(each -> node.broadcast("", bytes(each)));
        await().untilAsserted(() -> assertThat(quick).isEqualTo(all));
        assertThat(slow).isEmpty();
        free.countDown();
        await().untilAsserted(() -> assertThat(slow).isEqualTo(all));
    }

    @Test
    void aSubscriberTooSlowForTheLogIsToldOfTheGap() throws Exception {
        Rumor node = start("n1", Map.of("retain-bytes", "64KiB"));
        CountDownLatch free = new CountDownLatch(1);
        List<Long> told = new CopyOnWriteArrayList<>();
        AtomicLong missed = new AtomicLong();
        node.subscribe(Selection.now(), each -> {
            switch (each) {
                case Told.Received received -> {
                    awaitUninterruptibly(free);
                    told.add(received.record().id().sequence());
                }
                case Told.Gap gap -> missed.addAndGet(gap.count());
            }
        });
        for (int k = 0; k < 400; k++) {
            node.broadcast("", new byte[4 << 10]).join();
        }
        free.countDown();
        await().until(() -> told.size() + missed.get() == 400);
        assertThat(missed.get()).isPositive();
        assertThat(told).isSorted().endsWith(400L);
    }

    @Test
    void whatASubscriberThrowsEndsItsSubscriptionAndNothingElse() throws IOException {
        Rumor node = start("n1");
        List<String> failing = new CopyOnWriteArrayList<>();
        node.subscribe(record -> {
            failing.add(text(record));
            throw new IllegalStateException("a subscriber of this test");
        });
        List<String> other = listen(node);
        node.broadcast("", bytes("one")).join();
        node.broadcast("", bytes("two")).join();
        await().until(() -> other.size() == 2);
        assertThat(failing).containsExactly("one");
    }

    @Test
    void whatIsTooLargeIsRefusedAtTheCallWithTheLimit() throws IOException {
        Rumor node = start("n1", Map.of("max-payload", "1KiB"));
        assertThatThrownBy(() -> node.broadcast("", new byte[1_025]))
                .hasMessage("a payload is at most 1024 bytes (max-payload), not 1025");
        assertThatThrownBy(() -> node.broadcast("t".repeat(256), new byte[0]))
                .hasMessage("a topic is at most 255 bytes of UTF-8, not 256");
    }

    @Test
    void aSecondLiveNodeOfTheSameNameEndsWithAnError() throws IOException {
        List<Rumor> two = cluster(2);
        Rumor second = start("n1", Map.of("seeds", seed(two.getLast())));
        assertThatThrownBy(() -> second.ended().join())
                .cause()
                .isInstanceOf(Stopped.class)
                .hasMessageContaining("n1");
        assertThat(two.getFirst().ended()).isNotDone();
    }

    @Test
    void nodesOfOtherClustersDoNotLink() throws IOException {
        Rumor one = start("n1");
        Rumor other = start("n2", Map.of("cluster", "other", "seeds", seed(one)));
        other.ready().join();
        other.broadcast("", bytes("not for you")).join();
        assertThat(one.view().members()).hasSize(1);
        assertThat(other.view().linked()).isZero();
    }

    @Test
    void aNodeThatIsClosedInTheMiddleOfABurstTakesNothingAcknowledgedWithIt() throws IOException {
        Rumor one = start("n1");
        Rumor other = start("n2", Map.of("seeds", seed(one)));
        await().until(() -> other.view().linked() == 1);
        AtomicInteger acknowledged = new AtomicInteger();
        for (int k = 0; k < 20_000; k++) {
            one.broadcast("", new byte[500]).thenAccept(id -> acknowledged.incrementAndGet());
        }
        one.close();
        assertThat(acknowledged.get()).isPositive();
        assertThat(other.view().records()).isEqualTo(acknowledged.get());
    }

    @Test
    void withADeliveryBudgetRecordsAreCollectedThroughARelayAndCrossNoLinkTwice() throws IOException {
        Map<String, AtomicLong> heardFrom = new TreeMap<>();
        List<Rumor> four = new ArrayList<>();
        for (int k = 1; k <= 4; k++) {
            AtomicLong heard = new AtomicLong();
            heardFrom.put("n" + k, heard);
            String seeds = four.stream().map(RumorIT::seed).collect(Collectors.joining(","));
            Config config = config("n" + k, Map.of("seeds", seeds, "delivery-budget", "200ms"));
            four.add(keep(Rumor.start(
                    config, (event, effects) -> heard.addAndGet(recordsHeard(event)), settings -> settings)));
        }
        await().until(() -> four.stream().allMatch(each -> each.view().linked() == 3));
        List<List<String>> told = four.stream().map(RumorIT::listen).toList();
        for (int k = 0; k < 400; k++) {
            four.get(k % 4).broadcast("", bytes("record " + k)).join();
        }
        told.forEach(each -> await().until(() -> each.size() == 400));
        assertThat(told).allSatisfy(each -> assertThat(each).doesNotHaveDuplicates());
        assertThat(heardFrom.values()).allSatisfy(heard -> assertThat(heard).hasValue(300));
    }

    @Test
    void aNodeThatIsClosedWithinItsBudgetTakesNothingAcknowledgedWithIt() throws IOException {
        Rumor one = start("n1", Map.of("delivery-budget", "1m"));
        Rumor other = start("n2", Map.of("seeds", seed(one), "delivery-budget", "1m"));
        await().until(() -> other.view().linked() == 1);
        for (int k = 0; k < 10; k++) {
            one.broadcast("", bytes("from one")).join();
            other.broadcast("", bytes("from the other")).join();
        }
        one.close();
        assertThat(other.view().records()).isEqualTo(20);
    }

    @Test
    void aClosedNodeRefusesAndSaysSo() throws IOException {
        Rumor node = start("n1");
        node.close();
        assertThatThrownBy(() -> node.broadcast("", bytes("late")).join()).hasMessageContaining("the node has stopped");
        node.close();
    }

    // --- what the tests share

    private List<Rumor> cluster(int size) throws IOException {
        return cluster(size, Observer.NONE, true);
    }

    private List<Rumor> cluster(int size, Observer observer, boolean eagerPush) throws IOException {
        List<Rumor> cluster = new ArrayList<>();
        for (int k = 1; k <= size; k++) {
            String seeds = cluster.stream().map(RumorIT::seed).collect(Collectors.joining(","));
            Config config = config("n" + k, Map.of("seeds", seeds));
            cluster.add(keep(Rumor.start(config, observer, settings -> settings.withEagerPush(eagerPush))));
        }
        await().until(() -> cluster.stream().allMatch(each -> each.view().linked() == size - 1));
        return cluster;
    }

    private Rumor start(String name) throws IOException {
        return start(name, Map.of());
    }

    private Rumor start(String name, Map<String, String> settings) throws IOException {
        return keep(Rumor.start(config(name, settings)));
    }

    private Rumor keep(Rumor node) {
        nodes.add(node);
        return node;
    }

    private static Config config(String name, Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("name", name, "listen", "127.0.0.1:0", "gossip-interval", "50ms"));
        all.put("ephemeral", "true");
        all.putAll(settings);
        return Config.of(all);
    }

    private static String seed(Rumor node) {
        return node.address().toString();
    }

    private static List<String> listen(Rumor node) {
        List<String> told = new CopyOnWriteArrayList<>();
        node.subscribe(record -> told.add(text(record)));
        return told;
    }

    private static long recordsHeard(Event event) {
        return event instanceof Event.Heard heard && heard.message() instanceof Message.Runs runs
                ? runs.runs().stream().mapToLong(Run::count).sum()
                : 0;
    }

    private static String text(ReceivedRecord record) {
        return record.text().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
