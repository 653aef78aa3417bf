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
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a disk lost, or cannot take as fast as it comes. How it is mended from end to end: `scenarios/damage-*.txt`.
class DamageTest {

    private final Stage stage = new Stage(11);

    private Stage.Actor startThree() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        return stage.actors.get("n1");
    }

    private Stream broadcast(String name, int times) {
        for (int k = 0; k < times; k++) {
            stage.broadcast(name, 1, 100);
            stage.run(20);
        }
        return stage.actors.get(name).view().stream();
    }

    private static void find(Stage.Actor actor, Range range) {
        actor.disk.rot(range);
        actor.disk.findDamage(range);
        actor.feed(new Event.Damaged(range.stream(), range.from(), range.to()));
    }

    private static void assertMended(Stage.Actor actor, Stream stream, long last) {
        assertThat(actor.disk.damaged()).isEmpty();
        assertThat(actor.disk.readable(stream)).isEqualTo(Intervals.of(1, last));
        assertThat(actor.view().records()).isEqualTo(last);
        assertThat(actor.waived).isEmpty();
        assertThat(actor.delivered.stream().mapToLong(Range::count).sum()).isEqualTo(last);
    }

    // --- what is mended

    @Test
    void a_record_of_its_own_present_epoch_is_had_back_from_a_member_that_was_pushed_it() {
        Stage.Actor n1 = startThree();
        Stream own = broadcast("n1", 5);
        find(n1, new Range(own, 2, 4));
        stage.run(1_000);
        assertMended(n1, own, 5);
    }

    @Test
    void a_record_of_another_is_had_back_from_its_origin_though_it_was_pushed_before() {
        Stage.Actor n1 = startThree();
        Stream others = broadcast("n2", 5);
        stage.kill("n3");
        find(n1, new Range(others, 1, 5));
        stage.run(1_000);
        assertMended(n1, others, 5);
    }

    @Test
    void a_record_of_a_retired_epoch_is_had_back_though_nobody_lists_it_any_more() {
        Stage.Actor n1 = startThree();
        Stream former = broadcast("n2", 5);
        stage.kill("n2");
        stage.run(100);
        stage.start("n2", "n1");
        stage.run(20_000);
        assertThat(n1.view().retired()).isEqualTo(1);
        stage.kill("n1");
        n1.disk.rot(new Range(former, 3, 3));
        stage.run(100);
        stage.start("n1", "n2");
        stage.run(2_000);
        assertThat(n1.disk.damaged()).isEmpty();
        assertThat(n1.disk.readable(former)).isEqualTo(Intervals.of(1, 5));
    }

    @Test
    void what_is_damaged_in_a_stream_that_flows_is_mended_while_it_flows() {
        Stage.Actor n1 = startThree();
        Stream others = broadcast("n2", 5);
        find(n1, new Range(others, 3, 3));
        broadcast("n2", 20);
        assertMended(n1, others, 25);
    }

    @Test
    void who_is_away_may_have_it_and_is_asked_as_soon_as_it_is_back() {
        Stage.Actor n1 = startThree();
        Stream own = broadcast("n1", 5);
        stage.kill("n2");
        stage.kill("n3");
        stage.run(100);
        find(n1, new Range(own, 2, 2));
        stage.run(600_000);
        assertThat(n1.waived).isEmpty();
        stage.start("n3", "n1");
        stage.run(1_000);
        assertMended(n1, own, 5);
    }

    // --- what is said of it

    private final Lone node = Lone.open("n1");
    private final Message.Hello n2 = node.hello("n2");

    private Claim offerThreeTo(Message.Hello peer) {
        node.meet(1, peer);
        node.hear(1, Lone.active(peer));
        node.hear(1, new Message.Claims(List.of(), List.of(), true, false));
        node.offer(10);
        node.offer(10);
        node.offer(10);
        int tag = Lone.only(node.all, Effect.OpenEpoch.class).getFirst().tag();
        return new Claim(node.view().stream(), tag, Intervals.of(1, 3));
    }

    @Test
    void a_peer_is_not_told_that_what_is_damaged_is_gone() {
        Claim own = offerThreeTo(n2);
        node.hear(1, new Message.Claims(List.of(own), List.of(), false, false));
        node.feed(new Event.Damaged(own.stream(), 1, 3));
        Range all = new Range(own.stream(), 1, 3);
        List<Effect> effects = node.hear(1, new Message.Pull(List.of(all), false));
        assertThat(Lone.said(effects, 1)).contains(new Message.Served(List.of(), true));
        assertThat(Lone.only(effects, Effect.SendRange.class)).isEmpty();
        assertThat(node.view().durable()).containsExactly(own);
    }

    @Test
    void what_a_read_finds_damaged_is_not_named_as_gone_either() {
        Claim own = offerThreeTo(n2);
        node.feed(new Event.Damaged(own.stream(), 1, 1));
        List<Effect> effects = node.feed(new Event.Unreadable(1, own.stream(), 1, 1));
        assertThat(Lone.said(effects, 1)).isEmpty();
    }

    @Test
    void a_peer_that_never_sends_what_it_claims_is_asked_ever_more_seldom() {
        node.meet(1, n2);
        node.hear(1, Lone.active(n2));
        Claim theirs = new Claim(new Stream("n2", Lone.WALL_MILLIS), 7, Intervals.of(1, 3));
        node.hear(1, new Message.Claims(List.of(theirs), List.of(), true, false));
        int asked = 0;
        for (int k = 0; k < 6_000; k++) {
            for (Message.Pull pull : Lone.only(Lone.said(node.later(10), 1), Message.Pull.class)) {
                asked += pull.wants().size();
                node.hear(1, new Message.Served(List.of(), true));
            }
        }
        assertThat(asked).as("in a minute").isBetween(5, 20);
    }

    private List<Message.Pull> pullsIn(long millis) {
        List<Effect> effects = new ArrayList<>();
        for (long passed = 0; passed < millis; passed += 10) {
            effects.addAll(node.later(10));
        }
        return Lone.only(Lone.said(effects, 1), Message.Pull.class);
    }

    @Test
    void a_late_answer_to_an_earlier_pull_is_not_taken_for_one_to_the_last() {
        node.meet(1, n2);
        node.hear(1, Lone.active(n2));
        Claim theirs = new Claim(new Stream("n2", Lone.WALL_MILLIS), 7, Intervals.of(1, 3));
        node.hear(1, new Message.Claims(List.of(theirs), List.of(), true, false));
        assertThat(pullsIn(10_500)).as("the first is given up").hasSize(2);
        node.hear(1, new Message.Served(List.of(), true));
        assertThat(pullsIn(5_000)).isEmpty();
        node.hear(1, new Message.Served(List.of(), true));
        assertThat(pullsIn(500)).hasSize(1);
    }

    @Test
    void a_pull_in_whose_place_another_comes_is_answered_too() {
        Claim own = offerThreeTo(n2);
        node.feed(new Event.Sent(1, own.stream(), 1));
        node.feed(new Event.Sent(1, own.stream(), 3));
        Message.Pull all = new Message.Pull(List.of(new Range(own.stream(), 1, 3)), true);
        node.hear(1, all);
        assertThat(Lone.said(node.hear(1, all), 1)).containsExactly(new Message.Served(List.of(), true));
        assertThat(Lone.said(node.feed(new Event.Sent(1, own.stream(), 1)), 1)).isEmpty();
        assertThat(Lone.said(node.feed(new Event.Sent(1, own.stream(), 3)), 1))
                .containsExactly(new Message.Served(List.of(), true));
    }

    @Test
    void at_last_everybody_is_asked_for_what_is_damaged_whatever_it_told_before() {
        Claim own = offerThreeTo(n2);
        node.feed(new Event.Damaged(own.stream(), 2, 2));
        assertThat(pullsIn(9_000)).isEmpty();
        Range lost = new Range(own.stream(), 2, 2);
        assertThat(pullsIn(6_000)).containsExactly(new Message.Pull(List.of(lost), false));
        assertThat(Lone.only(node.all, Effect.Waive.class)).isEmpty();
        node.hear(1, new Message.Served(List.of(), true));
        pullsIn(500);
        assertThat(Lone.only(node.all, Effect.Waive.class)).hasSize(1);
    }

    @Test
    void what_one_let_go_of_is_asked_of_the_others_though_they_did_not_tell_of_it() {
        Message.Hello n3 = node.hello("n3");
        node.meet(2, n3);
        node.hear(2, Lone.active(n3));
        node.hear(2, new Message.Claims(List.of(), List.of(), true, false));
        node.meet(1, n2);
        node.hear(1, Lone.active(n2));
        Claim theirs = new Claim(new Stream("n2", Lone.WALL_MILLIS), 7, Intervals.of(1, 3));
        node.hear(1, new Message.Claims(List.of(theirs), List.of(), true, false));
        Range all = new Range(theirs.stream(), 1, 3);
        assertThat(pullsIn(500)).containsExactly(new Message.Pull(List.of(all), false));
        node.hear(1, new Message.Served(List.of(all), true));
        node.later(500);
        assertThat(Lone.said(node.all, 2)).contains(new Message.Pull(List.of(all), false));
        assertThat(Lone.only(node.all, Effect.Waive.class)).isEmpty();
        node.hear(2, new Message.Served(List.of(), true));
        node.later(500);
        assertThat(Lone.only(node.all, Effect.Waive.class)).hasSize(1);
    }

    @Test
    void nothing_is_given_up_while_a_joiner_is_away_that_may_have_it() {
        Claim own = offerThreeTo(n2);
        Register active = Lone.active(node.hello("n3")).registers().getFirst();
        Register joining = new Register(
                "n3",
                active.epoch(),
                1,
                Register.State.JOINING,
                active.disk(),
                List.of(),
                1,
                1,
                "1.0",
                List.of(),
                List.of());
        node.hear(1, new Message.Registers(List.of(joining)));
        node.feed(new Event.Damaged(own.stream(), 2, 2));
        pullsIn(60_000).forEach(pull -> node.hear(1, new Message.Served(List.of(), true)));
        assertThat(Lone.only(node.all, Effect.Waive.class)).isEmpty();
    }

    // --- a store that fails

    @Test
    void a_store_that_fails_stops_the_node_and_nothing_is_acknowledged_after_it() {
        offerThreeTo(n2);
        node.node.handle(new Event.Offered(9, new Run.Draft(List.of(new byte[1])), Lone.WALL_MILLIS), node.now);
        List<Effect> effects = node.feed(new Event.StoreFailed("the disk is gone"));
        assertThat(effects).contains(new Effect.Stop("the disk is gone"));
        assertThat(node.feed(new Event.Appended(node.view().stream(), 4, 4))).isEmpty();
    }

    // --- a slow disk

    @Test
    void a_disk_that_stands_still_is_given_no_more_than_it_may_have_in_memory() {
        stage.configure = it -> it.withLimits(1 << 20, 1L << 30, 1L << 30);
        Stage.Actor n1 = startThree();
        stage.actors.get("n2").diskDelay = () -> 30_000 * Stage.MILLI;
        for (int k = 0; k < 100; k++) {
            stage.broadcast("n1", 1, 1 << 20);
            stage.run(20);
        }
        stage.run(5_000);
        Stage.Actor slow = stage.actors.get("n2");
        long pending = slow.view().bytes();
        assertThat(pending).isBetween(Log.MAX_BACKLOG_BYTES - (2L << 20), Log.MAX_BACKLOG_BYTES + (2L << 20));
        assertThat(slow.view().durable()).as("claimed").isEmpty();
        assertThat(n1.view().committed()).isEmpty();
        slow.diskDelay = stage.diskDelay;
        stage.run(120_000);
        assertThat(slow.view().records()).isEqualTo(100);
        NodeTest.assertLevel(stage);
    }
}
