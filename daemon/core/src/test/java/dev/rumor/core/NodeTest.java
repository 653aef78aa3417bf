package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {

    private final Stage stage = new Stage(7);

    private void startFive() {
        stage.start("n1");
        for (int k = 2; k <= 5; k++) {
            stage.start("n" + k, "n1");
        }
        stage.run(3_000);
    }

    @Test
    void five_nodes_that_know_one_seed_link_all_to_all_and_become_active() {
        startFive();
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().linked()).as(actor.name).isEqualTo(4);
            assertThat(actor.view().members())
                    .as(actor.name)
                    .hasSize(5)
                    .allMatch(each -> each.register().isActive());
            assertThat(actor.wires).as(actor.name).hasSize(4);
        }
    }

    @Test
    void a_record_reaches_every_node_in_one_hop_and_once() {
        startFive();
        stage.broadcast("n3", 1, 100);
        stage.run(2);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.delivered).as(actor.name).hasSize(1);
        }
        stage.run(20_000);
        assertNothingCrossedTwice(stage);
        assertThat(stage.actors.get("n1").view().committed()).hasSize(1);
    }

    static void assertNothingCrossedTwice(Stage stage) {
        for (Stage.Wire wire : stage.wires) {
            assertThat(wire.copies)
                    .as("wire " + wire.id + " between " + wire.dialler.name + " and " + wire.acceptor.name)
                    .allSatisfy((record, count) -> assertThat(count).as(record).isEqualTo(1));
        }
    }

    @Test
    void with_eager_push_off_rounds_alone_bring_every_record_to_every_node() {
        stage.configure = settings -> settings.withEagerPush(false);
        startFive();
        for (int k = 0; k < 50; k++) {
            stage.broadcast("n" + (1 + k % 5), 3, 100);
            stage.run(50);
        }
        stage.run(20_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().records()).as(actor.name).isEqualTo(150);
        }
        assertNothingCrossedTwice(stage);
    }

    @Test
    void a_member_that_was_away_catches_up_and_blocks_commits_meanwhile() {
        startFive();
        stage.kill("n4");
        for (int k = 0; k < 20; k++) {
            stage.broadcast("n1", 10, 1000);
            stage.run(100);
        }
        View view = stage.actors.get("n2").view();
        assertThat(view.blocker()).hasValueSatisfying(blocker -> {
            assertThat(blocker.name()).isEqualTo("n4");
            assertThat(blocker.records()).isEqualTo(200);
        });
        stage.start("n4", "n1");
        stage.run(5_000);
        assertThat(stage.actors.get("n4").view().records()).isEqualTo(200);
        assertThat(stage.actors.get("n2").view().blocker()).isEmpty();
        assertNothingCrossedTwice(stage);
        assertLevel(stage);
    }

    static void assertLevel(Stage stage) {
        List<Frontier.Claim> first = null;
        for (Stage.Actor actor : stage.actors.values()) {
            if (actor.up) {
                first = first == null ? actor.view().durable() : first;
                assertThat(actor.view().durable()).as(actor.name).isEqualTo(first);
            }
        }
    }

    @Test
    void a_hundred_restarts_leave_one_register_and_one_live_stream_per_node() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        for (int k = 0; k < 100; k++) {
            stage.broadcast("n2", 2, 10);
            stage.run(10);
            stage.kill("n2");
            stage.run(100);
            stage.start("n2", "n1");
            stage.run(9_000);
        }
        stage.broadcast("n2", 2, 10);
        stage.run(20_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().durable()).as(actor.name).hasSize(1);
            assertThat(actor.view().records()).as(actor.name).isEqualTo(202);
            assertThat(actor.view().members()).hasSize(3);
            assertThat(actor.node.view(stage.now).members())
                    .allMatch(member -> member.register().ends().isEmpty());
        }
    }

    @Test
    void logs_that_filled_up_apart_become_level_and_empty_when_they_meet() {
        stage.configure = settings -> settings.withLimits(1 << 20, 50_000, 100_000);
        startFive();
        stage.dials = false;
        List.copyOf(stage.wires).forEach(wire -> stage.close(wire, 0));
        stage.run(100);
        for (int k = 0; k < 500; k++) {
            stage.broadcast("n" + (1 + k % 5), 1, 2_000);
            stage.run(1);
        }
        stage.run(20_000);
        for (Stage.Actor actor : stage.actors.values()) {
            stage.broadcast(actor.name, 1, 2_000);
            assertThat(actor.view().bytes()).as(actor.name).isGreaterThan(97_000);
            assertThat(actor.answers).anyMatch(Effect.Refuse.class::isInstance);
        }
        stage.redial();
        stage.run(60_000);
        assertLevel(stage);
        assertRoom(100_000);
        assertEverythingArrived();
    }

    @Test
    void a_flood_from_everybody_is_slowed_to_what_the_members_can_take() {
        stage.configure = settings -> settings.withLimits(1 << 20, 16 << 20, 64 << 20);
        startFive();
        stage.latencyNanos = 50 * Stage.MILLI;
        for (int k = 0; k < 400; k++) {
            for (int n = 1; n <= 5; n++) {
                stage.broadcast("n" + n, 1, 100_000);
            }
            stage.run(1);
        }
        stage.run(60_000);
        assertLevel(stage);
        assertRoom(64 << 20);
        assertEverythingArrived();
        assertNothingCrossedTwice(stage);
    }

    @Test
    void a_joiner_of_a_busy_cluster_gets_what_is_retained_while_it_is_busy() {
        stage.configure = settings -> settings.withLimits(1 << 20, 64 << 10, 1 << 20);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(3_000);
        for (int k = 0; k < 600; k++) {
            if (k == 200) {
                stage.start("n3", "n1");
            }
            stage.broadcast("n1", 1, 1_000);
            stage.run(20);
        }
        Stage.Actor joiner = stage.actors.get("n3");
        assertThat(joiner.view().members()).allMatch(member -> member.register().isActive());
        assertThat(joiner.waived).as("trimmed before it came").isNotEmpty();
        assertThat(joiner.delivered.getLast().to()).isGreaterThan(590);
        stage.run(2_000);
        assertLevel(stage);
    }

    @Test
    void a_peer_that_falls_silent_holds_up_no_acknowledgement_for_long() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(3_000);
        stage.between("n1", "n2").cut = true;
        for (int k = 0; k < 500; k++) {
            stage.broadcast("n1", 1, 100_000);
        }
        stage.run(3_000);
        assertThat(stage.actors.get("n1").answers).hasSize(500).allMatch(Effect.Acknowledge.class::isInstance);
    }

    private void assertRoom(long hard) {
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().bytes()).as(actor.name).isLessThan(hard);
            assertThat(actor.view().blocker()).as(actor.name).isEmpty();
            assertThat(actor.waived).as(actor.name).isEmpty();
        }
    }

    private void assertEverythingArrived() {
        for (Stage.Actor origin : stage.actors.values()) {
            long acknowledged = origin.answers.stream()
                    .filter(Effect.Acknowledge.class::isInstance)
                    .count();
            for (Stage.Actor actor : stage.actors.values()) {
                long delivered = actor.delivered.stream()
                        .filter(range -> range.stream().origin().equals(origin.name))
                        .mapToLong(Stream.Range::count)
                        .sum();
                assertThat(delivered)
                        .as("of " + origin.name + " at " + actor.name)
                        .isEqualTo(acknowledged);
            }
        }
    }
}
