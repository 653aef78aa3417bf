package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogTest {

    private static final Stream OTHERS = new Stream("n3", 5);

    private Lone node = Lone.open(Lone.settings("n1").withLimits(1 << 20, 1_000, 2_000));
    private final Message.Hello n2 = node.hello("n2");

    private void linkActive() {
        node.meet(1, n2);
        node.hear(1, Lone.active(n2));
        node.hear(1, claims());
    }

    private static Message.Claims claims(Claim... claims) {
        return new Message.Claims(List.of(claims), List.of(), true, false);
    }

    private static Message.Runs runs(Run... runs) {
        return new Message.Runs(List.of(runs));
    }

    private static List<Message.Pull> pulls(List<Effect> effects) {
        return Lone.only(Lone.said(effects, 1), Message.Pull.class);
    }

    // --- the limits

    @Test
    void a_full_log_refuses_broadcasts_and_names_the_limit_and_the_blocker() {
        linkActive();
        assertThat(Lone.only(node.offer(1_000), Effect.Acknowledge.class)).hasSize(1);
        assertThat(Lone.only(node.offer(700), Effect.Acknowledge.class)).hasSize(1);
        List<Effect> effects = node.offer(1);
        assertThat(Lone.only(effects, Effect.Refuse.class))
                .singleElement()
                .satisfies(it ->
                        assertThat(it.why()).contains("full", "retain-hard", "2000", "1980", "'n2' lacks 2 records"));
        assertThat(Lone.only(effects, Effect.AppendOwn.class)).isEmpty();
    }

    @Test
    void when_the_blocker_has_caught_up_and_the_store_has_let_go_broadcasts_are_taken_again() {
        linkActive();
        node.offer(1_000);
        node.offer(700);
        Stream own = node.view().stream();
        List<Effect> effects = node.hear(1, claims(new Claim(own, tag(), Intervals.of(1, 2))));
        assertThat(Lone.only(effects, Effect.Trim.class)).singleElement().satisfies(trim -> {
            assertThat(trim.keepBytes()).isEqualTo(1_000);
            assertThat(trim.committed()).singleElement().matches(it -> it.held().equals(Intervals.of(1, 2)));
        });
        node.feed(new Event.Trimmed(List.of(new Range(own, 1, 1)), 1_140));
        assertThat(node.view().bytes()).isEqualTo(840);
        assertThat(node.view().records()).isEqualTo(1);
        assertThat(Lone.only(node.offer(1), Effect.Acknowledge.class)).hasSize(1);
    }

    private int tag() {
        return Lone.only(node.all, Effect.OpenEpoch.class).getFirst().tag();
    }

    @Test
    void a_store_that_found_nothing_to_let_go_is_not_asked_again_before_more_is_committed() {
        linkActive();
        node.offer(1_500);
        int asked = Lone.only(node.all, Effect.Trim.class).size();
        assertThat(asked).isLessThanOrEqualTo(1);
        for (int k = 0; k < 10; k++) {
            assertThat(Lone.only(node.feed(new Event.Trimmed(List.of(), 0)), Effect.Trim.class))
                    .isEmpty();
            assertThat(Lone.only(node.later(5_000), Effect.Trim.class)).isEmpty();
        }
        Claim all = new Claim(node.view().stream(), tag(), Intervals.of(1, 1));
        assertThat(Lone.only(node.hear(1, claims(all)), Effect.Trim.class)).hasSize(1);
    }

    @Test
    void a_pull_takes_along_what_soon_will_be_due_because_there_is_one_at_a_time() {
        linkActive();
        node.hear(1, claims(new Claim(OTHERS, 9, Intervals.of(1, 4))));
        node.later(10);
        node.hear(1, claims(new Claim(new Stream("n4", 5), 9, Intervals.of(1, 2))));
        node.later(30);
        node.hear(1, claims(new Claim(new Stream("n5", 5), 9, Intervals.of(1, 2))));
        assertThat(pulls(node.later(60)))
                .containsExactly(new Message.Pull(
                        List.of(new Range(OTHERS, 1, 4), new Range(new Stream("n4", 5), 1, 2)), false));
    }

    @Test
    void a_full_log_discards_what_it_did_not_ask_for_and_asks_for_it_again() {
        linkActive();
        node.offer(2_000 - Run.RUN_OVERHEAD_BYTES - Run.RECORD_OVERHEAD_BYTES);
        assertThat(Lone.only(node.hear(1, runs(Lone.run("n3", 5, 9, 1, 4, 10))), Effect.Append.class))
                .isEmpty();
        assertThat(node.view().records()).isEqualTo(1);

        node.hear(1, claims(new Claim(OTHERS, 9, Intervals.of(1, 4))));
        assertThat(pulls(node.later(1_000))).containsExactly(new Message.Pull(List.of(new Range(OTHERS, 1, 4)), true));
        assertThat(Lone.only(node.hear(1, runs(Lone.run("n3", 5, 9, 1, 4, 10))), Effect.Append.class))
                .hasSize(1);
        node.hear(1, new Message.Served(List.of(), true));
        assertThat(pulls(node.later(20_000))).as("nothing is missing any more").isEmpty();
    }

    @Test
    void a_small_member_of_a_cluster_that_outgrows_it_catches_up_when_there_is_room() {
        Stage stage = new Stage(3);
        stage.configure = it -> it.withLimits(1 << 20, 20_000, it.name().equals("n2") ? 20_000 : 1 << 20);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        stage.kill("n3");
        for (int k = 0; k < 40; k++) {
            stage.broadcast("n1", 1, 2_000);
            stage.run(20);
        }
        stage.start("n3", "n1");
        stage.run(60_000);
        NodeTest.assertLevel(stage);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().blocker()).as(actor.name).isEmpty();
            assertThat(actor.view().bytes()).as(actor.name).isLessThanOrEqualTo(20_000);
            assertThat(actor.waived).as(actor.name).isEmpty();
        }
    }

    // --- two histories

    @Test
    void two_histories_of_one_stream_are_quarantined_with_one_warning() {
        linkActive();
        node.hear(1, runs(Lone.run("n3", 5, 9, 1, 2, 10)));
        List<Effect> effects = node.hear(1, runs(Lone.run("n3", 5, 10, 3, 2, 10)));
        assertThat(Lone.only(effects, Effect.Append.class)).isEmpty();
        assertThat(Lone.only(effects, Effect.Warn.class))
                .singleElement()
                .satisfies(it -> assertThat(it.why()).contains(OTHERS.toString(), "two histories", "quarantined"));
        List<Effect> more = node.hear(1, runs(Lone.run("n3", 5, 9, 3, 2, 10), Lone.run("n3", 5, 10, 5, 1, 10)));
        assertThat(Lone.only(more, Effect.Append.class)).isEmpty();
        assertThat(Lone.only(more, Effect.Warn.class)).isEmpty();
        assertThat(Lone.only(node.hear(1, runs(Lone.run("n3", 6, 11, 1, 2, 10))), Effect.Append.class))
                .as("its next epoch is sound")
                .hasSize(1);
    }

    @Test
    void another_history_of_a_stream_is_not_pulled() {
        linkActive();
        node.hear(1, runs(Lone.run("n3", 5, 9, 1, 2, 10)));
        List<Effect> effects = node.hear(1, claims(new Claim(OTHERS, 10, Intervals.of(1, 9))));
        assertThat(Lone.only(effects, Effect.Warn.class)).hasSize(1);
        assertThat(pulls(node.later(20_000))).isEmpty();
    }

    @Test
    void nobody_writes_into_this_nodes_own_stream() {
        linkActive();
        Stream own = node.view().stream();
        for (int tag : List.of(tag(), tag() + 1)) {
            Run forged = Lone.run("n1", own.epoch(), tag, 1, 3, 10);
            assertThat(Lone.only(node.hear(1, runs(forged)), Effect.Append.class))
                    .isEmpty();
            node.hear(1, claims(new Claim(own, tag, Intervals.of(1, 3))));
            assertThat(pulls(node.later(20_000))).isEmpty();
        }
        assertThat(Lone.only(node.all, Effect.Warn.class))
                .singleElement()
                .satisfies(it -> assertThat(it.why()).contains(own.toString(), "two histories"));
        assertThat(Lone.only(node.offer(10), Effect.Acknowledge.class))
                .extracting(Effect.Acknowledge::first)
                .containsExactly(1L);
    }

    // --- holes

    @Test
    void a_stream_is_remembered_with_so_many_holes_and_what_was_dropped_comes_later() {
        node = Lone.open("n1");
        linkActive();
        List<Run> sparse = new ArrayList<>();
        for (int k = 0; k < 70; k++) {
            sparse.add(Lone.run("n3", 5, 9, 2 + 2 * k, 1, 0));
        }
        List<Effect> effects = node.hear(1, runs(sparse.toArray(Run[]::new)));
        assertThat(Lone.only(effects, Effect.Append.class)).hasSize(Intervals.MAX_INTERVALS);
        assertThat(node.view().durable().getFirst().held().size()).isEqualTo(Intervals.MAX_INTERVALS);

        node.hear(1, claims(new Claim(OTHERS, 9, Intervals.of(1, 141))));
        Message.Pull pull = pulls(node.later(1_000)).getFirst();
        assertThat(pull.hold()).isTrue();
        List<Run> wanted = new ArrayList<>();
        pull.wants().forEach(want -> wanted.add(Lone.run("n3", 5, 9, want.from(), (int) want.count(), 0)));
        node.hear(1, runs(wanted.toArray(Run[]::new)));
        node.hear(1, new Message.Served(List.of(), true));
        assertThat(node.view().durable().getFirst().held()).isEqualTo(Intervals.of(1, 141));
        assertThat(pulls(node.later(20_000))).isEmpty();
    }

    @Test
    void in_whatever_order_runs_come_they_are_stored_once_and_delivered_in_order() {
        for (int seed = 0; seed < 200; seed++) {
            Lone each = Lone.open("n1");
            each.meet(1, each.hello("n2"));
            Random dice = new Random(seed);
            List<Run> parts = new ArrayList<>();
            for (int k = 0; k < 30; k++) {
                parts.add(Lone.run("n3", 5, 9, 1 + dice.nextInt(40), 1 + dice.nextInt(8), 1));
            }
            parts.add(Lone.run("n3", 5, 9, 1, 50, 1));
            Collections.shuffle(parts, dice);
            parts.forEach(part -> each.hear(1, runs(part)));
            long stored = Lone.only(each.all, Effect.Append.class).stream()
                    .mapToLong(append -> append.run().count())
                    .sum();
            assertThat(stored).as("seed %s", seed).isEqualTo(50);
            long next = 1;
            for (Effect.Deliver deliver : Lone.only(each.all, Effect.Deliver.class)) {
                assertThat(deliver.range().from()).as("seed %s", seed).isEqualTo(next);
                next = deliver.range().to() + 1;
            }
            assertThat(next).isEqualTo(51);
        }
    }

    // --- the log is the queue

    @Test
    void a_push_that_was_under_way_when_the_mesh_grew_too_large_does_not_block_the_next() {
        node = Lone.open(Lone.settings("n1").withMesh(1).withLimits(1 << 20, 9_000, 9_000));
        node.meet(1, n2);
        node.hear(1, claims());
        Stream own = node.view().stream();
        assertThat(sends(node.offer(10))).containsExactly(new Range(own, 1, 1));
        node.hear(1, Lone.active(n2));
        node.feed(new Event.Sent(1, own, 1));
        assertThat(sends(node.offer(10))).as("n2 is a neighbour").containsExactly(new Range(own, 2, 2));

        Register left = node.view().members().getLast().register().raised(Register.State.LEFT);
        node.hear(1, new Message.Registers(List.of(left)));
        assertThat(sends(node.offer(10))).as("it is to tell what it holds").isEmpty();
        assertThat(sends(node.hear(1, claims()))).containsExactly(new Range(own, 1, 3));
    }

    @Test
    void while_records_are_broadcast_who_pulls_is_served_little_at_a_time_with_rests() {
        linkActive();
        node.hear(1, runs(Lone.run("n3", 5, 9, 1, 30, 1)));
        List<Effect> first = node.hear(1, new Message.Pull(List.of(new Range(OTHERS, 1, 30)), false));
        assertThat(Lone.only(first, Effect.SendRange.class))
                .extracting(Effect.SendRange::maxBytes)
                .containsExactly(64 << 10);
        node.now += Stage.MILLI;
        assertThat(sends(node.feed(new Event.Sent(1, OTHERS, 10)))).isEmpty();
        assertThat(sends(node.later(3))).isEmpty();
        assertThat(sends(node.later(1))).containsExactly(new Range(OTHERS, 11, 30));

        node.now += 1_000 * Stage.MILLI;
        List<Effect> quiet = node.feed(new Event.Sent(1, OTHERS, 20));
        assertThat(Lone.only(quiet, Effect.SendRange.class))
                .as("nobody else wants anything")
                .extracting(Effect.SendRange::maxBytes)
                .containsExactly(256 << 10);
    }

    @Test
    void a_rest_that_is_over_is_seen_to_also_where_something_else_happens_first() {
        linkActive();
        node.hear(1, runs(Lone.run("n3", 5, 9, 1, 30, 1)));
        node.hear(1, new Message.Pull(List.of(new Range(OTHERS, 1, 30)), false));
        node.now += Stage.MILLI;
        node.feed(new Event.Sent(1, OTHERS, 10));
        node.now += 5 * Stage.MILLI;
        assertThat(Lone.only(node.offer(10), Effect.WakeAt.class))
                .as("it is woken at once")
                .isEmpty();
        assertThat(sends(node.later(0))).contains(new Range(OTHERS, 11, 30));
        assertThat(Lone.only(node.all, Effect.WakeAt.class).getLast().now()).isGreaterThan(node.now);
    }

    private static List<Range> sends(List<Effect> effects) {
        return Lone.only(effects, Effect.SendRange.class).stream()
                .map(Effect.SendRange::range)
                .toList();
    }

    // --- durable first

    @Test
    void an_own_record_is_shown_to_nobody_before_it_is_durable() {
        linkActive();
        Run.Draft draft = new Run.Draft(List.of(new byte[1]));
        List<Effect> before = node.node.handle(new Event.Offered(1, draft, Lone.WALL_MILLIS), node.now);
        assertThat(before).hasOnlyElementsOfTypes(Effect.AppendOwn.class, Effect.WakeAt.class);
        List<Effect> after = node.node.handle(new Event.Appended(node.view().stream(), 1, 1), node.now);
        assertThat(after)
                .hasAtLeastOneElementOfType(Effect.Acknowledge.class)
                .hasAtLeastOneElementOfType(Effect.Deliver.class)
                .hasAtLeastOneElementOfType(Effect.SendRange.class);
    }

    @Test
    void a_received_record_is_claimed_only_once_it_is_durable() {
        linkActive();
        Run run = Lone.run("n3", 5, 9, 1, 2, 10);
        List<Effect> before = node.node.handle(new Event.Heard(1, runs(run)), node.now);
        assertThat(Lone.only(before, Effect.Deliver.class)).hasSize(1);
        assertThat(node.view().durable()).isEmpty();
        assertThat(Lone.said(before, 1)).isEmpty();
        node.now += 10 * Stage.MILLI;
        List<Effect> after = node.node.handle(new Event.Appended(OTHERS, 1, 2), node.now);
        assertThat(Lone.only(Lone.said(after, 1), Message.Claims.class))
                .singleElement()
                .satisfies(it -> assertThat(it.claims()).containsExactly(new Claim(OTHERS, 9, Intervals.of(1, 2))));
    }
}
