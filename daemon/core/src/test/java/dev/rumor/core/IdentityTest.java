package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentityTest {

    private static final DiskId DISK = new DiskId(3, 4);
    private static final Claim FORMER = new Claim(new Stream("n1", 900), 5, Intervals.of(1, 10));

    private final Lone node = new Lone(Settings.of("n1", "test", List.of("n1:7400"), true, "1.0"), 1);

    private static Event.Recovered recovered(Found found, long lastEpoch, List<Claim> claims) {
        return new Event.Recovered(
                found, DISK, lastEpoch, claims, List.of(), List.of(), List.of(), 1000, List.of(), Lone.WALL_MILLIS);
    }

    /// Starts with a seed that answers the name query.
    private Effect.OpenEpoch start(Event.Recovered found, long highestEpoch, List<Claim> claimed) {
        node.feed(found);
        assertThat(Lone.said(node.feed(new Event.Connected(1, true)), 1))
                .singleElement()
                .isInstanceOf(Message.NameQuery.class);
        node.hear(1, new Message.NameReply(highestEpoch, claimed, false));
        return opened();
    }

    private Effect.OpenEpoch opened() {
        return Lone.only(node.all, Effect.OpenEpoch.class).getFirst();
    }

    private DiskId shown() {
        return Lone.only(node.all, Effect.RememberRegister.class)
                .getLast()
                .register()
                .disk();
    }

    // --- the epoch

    @Test
    void an_epoch_is_later_than_all_that_the_disk_says_of_its_own_past() {
        long late = 2 * Lone.WALL_MILLIS;
        Claim shown = new Claim(new Stream("n1", late), 5, Intervals.of(1, 10));
        assertThat(start(recovered(Found.OLD, 900, List.of(shown)), 800, List.of())
                        .epoch())
                .isEqualTo(late + 1);
    }

    @Test
    void so_it_is_where_only_its_register_says_so() {
        Register own = Lone.active(node.hello("n1", 2 * Lone.WALL_MILLIS, true))
                .registers()
                .getFirst();
        Event.Recovered found = new Event.Recovered(
                Found.OLD, DISK, 900, List.of(), List.of(), List.of(), List.of(), 0, List.of(own), Lone.WALL_MILLIS);
        assertThat(start(found, 800, List.of()).epoch()).isEqualTo(own.epoch() + 1);
    }

    @Test
    void an_epoch_is_the_wall_clock_when_nothing_is_later() {
        assertThat(start(recovered(Found.CLEAN, 900, List.of()), 800, List.of()).epoch())
                .isEqualTo(Lone.WALL_MILLIS);
    }

    @Test
    void an_epoch_follows_the_last_durable_one_when_the_clock_went_back() {
        long last = Lone.WALL_MILLIS + 5_000;
        assertThat(start(recovered(Found.CLEAN, last, List.of()), 800, List.of())
                        .epoch())
                .isEqualTo(last + 1);
    }

    @Test
    void an_epoch_follows_the_highest_that_a_peer_knows_for_the_name() {
        long told = Lone.WALL_MILLIS + 9_000;
        assertThat(start(recovered(Found.CLEAN, told - 1_000, List.of()), told, List.of())
                        .epoch())
                .isEqualTo(told + 1);
    }

    @Test
    void an_epoch_is_never_raised_while_running() {
        start(recovered(Found.CLEAN, 0, List.of()), 0, List.of());
        node.hear(1, new Message.NameReply(Lone.WALL_MILLIS * 2, List.of(FORMER), false));
        assertThat(Lone.only(node.all, Effect.OpenEpoch.class)).hasSize(1);
        assertThat(node.view().stream().epoch()).isEqualTo(Lone.WALL_MILLIS);
    }

    @Test
    void time_that_passes_while_asking_counts() {
        node.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        node.later(2_000);
        assertThat(opened().epoch()).isEqualTo(Lone.WALL_MILLIS + 2_000);
    }

    @Test
    void without_seeds_nobody_is_asked() {
        assertThat(Lone.open("n9").view().open()).isTrue();
    }

    @Test
    void when_nobody_answers_for_two_seconds_the_node_is_active_alone() {
        node.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        node.feed(new Event.Connected(1, true));
        node.later(1_999);
        assertThat(node.view().open()).isFalse();
        assertThat(Lone.only(node.offer(10), Effect.Refuse.class))
                .singleElement()
                .satisfies(it -> assertThat(it.why()).contains("no epoch"));
        node.later(1);
        assertThat(node.view().open()).isTrue();
        assertThat(node.view().members())
                .singleElement()
                .matches(it -> it.register().isActive());
    }

    @Test
    void the_alarm_is_set_for_the_moment_when_asking_ends() {
        List<Effect> effects = node.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        assertThat(Lone.only(effects, Effect.WakeAt.class)).containsExactly(new Effect.WakeAt(2_000 * Stage.MILLI));
    }

    @Test
    void a_peer_that_dials_before_there_is_an_epoch_is_answered_when_there_is() {
        node.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        assertThat(Lone.said(node.meet(1, node.hello("n2")), 1)).isEmpty();
        assertThat(Lone.only(node.later(2_000), Effect.Admit.class)).containsExactly(new Effect.Admit(1, "n2"));
    }

    // --- the disk

    @ParameterizedTest
    @EnumSource(names = {"CLEAN", "TORN", "DAMAGED"})
    void a_disk_that_lost_nothing_it_claimed_stays_itself(Found found) {
        assertThat(start(recovered(found, 900, List.of(FORMER)), 900, List.of(FORMER))
                        .disk())
                .isEqualTo(DISK);
        assertThat(shown()).isEqualTo(DISK);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "OLD"})
    void a_disk_that_is_new_or_a_copy_gets_a_new_id(Found found) {
        DiskId disk = start(recovered(found, 900, List.of()), 900, List.of()).disk();
        assertThat(disk).isNotEqualTo(DISK);
        assertThat(shown()).isEqualTo(disk);
    }

    @Test
    void a_disk_that_claimed_more_than_it_holds_gets_a_new_id_before_it_claims_anything() {
        Claim more = new Claim(FORMER.stream(), FORMER.tag(), Intervals.of(1, 11));
        DiskId disk = start(recovered(Found.CLEAN, 900, List.of(FORMER)), 900, List.of(more))
                .disk();
        assertThat(disk).isNotEqualTo(DISK);
        assertThat(Lone.only(node.all, Effect.Warn.class))
                .singleElement()
                .satisfies(warn -> assertThat(warn.why()).contains("restored", disk.toString()));
        assertThat(Lone.only(Lone.said(node.all, 1), Message.Hello.class))
                .allMatch(hello -> hello.disk().equals(disk));
        assertThat(Lone.only(node.all, Effect.OpenEpoch.class)).hasSize(1);
    }

    @Test
    void a_restored_disk_is_warned_of_once_however_much_is_missing() {
        Claim other = new Claim(new Stream("n2", 5), 5, Intervals.of(1, 3));
        Claim more = new Claim(FORMER.stream(), FORMER.tag(), Intervals.of(1, 11));
        start(recovered(Found.CLEAN, 900, List.of(FORMER)), 900, List.of(more, other));
        assertThat(Lone.only(node.all, Effect.Warn.class)).hasSize(1);
    }

    // --- no sequence twice

    private final Stage stage = new Stage(5);
    private final Map<String, String> owners = new HashMap<>();

    /// Each acknowledged record id belongs to one acknowledgement alone.
    private void assertNoneTwice(Stage.Actor... actors) {
        owners.clear();
        for (Stage.Actor actor : actors) {
            for (Effect.Acknowledge done : Lone.only(actor.answers, Effect.Acknowledge.class)) {
                for (long k = done.first(); k < done.first() + done.count(); k++) {
                    assertThat(owners.put(done.stream().id(k), actor + " ticket " + done.ticket()))
                            .as(done.stream().id(k))
                            .isNull();
                }
            }
        }
    }

    private Stage.Actor startThree() {
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        stage.broadcast("n2", 3, 10);
        stage.run(100);
        return stage.actors.get("n2");
    }

    private static Disk copyOf(Disk disk) {
        return disk.copy(disk.writes());
    }

    private void restart(Disk disk) {
        stage.kill("n2");
        stage.run(100);
        stage.actors.get("n2").disk = disk;
        stage.start("n2", "n1");
        stage.run(3_000);
        stage.broadcast("n2", 2, 10);
        stage.run(12_000);
    }

    @Test
    void after_a_lost_disk_no_sequence_is_used_again_and_nothing_is_lost() {
        Stage.Actor n2 = startThree();
        DiskId before = n2.disk.id;
        restart(new Disk());
        assertThat(n2.disk.id).isNotEqualTo(before);
        assertLevelWith(n2, 5);
    }

    private void assertLevelWith(Stage.Actor actor, long records) {
        assertNoneTwice(actor);
        NodeTest.assertLevel(stage);
        assertThat(actor.view().records()).isEqualTo(records);
        assertThat(actor.warnings).noneMatch(warning -> warning.contains("two histories"));
        for (Stage.Actor each : stage.actors.values()) {
            assertThat(each.view().members())
                    .allMatch(member -> member.register().isActive());
        }
    }

    @Test
    void after_an_older_copy_of_the_disk_no_sequence_is_used_again_and_nothing_is_lost() {
        Stage.Actor n2 = startThree();
        Disk copy = copyOf(n2.disk);
        stage.broadcast("n2", 4, 10);
        stage.run(100);
        restart(copy);
        assertThat(n2.warnings).anyMatch(warning -> warning.contains("restored copy"));
        assertThat(n2.disk.id).isNotEqualTo(stage.actors.get("n1").disk.id);
        assertLevelWith(n2, 9);
    }

    @Test
    void a_joiner_does_not_wait_for_what_its_sponsor_holds_no_more_on_an_older_copy_of_its_disk() {
        stage.configure = settings -> settings.withEagerPush(false);
        Stage.Actor n1 = stage.start("n1");
        stage.run(100);
        Disk former = copyOf(n1.disk);
        stage.broadcast("n1", 3, 10);
        stage.run(10);
        Stage.Actor n2 = stage.start("n2", "n1");
        stage.run(20);
        stage.kill("n1");
        n1.disk = former;
        stage.run(100);
        assertThat(n2.view().records()).isZero();
        stage.start("n1");
        stage.run(20_000);
        assertThat(n2.view().members()).allMatch(each -> each.register().isActive());
    }

    @Test
    void a_disk_that_is_itself_keeps_its_id_over_a_restart() {
        Stage.Actor n2 = startThree();
        DiskId before = n2.disk.id;
        restart(n2.disk);
        assertThat(n2.disk.id).isEqualTo(before);
        assertThat(n2.warnings).isEmpty();
        assertLevelWith(n2, 5);
    }

    @Test
    void of_a_cloned_disk_whose_original_lives_the_clone_stops_before_it_numbers_anything() {
        Stage.Actor n2 = startThree();
        Stage.Actor clone = stage.twin("n2", copyOf(n2.disk));
        stage.dial(clone, stage.actors.get("n1"));
        stage.run(4_000);
        assertThat(clone.stopped).contains("n2");
        assertThat(n2.stopped).isNull();
        assertThat(clone.disk.runs).hasSameSizeAs(n2.disk.runs);
    }

    @Test
    void a_clone_cut_off_from_all_others_numbers_in_an_epoch_of_its_own() {
        Stage.Actor n2 = startThree();
        Stage.Actor clone = stage.twin("n2", copyOf(n2.disk));
        stage.run(3_000);
        clone.feed(new Event.Offered(77, new Run.Draft(List.of(new byte[5])), Stage.WALL_MILLIS + 6_000));
        stage.broadcast("n2", 2, 10);
        stage.run(100);
        assertThat(clone.view().stream().epoch())
                .isGreaterThan(n2.view().stream().epoch());
        assertNoneTwice(n2, clone);
    }
}
