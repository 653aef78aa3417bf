package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host without links, and records that are collected through a relay, in virtual time. The figures are those of the
/// Gossip Glomers challenges: 25 nodes, 100 operations a second of which half are broadcasts, 100 ms from node to node
/// (13 nodes where all goes at once, which takes many messages).
class RelayIT {

    private static final int OPERATIONS_PER_RECORD = 2;

    private static Ether ether(int nodes, long budgetMillis, long seed) {
        return new Ether(nodes, seed, settings -> settings.withDeliveryBudget(Duration.ofMillis(budgetMillis)));
    }

    private static double perOperation(Ether ether) {
        return (double) ether.messages / ether.broadcastAt.size() / OPERATIONS_PER_RECORD;
    }

    @ParameterizedTest
    @CsvSource({
        // budget, nodes, records/s, messages per operation, median and longest in ms
        "0, 13, 50, 6.5, 110, 150",
        "600, 25, 50, 1.2, 420, 600",
        "2000, 25, 50, 0.45, 1000, 2000",
        "0, 5, 5, 4, 110, 150",
        "2000, 3, 50, 0.3, 1000, 2000"
    })
    void records_keep_the_budget_and_few_messages_carry_them(
            long budgetMillis, int nodes, double rate, double most, long median, long longest) {
        Ether ether = ether(nodes, budgetMillis, 42);
        ether.run(1_000);
        ether.load(rate, 20_000);
        ether.run(30_000);
        List<Long> took = ether.latenciesMillis();
        assertThat(perOperation(ether)).isLessThanOrEqualTo(most);
        assertThat(took.get(took.size() / 2)).isLessThan(median);
        assertThat(took.getLast()).isLessThan(longest);
    }

    @Test
    void a_pull_is_soon_given_up_though_an_answer_once_took_long_because_the_peer_stood_still() {
        Lone node = Lone.open(Lone.settings("n1").withMembers(List.of("n1", "n2")));
        Message.Hello n2 = node.hello("n2");
        node.now = 100_000 * Stage.MILLI;
        Message.Echo echo = new Message.Echo("n1", 0, 0);
        node.hear(1, new Message.Stamp(n2.epoch(), n2.tag(), n2.disk(), "", 0, 0, 0, List.of(echo)));
        Claim theirs = new Claim(new Stream("n2", n2.epoch()), n2.tag(), Intervals.of(1, 3));
        node.hear(1, new Message.Claims(List.of(theirs), List.of(), true, false));
        List<Message> said = new ArrayList<>();
        for (int k = 0; k < 2_000; k++) {
            said.addAll(Lone.said(node.later(10), 1));
        }
        assertThat(Lone.only(said, Message.Pull.class)).as("in 20 s").hasSizeGreaterThan(1);
    }

    @Test
    void a_relay_that_was_lost_while_the_cluster_was_no_mesh_is_not_sent_to_when_it_is_one_again() {
        String relay = "n5"; // of a lower hash than n1
        Lone node = Lone.open(
                Lone.settings("n1").withDeliveryBudget(Duration.ofSeconds(1)).withMesh(2));
        Message.Hello peer = node.hello(relay);
        node.meet(1, peer);
        node.hear(1, Lone.active(peer));
        node.hear(1, new Message.Claims(List.of(), List.of(), true, false));
        node.hear(1, new Message.Stamp(peer.epoch(), 7, peer.disk(), relay, 600 * Stage.MILLI, 0, 0, List.of()));
        node.offer(10);
        node.hear(1, Lone.active(node.hello("n3")));
        node.feed(new Event.Disconnected(1));
        node.feed(new Event.EvictAsked(2, "n3", true));
        node.later(2_000);
        assertThat(Lone.only(node.all, Effect.Grant.class)).hasSize(1);
        assertThat(node.view().members()).hasSize(3);
    }

    /// In a window of 600 ms: just after it has sent on, what a relay tells of waits there no more.
    @ParameterizedTest
    @CsvSource({"0, 100", "300, 400"})
    void what_a_relay_told_of_is_pulled_when_it_has_sent_on_what_it_collected(long phaseMillis, long due) {
        Lone node = Lone.open(
                Lone.settings("n1").withDeliveryBudget(Duration.ofSeconds(1)).withMembers(List.of("n1", "n5")));
        Message.Hello peer = node.hello("n5");
        long phase = phaseMillis * Stage.MILLI;
        node.hear(
                1,
                new Message.Stamp(peer.epoch(), 7, peer.disk(), "n5", 600 * Stage.MILLI, phase, node.now, List.of()));
        Claim theirs = new Claim(new Stream("n3", 5), 9, Intervals.of(1, 3));
        node.hear(1, new Message.Claims(List.of(theirs), List.of(), true, false));
        assertThat(Lone.only(Lone.said(node.later(due - 50), 1), Message.Pull.class))
                .isEmpty();
        assertThat(Lone.only(Lone.said(node.later(50), 1), Message.Pull.class)).hasSize(1);
    }

    @Test
    void whom_nobody_asked_for_anything_says_nothing() {
        Ether ether = ether(5, 600, 1);
        ether.run(60_000);
        assertThat(ether.messages).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void when_all_is_said_and_confirmed_there_is_silence(long budgetMillis) {
        Ether ether = ether(13, budgetMillis, 1);
        ether.load(50, 5_000);
        ether.run(20_000);
        int said = ether.messages;
        ether.run(600_000);
        assertThat(ether.messages).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"0, 9, 9", "600, 13, 20", "2000, 13, 20", "0, 5, 5", "2000, 3, 20"})
    void a_cut_costs_nothing_but_time(long budgetMillis, int nodes, double rate) {
        for (Ether.Cut kind : Ether.Cut.values()) {
            boolean goesOn = kind.ordinal() % 2 == 0;
            Ether ether = ether(nodes, budgetMillis, 7);
            ether.run(1_000);
            ether.load(rate, goesOn ? 25_000 : 15_000);
            ether.run(7_000);
            ether.passes = kind.of(ether.names, 7);
            ether.run(8_000);
            long healed = ether.now;
            ether.passes = (from, to) -> true;
            ether.run(20_000);
            ether.latenciesMillis();
            long levelMillis = (ether.lastArrivalOfThoseBefore(healed) - healed) / Stage.MILLI;
            assertThat(levelMillis).as(kind + ", load goes on: " + goesOn).isLessThan(5_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void records_flow_around_a_cut_while_it_lasts(long budgetMillis) {
        Ether ether = ether(13, budgetMillis, 7);
        ether.run(1_000);
        ether.passes = Ether.Cut.RING.of(ether.names, 7);
        ether.load(20, 10_000);
        ether.run(30_000);
        assertThat(ether.latenciesMillis()).hasSizeGreaterThan(150);
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void loss_doubles_and_disorder_change_nothing(long budgetMillis) {
        Ether ether = ether(13, budgetMillis, 3);
        ether.loss = 0.05;
        ether.doubled = 0.05;
        ether.exponential = true;
        ether.load(20, 20_000);
        ether.run(40_000);
        assertThat(ether.latenciesMillis()).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void whoever_starts_again_with_nothing_gets_everything(long budgetMillis) {
        for (int victim = 0; victim < 5; victim++) {
            Ether ether = ether(5, budgetMillis, 5);
            String name = ether.names.get(victim);
            ether.run(1_000);
            ether.load(10, 10_000);
            ether.run(20_000);
            ether.kill(name);
            ether.run(2_000);
            ether.start(name);
            ether.broadcast(ether.names.get((victim + 1) % 5));
            ether.run(20_000);
            assertThat(ether.actors.get(name).delivered).isEqualTo(ether.broadcastAt.keySet());
        }
    }

    @ParameterizedTest
    @CsvSource({"600", "2000"})
    void a_relay_that_dies_is_replaced(long budgetMillis) {
        Ether ether = ether(9, budgetMillis, 5);
        ether.run(1_000);
        ether.load(20, 5_000);
        ether.run(6_000);
        String relay = ether.busiest();
        ether.kill(relay);
        for (String name : ether.names) {
            if (!name.equals(relay)) {
                ether.broadcast(name);
            }
        }
        ether.run(20_000);
        int said = ether.messages;
        for (String name : ether.names) {
            if (!name.equals(relay)) {
                ether.broadcast(name);
                assertThat(ether.actors.get(name).delivered).isSubsetOf(ether.broadcastAt.keySet());
            }
        }
        ether.run(20_000);
        ether.actors.forEach((name, actor) -> {
            if (!name.equals(relay)) {
                assertThat(actor.delivered).as(name).isEqualTo(ether.broadcastAt.keySet());
            }
        });
        int knocks = 20 * 8;
        assertThat(ether.messages - said - knocks)
                .as("messages by way of the new relay, without one a second from each to the dead")
                .isLessThan(2 * 8 * 8);
    }

    @ParameterizedTest
    @CsvSource({"100", "2000"})
    void over_links_too_records_are_collected_within_the_budget(long budgetMillis) {
        Stage stage = loaded(budgetMillis);
        stage.run((int) budgetMillis);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.delivered).as(actor.name).hasSize(200);
        }
        assertThat(frames(stage)).isLessThan(frames(loaded(0)) / 2);
        stage.run(30_000);
        NodeTest.assertNothingCrossedTwice(stage);
        for (Stage.Actor actor : stage.actors.values()) {
            long committed = actor.view().committed().stream()
                    .mapToLong(each -> each.held().count())
                    .sum();
            assertThat(committed).as(actor.name).isEqualTo(200);
        }
    }

    @Test
    void what_fills_a_batch_does_not_wait_for_its_time() {
        Stage stage = new Stage(7);
        stage.configure =
                settings -> settings.withDeliveryBudget(Duration.ofMinutes(1)).withGossip(Duration.ofMillis(100), 3);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        for (Stage.Actor actor : stage.actors.values()) {
            for (int k = 0; k < 40; k++) {
                stage.broadcast(actor.name, 1, 1 << 20);
            }
        }
        stage.run(5_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().waiting()).as(actor.name).isZero();
        }
    }

    /// Five nodes over links, at which 200 records were broadcast in two seconds.
    private static Stage loaded(long budgetMillis) {
        Stage stage = new Stage(7);
        stage.configure = settings -> settings.withDeliveryBudget(Duration.ofMillis(budgetMillis));
        stage.start("n1");
        for (int k = 2; k <= 5; k++) {
            stage.start("n" + k, "n1");
        }
        stage.run(3_000);
        for (int k = 0; k < 200; k++) {
            stage.broadcast("n" + (1 + k % 5), 1, 100);
            stage.run(10);
        }
        return stage;
    }

    private static int frames(Stage stage) {
        return stage.wires.stream().mapToInt(wire -> wire.sent.size()).sum();
    }
}
