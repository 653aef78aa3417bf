package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// A cluster that is larger than the mesh.
class OverlayIT {

    private static final int NODES = 40;

    private final Stage stage = new Stage(5);

    private static String name(int k) {
        return "n" + (100 + k);
    }

    /// A cluster of this size that has formed and come to rest.
    private void form(int nodes, int mesh) {
        var configure = stage.configure;
        stage.configure = it -> configure.apply(it).withMesh(mesh);
        stage.start(name(0));
        for (int k = 1; k < nodes; k++) {
            stage.run(20);
            stage.start(name(k), name(0));
        }
        stage.run(30_000);
    }

    private List<String> linked(Stage.Actor actor) {
        return actor.wires.values().stream()
                .map(wire -> wire.other(actor).name)
                .distinct()
                .toList();
    }

    private void cut() {
        stage.wires.stream()
                .filter(wire -> stage.parts.test(wire.dialler.name, wire.acceptor.name))
                .forEach(wire -> stage.close(wire, 0));
    }

    private long delivered(String stream) {
        return stage.actors.values().stream()
                .filter(actor -> actor.delivered.stream()
                        .anyMatch(range -> range.stream().origin().equals(stream)))
                .count();
    }

    private int copies() {
        return stage.wires.stream()
                .flatMap(wire -> wire.copies.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void each_member_keeps_eight_links_at_most_and_all_are_connected() {
        form(NODES, 4);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.view().members()).hasSize(NODES);
            assertThat(actor.node)
                    .extracting("overlay.kept")
                    .asInstanceOf(InstanceOfAssertFactories.collection(String.class))
                    .hasSizeBetween(4, 8)
                    .allSatisfy(name -> assertThat(linked(actor)).contains(name));
        }
        TreeSet<String> reached = new TreeSet<>();
        List<String> next = new ArrayList<>(List.of(name(0)));
        while (!next.isEmpty()) {
            String one = next.removeLast();
            if (reached.add(one)) {
                next.addAll(linked(stage.actors.get(one)));
            }
        }
        assertThat(reached).hasSize(NODES);
    }

    @Test
    void a_record_is_flooded_in_a_few_hops_and_before_any_round() {
        form(NODES, 4);
        int before = copies();
        stage.broadcast(name(7), 1, 10);
        stage.run(6);
        assertThat(delivered(name(7))).isEqualTo(NODES);
        assertThat(copies() - before).as("copies").isLessThanOrEqualTo(8 * NODES);
        stage.run(30_000);
        assertThat(copies() - before).as("and none later").isLessThanOrEqualTo(8 * NODES);
        NodeTest.assertLevel(stage);
    }

    @Test
    void rounds_alone_spread_where_nothing_is_pushed() {
        stage.configure = it -> it.withEagerPush(false);
        form(NODES, 4);
        stage.broadcast(name(3), 5, 10);
        stage.run(30_000);
        assertThat(delivered(name(3))).isEqualTo(NODES);
        NodeTest.assertLevel(stage);
    }

    @Test
    void an_idle_cluster_says_little_however_large_it_is() {
        form(NODES, 4);
        stage.run(60_000);
        int wires = stage.wires.size();
        long before = stage.wires.stream().mapToLong(wire -> wire.sent.size()).sum();
        stage.run(80_000);
        long said = stage.wires.stream().mapToLong(wire -> wire.sent.size()).sum() - before;
        assertThat(said / NODES).as("messages per member in ten rounds").isLessThan(10 * 3 * 12);
        assertThat((stage.wires.size() - wires) / NODES)
                .as("visits in ten rounds")
                .isLessThanOrEqualTo(3 * 12);
        assertThat(stage.wires.stream()
                        .flatMap(wire -> wire.sent.stream())
                        .filter(message -> message instanceof Message.Registers it
                                && it.registers().size() > NODES / 2)
                        .count())
                .as("whole rosters, told while it formed")
                .isLessThan(4L * NODES);
    }

    @Test
    void neighbours_that_stay_away_are_replaced_and_let_in_again() {
        form(NODES, 4);
        for (int k = 1; k <= 12; k++) {
            stage.kill(name(k));
        }
        stage.run(10_000);
        stage.broadcast(name(0), 1, 10);
        stage.run(100);
        assertThat(delivered(name(0))).isEqualTo(NODES - 12);
        for (int k = 1; k <= 12; k++) {
            stage.start(name(k), name(0));
        }
        stage.run(30_000);
        assertThat(stage.actors.values())
                .allSatisfy(actor -> assertThat(actor.view().records()).isEqualTo(1));
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.node)
                    .extracting("overlay.kept")
                    .asInstanceOf(InstanceOfAssertFactories.collection(String.class))
                    .as(actor.name)
                    .hasSizeLessThanOrEqualTo(8);
        }
        NodeTest.assertLevel(stage);
    }

    @Test
    void halves_that_were_cut_off_from_each_other_become_level() {
        form(NODES, 4);
        stage.parts = (a, b) -> Integer.parseInt(a.substring(1)) % 2 != Integer.parseInt(b.substring(1)) % 2;
        cut();
        stage.run(20_000);
        int before = copies();
        for (int k = 0; k < 30; k++) {
            stage.broadcast(name(k), 3, 10);
            stage.run(100);
        }
        stage.run(1_000);
        assertThat(delivered(name(1))).isEqualTo(NODES / 2);
        int cut = copies() - before;
        stage.parts = (a, b) -> false;
        stage.run(20_000);
        NodeTest.assertLevel(stage);
        assertThat(stage.actors.get(name(0)).view().records()).isEqualTo(90);
        assertThat(copies() - before - cut)
                .as("each missed record is pulled once")
                .isEqualTo(90 * NODES / 2);
    }

    @Test
    void nothing_is_committed_and_nobody_knows_who_holds_what() {
        form(6, 4);
        stage.broadcast(name(1), 3, 10);
        stage.run(5_000);
        Stage.Actor one = stage.actors.get(name(2));
        assertThat(one.view().isMesh()).isFalse();
        assertThat(one.view().withoutReceipts()).get().asString().contains("6 members", "4 (mesh)");
        assertThat(one.view().committed()).isEmpty();
        assertThat(one.view().blocker()).isEmpty();
        Range range = new Range(stage.actors.get(name(1)).view().stream(), 1, 3);
        assertThat(one.node.holders(range, stage.now).known()).isFalse();
    }

    @Test
    void a_frontier_is_remembered_for_links_only() {
        form(NODES, 4);
        for (int k = 0; k < NODES; k++) {
            stage.broadcast(name(k), 1, 10);
            stage.run(200);
        }
        stage.run(60_000);
        for (Stage.Actor actor : stage.actors.values()) {
            assertThat(actor.node)
                    .extracting("receipts.holdings.holders")
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .hasSameSizeAs(linked(actor));
        }
    }

    @Test
    void when_a_cluster_outgrows_the_mesh_and_shrinks_again_commits_stop_and_go_on() {
        form(4, 4);
        stage.broadcast(name(1), 2, 10);
        stage.run(1_000);
        assertThat(committed(name(2))).isEqualTo(2);
        stage.start(name(9), name(0));
        stage.run(5_000);
        stage.broadcast(name(1), 3, 10);
        stage.broadcast(name(9), 3, 10);
        stage.run(5_000);
        NodeTest.assertLevel(stage);
        assertThat(committed(name(2))).isEqualTo(2);

        stage.leave(name(9), 10_000);
        stage.run(20_000);
        assertThat(stage.actors.get(name(9)).up).isFalse();
        stage.broadcast(name(2), 1, 10);
        stage.run(10_000);
        NodeTest.assertLevel(stage);
        assertThat(committed(name(2))).isEqualTo(9);
        assertThat(stage.actors.get(name(2)).view().blocker()).isEmpty();
    }

    private long committed(String name) {
        return stage.actors.get(name).view().committed().stream()
                .mapToLong(claim -> claim.held().count())
                .sum();
    }

    @Test
    void who_leaves_hands_over_what_it_alone_holds() {
        form(12, 4);
        stage.parts = (a, b) -> a.equals(name(5)) || b.equals(name(5));
        cut();
        stage.run(500);
        stage.broadcast(name(5), 4, 10);
        stage.run(500);
        stage.parts = (a, b) -> false;
        stage.run(2_000);
        stage.leave(name(5), 20_000);
        stage.run(30_000);
        assertThat(stage.actors.get(name(5)).up).isFalse();
        assertThat(stage.actors.values())
                .filteredOn(actor -> actor.up)
                .allSatisfy(actor -> assertThat(actor.view().records()).isEqualTo(4));
    }

    @Test
    void who_takes_pushes_again_is_not_sent_what_was_broadcast_before() {
        form(12, 4);
        stage.broadcast(name(5), 20, 10);
        stage.run(5_000);
        Stage.Actor one = stage.actors.get(name(5));
        int before = copies();
        for (Stage.Wire wire : List.copyOf(one.wires.values())) {
            one.feed(new Event.Heard(wire.id, new Message.Pull(List.of(), true)));
            one.feed(new Event.Heard(wire.id, new Message.Pull(List.of(), false)));
        }
        stage.run(5_000);
        assertThat(copies()).isEqualTo(before);
        stage.broadcast(name(5), 1, 10);
        stage.run(6);
        assertThat(stage.actors.values())
                .allSatisfy(actor -> assertThat(actor.view().records()).isEqualTo(21));
    }

    @Test
    void what_is_damaged_is_had_from_a_member_that_differs_in_nothing() {
        form(12, 4);
        stage.broadcast(name(5), 4, 10);
        stage.run(5_000);
        Stage.Actor one = stage.actors.get(name(8));
        Range range = new Range(stage.actors.get(name(5)).view().stream(), 2, 3);
        one.disk.rot(range);
        one.feed(new Event.Damaged(range.stream(), range.from(), range.to()));
        stage.run(20_000);
        assertThat(one.disk.damaged()).isEmpty();
        assertThat(one.disk.readable(range.stream()).contains(1, 4)).isTrue();
    }

    @Test
    void two_clusters_that_meet_become_one() {
        form(8, 4);
        stage.start("m1");
        for (int k = 2; k <= 8; k++) {
            stage.start("m" + k, "m1");
            stage.run(50);
        }
        stage.run(5_000);
        stage.broadcast("m3", 2, 10);
        stage.broadcast(name(3), 2, 10);
        stage.run(2_000);
        stage.dial("m5", name(5));
        stage.run(30_000);
        assertThat(stage.actors.values())
                .allSatisfy(actor -> assertThat(actor.view().members()).hasSize(16));
        NodeTest.assertLevel(stage);
    }
}
