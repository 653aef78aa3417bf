package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.holding.Holdings;
import dev.rumor.core.holding.Retirement;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What many starts leave behind, with all that a disk recovers.
class EpochsIT {

    private final Stage stage = new Stage(3);

    private void startThree() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
    }

    private void restart(String name, String seed, long millis) {
        stage.kill(name);
        stage.run(50);
        stage.start(name, seed);
        stage.run(millis);
    }

    private static Register register(Stage.Actor at, String name) {
        return at.view().members().stream()
                .map(View.Member::register)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_thousand_rolling_restarts_leave_one_register_and_one_live_stream_of_each() {
        startThree();
        int records = 0;
        for (int k = 0; k < 1_000; k++) {
            String name = "n" + (1 + k % 3);
            if (k % 4 > 0) {
                stage.broadcast(name, 2, 10);
                records += 2;
                stage.run(20);
            }
            restart(name, name.equals("n1") ? "n2" : "n1", 1_000);
        }
        stage.run(20_000);
        for (Stage.Actor actor : stage.actors.values()) {
            View view = actor.view();
            assertThat(view.records()).as(actor.name).isEqualTo(records);
            assertThat(view.members()).as(actor.name).hasSize(3);
            assertThat(view.durable()).as(actor.name + " live").hasSizeLessThanOrEqualTo(3);
            assertThat(view.members()).allMatch(each -> each.register().ends().isEmpty());
            assertThat(actor.warnings).as(actor.name).isEmpty();
        }
        NodeTest.assertLevel(stage);
    }

    @Test
    void while_a_member_is_away_more_epochs_wait_than_a_register_lists_and_none_is_lost() {
        startThree();
        stage.kill("n3");
        for (int k = 0; k < 200; k++) {
            stage.broadcast("n2", 2, 10);
            stage.run(20);
            restart("n2", "n1", 200);
        }
        Stage.Actor n1 = stage.actors.get("n1");
        assertThat(register(n1, "n2").ends()).hasSize(Register.MAX_LISTED);
        assertThat(n1.view().durable()).hasSize(200);
        stage.start("n3", "n1");
        stage.run(60_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().records()).as(actor.name).isEqualTo(400);
            assertThat(actor.view().durable()).as(actor.name).isEmpty();
            assertThat(actor.view().retired()).as(actor.name).isEqualTo(200);
            assertThat(register(actor, "n2").ends()).isEmpty();
        }
    }

    @Test
    void one_epoch_that_is_not_settled_holds_up_no_earlier_ones() {
        Frontier held = new Frontier();
        held.add(new Frontier.Claim(new Stream("n2", 1), 7, Intervals.of(1, 5)));
        held.add(new Frontier.Claim(new Stream("n2", 2), 7, Intervals.of(1, 2).plus(4, 5)));
        Register now = Lone.active(new Lone(Lone.settings("n1"), 1).hello("n2", 3, true))
                .registers()
                .getFirst();
        assertThat(new Retirement(held, held, new Holdings()).settled(now, 3, true))
                .isEqualTo(2);
    }

    @Test
    void an_end_that_nobody_holds_up_to_is_waited_for_until_its_origin_told_what_it_holds() {
        Frontier held = new Frontier();
        held.add(new Frontier.Claim(new Stream("n2", 1), 7, Intervals.of(1, 3)));
        Register now = Lone.active(new Lone(Lone.settings("n1"), 1).hello("n2", 2, true))
                .registers()
                .getFirst()
                .raised(List.of(new Register.End(1, 7)));
        Retirement retirement = new Retirement(held, held, new Holdings());
        assertThat(retirement.settled(now, 2, false)).isEqualTo(0);
        assertThat(retirement.settled(now, 2, true)).isEqualTo(2);
    }

    @Test
    void what_went_with_a_disk_is_said_to_be_lost_and_holds_up_neither_readers_nor_the_epoch() {
        startThree();
        stage.broadcast("n2", 2, 10);
        stage.run(1_000);
        Stage.Actor n1 = stage.actors.get("n1");
        Frontier.Claim former = n1.view().durable().getFirst();
        Run late = Lone.run("n2", former.stream().epoch(), former.tag(), 6, 2, 10);
        long link = n1.wires.values().stream()
                .filter(wire -> wire.dialler.name.equals("n2") || wire.acceptor.name.equals("n2"))
                .findFirst()
                .orElseThrow()
                .id;
        n1.feed(new Event.Heard(link, new Message.Runs(List.of(late))));
        stage.kill("n2");
        stage.actors.get("n2").disk = new Disk();
        stage.run(50);
        stage.start("n2", "n1");
        stage.run(30_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.waived).as(actor.name).containsExactly(new Stream.Range(former.stream(), 3, 5));
            assertThat(actor.view().retired()).as(actor.name).isEqualTo(1);
            assertThat(actor.delivered.getLast().to()).as(actor.name).isEqualTo(7);
        }
        assertThat(stage.actors.values())
                .flatExtracting(actor -> actor.warnings)
                .anyMatch(it -> it.startsWith("records 3-5 of " + former.stream() + " are lost: they never came"));
    }

    @Test
    void after_thousands_of_restarts_a_start_recovers_all_that_the_disk_holds() {
        List<Frontier.Claim> kept = new ArrayList<>();
        for (int k = 1; k <= 2 * Frontier.MAX_STREAMS; k++) {
            kept.add(new Frontier.Claim(new Stream("n1", k), 7, Intervals.of(1, 1)));
        }
        Frontier.Claim other = new Frontier.Claim(new Stream("n2", 5), 7, Intervals.of(1, 4));
        kept.add(other);
        Lone node = new Lone(Lone.settings("n1"), 1);
        node.feed(new Event.Recovered(
                Event.Recovered.Found.CLEAN,
                new Register.DiskId(1, 1),
                2 * Frontier.MAX_STREAMS,
                kept,
                List.of(),
                List.of(),
                List.of(new Frontier.Mark("n1", 2 * Frontier.MAX_STREAMS + 1, 0)),
                1_000,
                List.of(),
                Lone.WALL_MILLIS));
        assertThat(node.view().durable()).containsExactly(other);
        assertThat(node.view().retired()).isEqualTo(2 * Frontier.MAX_STREAMS);
        assertThat(Lone.only(node.offer(10), Effect.Acknowledge.class)).hasSize(1);
    }

    @Test
    void a_node_that_can_remember_no_more_epochs_refuses_broadcasts_and_says_who_holds_it_up() {
        List<Frontier.Claim> former = new ArrayList<>();
        for (int k = 1; k <= Frontier.MAX_STREAMS; k++) {
            former.add(new Frontier.Claim(new Stream("n1", k), 7, Intervals.of(1, 1)));
        }
        Lone node = new Lone(Lone.settings("n1"), 1);
        node.feed(new Event.Recovered(
                Event.Recovered.Found.CLEAN,
                new Register.DiskId(1, 1),
                Frontier.MAX_STREAMS,
                former,
                List.of(),
                List.of(),
                List.of(),
                1_000,
                List.of(Lone.active(node.hello("n2")).registers().getFirst()),
                Lone.WALL_MILLIS));
        assertThat(Lone.only(node.offer(10), Effect.Refuse.class))
                .singleElement()
                .satisfies(it -> assertThat(it.why()).contains("4096 former epochs", "'n2' lacks 4096"));

        node.meet(1, node.hello("n3"));
        List<Effect> heard = new ArrayList<>();
        for (String other : List.of("n8", "n9")) {
            heard.addAll(node.hear(1, new Message.Runs(List.of(Lone.run(other, 5, 9, 1, 2, 10)))));
        }
        assertThat(heard).doesNotHaveAnyElementsOfTypes(Effect.Append.class);
        assertThat(Lone.only(heard, Effect.Warn.class))
                .as("said once")
                .singleElement()
                .satisfies(it -> assertThat(it.toString()).contains("n8/5 is not taken", "4096 former epochs"));
    }
}
