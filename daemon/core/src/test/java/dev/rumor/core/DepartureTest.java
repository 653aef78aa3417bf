package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class DepartureTest {

    private static final long WITHIN_MILLIS = 5_000;

    private final Stage stage = new Stage(11);

    private void startThree() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
    }

    private Stage.Actor actor(String name) {
        return stage.actors.get(name);
    }

    private Register register(String at, String name) {
        return actor(at).view().members().stream()
                .map(View.Member::register)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private State standing(String at, String name) {
        return register(at, name).standing();
    }

    private String refusal(String at, long ticket) {
        return Lone.only(actor(at).answers, Effect.Refuse.class).stream()
                .filter(each -> each.ticket() == ticket)
                .map(Effect.Refuse::why)
                .findFirst()
                .orElse("");
    }

    private boolean isGranted(String at, long ticket) {
        return actor(at).answers.contains(new Effect.Grant(ticket));
    }

    private long committed(String at) {
        return actor(at).view().committed().stream()
                .mapToLong(each -> each.held().count())
                .sum();
    }

    private void cut(String one, String other) {
        stage.between(one, other).cut = true;
    }

    // --- leaving

    @Test
    void who_leaves_is_granted_it_when_the_others_hold_all_and_know() {
        startThree();
        stage.broadcast("n3", 5, 10);
        long ticket = stage.leave("n3", WITHIN_MILLIS);
        stage.run(100);
        assertThat(isGranted("n3", ticket)).isTrue();
        for (String other : List.of("n1", "n2")) {
            assertThat(standing(other, "n3")).isEqualTo(State.LEFT);
            assertThat(actor(other).view().records()).isEqualTo(5);
            assertThat(register(other, "n3").ends())
                    .containsExactly(new Register.End(register(other, "n3").epoch(), 5));
        }
        stage.broadcast("n1", 1, 10);
        stage.run(20_000);
        assertThat(committed("n2")).as("without it").isEqualTo(6);
        assertThat(actor("n1").view().blocker()).isEmpty();
        assertThat(actor("n1").view().retired()).as("the epoch that it ended").isEqualTo(1);
        assertThat(actor("n1").wires).hasSize(1);
    }

    @Test
    void what_it_alone_holds_is_handed_over_first() {
        stage.latencyNanos = 20 * Stage.MILLI;
        startThree();
        stage.dials = false;
        stage.close(stage.between("n3", "n1"), 0);
        stage.close(stage.between("n3", "n2"), 0);
        stage.run(100);
        stage.broadcast("n3", 3, 10);
        stage.run(100);
        long ticket = stage.leave("n3", WITHIN_MILLIS);
        stage.run(1_000);
        assertThat(actor("n3").up).as("nobody is linked").isTrue();
        stage.redial();
        stage.run(1_000);
        assertThat(isGranted("n3", ticket)).isTrue();
        assertThat(actor("n1").view().records()).isEqualTo(3);
        assertThat(actor("n2").view().records()).isEqualTo(3);
    }

    @Test
    void others_who_go_on_broadcasting_do_not_hold_it_up() {
        startThree();
        for (int k = 1; k < 2_000; k++) {
            stage.at(stage.now + k * Stage.MILLI / 2, () -> stage.broadcast("n1", 1, 10));
        }
        stage.run(50);
        long ticket = stage.leave("n3", 200);
        stage.run(200);
        assertThat(isGranted("n3", ticket)).isTrue();
    }

    @Test
    void while_it_leaves_it_takes_no_broadcasts() {
        startThree();
        stage.leave("n3", WITHIN_MILLIS);
        long late = stage.broadcast("n3", 1, 10);
        assertThat(refusal("n3", late)).isEqualTo("this daemon is leaving the cluster");
        assertThat(refusal("n3", stage.leave("n3", WITHIN_MILLIS))).isEqualTo("'n3' is leaving already");
    }

    @Test
    void when_others_are_too_far_behind_it_stays_and_says_who() {
        startThree();
        cut("n3", "n2");
        stage.broadcast("n3", 4, 10);
        long ticket = stage.leave("n3", 1_000);
        stage.run(1_100);
        assertThat(refusal("n3", ticket)).isEqualTo("'n3' stays a member: 'n2' lacks 4 of its records");
        assertThat(standing("n1", "n3")).isEqualTo(State.ACTIVE);
        long later = stage.broadcast("n3", 1, 10);
        stage.run(100);
        assertThat(refusal("n3", later)).isEmpty();
    }

    @Test
    void with_others_but_linked_to_none_it_stays() {
        startThree();
        stage.kill("n1");
        stage.kill("n2");
        stage.run(100);
        long ticket = stage.leave("n3", 1_000);
        stage.run(1_100);
        assertThat(refusal("n3", ticket))
                .isEqualTo("'n3' stays a member: it is linked to no active member that could keep its records, "
                        + "of 'n1', 'n2'");
    }

    @Test
    void the_only_member_may_go_at_once() {
        stage.start("n1");
        stage.run(10);
        stage.broadcast("n1", 1, 10);
        stage.run(10);
        long ticket = stage.leave("n1", WITHIN_MILLIS);
        assertThat(isGranted("n1", ticket)).isTrue();
        assertThat(actor("n1").disk.roster.get("n1").state()).isEqualTo(State.LEFT);
    }

    @Test
    void started_again_on_its_disk_it_is_a_new_member_with_all_that_it_holds() {
        startThree();
        stage.broadcast("n3", 5, 10);
        stage.run(100);
        stage.leave("n3", WITHIN_MILLIS);
        stage.run(100);
        Register.DiskId former = actor("n3").disk.id;
        stage.start("n3", "n1");
        stage.run(12_000);
        assertThat(actor("n3").disk.id).isNotEqualTo(former);
        assertThat(actor("n3").warnings)
                .singleElement()
                .asString()
                .contains(former + " left the cluster or was evicted", "joins as a new member");
        assertThat(register("n1", "n3").ended()).containsExactly(former);
        assertAllLevelAndActive(5);
    }

    private void assertAllLevelAndActive(long records) {
        NodeTest.assertLevel(stage);
        for (Stage.Actor each : stage.actors.values()) {
            assertThat(each.view().records()).as(each.name).isEqualTo(records);
            assertThat(each.view().members())
                    .as(each.name)
                    .hasSize(3)
                    .allMatch(member -> member.register().isActive());
            assertThat(committed(each.name)).as(each.name).isEqualTo(records);
            assertThat(each.warnings).noneMatch(warning -> warning.contains("two histories"));
        }
    }

    // --- evicting

    @Test
    void what_an_evicted_member_blocked_is_committed_and_trimmed() {
        stage.configure = settings -> settings.withLimits(1 << 20, 2_000, 100_000);
        startThree();
        stage.kill("n3");
        for (int k = 0; k < 10; k++) {
            stage.broadcast("n1", 1, 1_000);
            stage.run(100);
        }
        assertThat(actor("n1").view().blocker()).get().matches(it -> it.name().equals("n3") && it.records() == 10);
        assertThat(actor("n2").view().records()).isEqualTo(10);
        long ticket = stage.evict("n1", "n3", false);
        assertThat(isGranted("n1", ticket)).isTrue();
        stage.run(100);
        for (String name : List.of("n1", "n2")) {
            assertThat(standing(name, "n3")).isEqualTo(State.EVICTED);
            assertThat(committed(name)).isEqualTo(10);
            assertThat(actor(name).view().records()).isLessThan(3);
            assertThat(actor(name).view().blocker()).isEmpty();
        }
    }

    @Test
    void who_is_alive_and_hears_that_it_is_evicted_stops_in_words() {
        startThree();
        stage.evict("n1", "n3", false);
        stage.run(100);
        assertThat(actor("n3").stopped)
                .isEqualTo("'n3' was evicted from the cluster: started again, it joins as a new member with all that "
                        + "its disk holds");
        assertThat(actor("n3").disk.roster.get("n3").standing()).isEqualTo(State.EVICTED);
        assertThat(actor("n1").wires).hasSize(1);
        assertThat(actor("n2").wires).hasSize(1);
    }

    @Test
    void evicted_while_away_it_is_told_joins_as_new_and_loses_nothing_that_it_alone_held() {
        startThree();
        cut("n3", "n1");
        cut("n3", "n2");
        stage.broadcast("n3", 5, 10);
        stage.run(100);
        stage.kill("n3");
        stage.run(100);
        stage.broadcast("n1", 2, 10);
        stage.run(100);
        Register.DiskId former = actor("n3").disk.id;
        stage.evict("n2", "n3", false);
        stage.run(20_000);
        assertThat(committed("n1")).isEqualTo(2);
        stage.start("n3", "n1");
        stage.run(20_000);
        assertThat(actor("n3").stopped).isNull();
        assertThat(actor("n3").disk.id).isNotEqualTo(former);
        assertThat(register("n2", "n3").ended()).containsExactly(former);
        stage.broadcast("n3", 1, 10);
        stage.run(100);
        assertAllLevelAndActive(8);
        assertThat(Lone.only(actor("n3").answers, Effect.Acknowledge.class))
                .extracting(Effect.Acknowledge::stream)
                .doesNotHaveDuplicates();
    }

    @Test
    void one_that_nobody_told_in_time_stops_when_it_hears_and_knows_at_its_next_start() {
        startThree();
        stage.kill("n3");
        stage.run(100);
        stage.evict("n1", "n3", false);
        stage.run(100);
        stage.dials = false;
        stage.start("n3", "n1");
        stage.run(3_000);
        stage.broadcast("n3", 2, 10);
        stage.run(100);
        assertThat(actor("n3").view().open()).as("alone, on its former disk").isTrue();
        stage.redial();
        stage.run(1_000);
        assertThat(actor("n3").stopped).contains("was evicted");
        assertThat(standing("n1", "n3")).isEqualTo(State.EVICTED);
        stage.start("n3", "n1");
        stage.run(20_000);
        assertAllLevelAndActive(2);
    }

    @Test
    void two_that_evicted_each_other_while_they_were_apart_both_hear_of_it() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(3_000);
        stage.close(stage.between("n1", "n2"), 0);
        stage.evict("n1", "n2", true);
        stage.evict("n2", "n1", true);
        stage.dial("n2", "n1");
        stage.run(1_000);
        assertThat(List.of(actor("n1").stopped, actor("n2").stopped)).allMatch(why -> why.contains("was evicted"));
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(20_000);
        assertThat(List.of(standing("n1", "n2"), standing("n2", "n1"))).containsOnly(State.ACTIVE);
    }

    @Test
    void on_another_disk_somebody_of_that_name_may_join() {
        startThree();
        stage.kill("n3");
        stage.run(100);
        Register.DiskId former = actor("n3").disk.id;
        stage.evict("n1", "n3", false);
        stage.run(100);
        actor("n3").disk = new Disk();
        stage.start("n3", "n2");
        stage.run(20_000);
        assertAllLevelAndActive(0);
        for (String name : List.of("n1", "n2", "n3")) {
            assertThat(register(name, "n3").ended()).containsExactly(former);
        }
        assertThat(actor("n3").warnings).isEmpty();
    }

    @Test
    void what_cannot_be_evicted_is_refused_in_words() {
        startThree();
        assertThat(refusal("n1", stage.evict("n1", "n9", true))).isEqualTo("the roster has no 'n9', only n1, n2, n3");
        assertThat(refusal("n1", stage.evict("n1", "n1", true)))
                .isEqualTo("'n1' is the daemon that was asked: leave is for itself, evict for others");
        stage.evict("n1", "n3", false);
        assertThat(refusal("n1", stage.evict("n1", "n3", true))).isEqualTo("'n3' was evicted already");
        stage.leave("n2", WITHIN_MILLIS);
        stage.run(100);
        assertThat(refusal("n1", stage.evict("n1", "n2", true))).isEqualTo("'n2' has left already");
    }

    @Test
    void without_a_majority_only_force_evicts() {
        startThree();
        List.of("n2", "n3").forEach(stage::kill);
        stage.run(100);
        assertThat(refusal("n1", stage.evict("n1", "n3", false)))
                .isEqualTo("only 1 of 3 members can be reached from here, and without a majority only force evicts "
                        + "'n3'");
        assertThat(standing("n1", "n3")).isEqualTo(State.ACTIVE);
        assertThat(isGranted("n1", stage.evict("n1", "n3", true))).isTrue();
        assertThat(refusal("n1", stage.evict("n1", "n2", false))).startsWith("only 1 of 2 members");
    }

    @Test
    void a_joiner_whose_sponsor_is_evicted_does_not_wait_for_what_that_held() {
        stage.configure = settings -> settings.withEagerPush(false);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(3_000);
        cut("n1", "n2");
        stage.broadcast("n1", 3, 10);
        stage.run(10);
        stage.start("n3", "n1");
        stage.at(stage.now + 20 * Stage.MILLI, () -> stage.kill("n1"));
        stage.run(20);
        assertThat(standing("n3", "n3"))
                .as("before it has what its sponsor held")
                .isEqualTo(State.JOINING);
        stage.run(1_000);
        stage.redial();
        stage.run(5_000);
        assertThat(standing("n3", "n3")).isEqualTo(State.JOINING);
        stage.evict("n2", "n1", true);
        stage.run(20_000);
        assertThat(standing("n2", "n3")).isEqualTo(State.ACTIVE);
    }

    @Test
    void the_disk_of_an_evicted_member_is_never_counted_again() {
        Lone lone = Lone.open("n1");
        var hello = lone.hello("n2");
        lone.meet(1, hello);
        lone.hear(1, Lone.active(hello));
        lone.feed(new Event.EvictAsked(7, "n2", true));
        lone.offer(10);
        lone.meet(2, hello);
        lone.hear(2, Lone.active(hello));
        assertThat(lone.view().committed()).hasSize(1);
        assertThat(lone.view().members())
                .extracting(View.Member::liveness)
                .containsExactly(View.Liveness.SELF, View.Liveness.GONE);
        assertThat(Lone.only(lone.all, Effect.Hangup.class))
                .hasSize(2)
                .allMatch(it -> it.why().equals("'n2' is evicted"));
    }

    @Test
    void its_streams_are_spread_as_before() {
        startThree();
        cut("n3", "n2");
        stage.broadcast("n3", 4, 10);
        stage.run(20);
        assertThat(actor("n1").view().records()).isEqualTo(4);
        assertThat(actor("n2").view().records()).isZero();
        stage.evict("n2", "n3", false);
        stage.run(10_000);
        assertThat(actor("n2").view().records()).isEqualTo(4);
        assertThat(committed("n1")).isEqualTo(4);
    }
}
