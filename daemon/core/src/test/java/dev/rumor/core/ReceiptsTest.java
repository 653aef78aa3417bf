package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Who holds what, as a node sees it; and that looking costs no message.
class ReceiptsTest {

    private Stage stage = new Stage(7);
    private final Lone lone = new Lone(Lone.settings("n1"), 1);

    private void startFive() {
        stage.start("n1");
        for (int k = 2; k <= 5; k++) {
            stage.start("n" + k, "n1");
        }
        stage.run(3_000);
    }

    private View.Holders holders(String at, Range records) {
        return stage.actors.get(at).node.holders(records, stage.now);
    }

    private Range own(String name, long from, long to) {
        return new Range(stage.actors.get(name).view().stream(), from, to);
    }

    private static Map<String, Long> lacking(View.Holders holders) {
        Map<String, Long> lacking = new TreeMap<>();
        holders.members().stream()
                .filter(each -> !each.holds())
                .forEach(each -> lacking.put(each.register().name(), each.lacks()));
        return lacking;
    }

    @Test
    void what_all_hold_is_held_by_each_and_committed_wherever_one_asks() {
        startFive();
        stage.broadcast("n3", 4, 100);
        stage.run(20);
        for (String each : stage.actors.keySet()) {
            View.Holders holders = holders(each, own("n3", 1, 4));
            assertThat(holders.members()).as(each).hasSize(5).allMatch(View.Holder::holds);
            assertThat(holders.committed()).as(each).isTrue();
        }
    }

    @Test
    void what_a_peer_tells_is_counted_for_its_disk_and_not_for_one_that_a_relay_believes_it_to_be_on() {
        Lone n1 = Lone.open("n1");
        Message.Hello before = n1.hello("n2");
        Message.Hello now = n1.hello("n2", Lone.WALL_MILLIS + 1, true);
        n1.meet(1, before);
        n1.hear(1, Lone.active(before));
        n1.meet(2, now);
        Message.Hello relay = n1.hello("n3");
        n1.meet(3, relay);
        Message.Witness former = new Message.Witness("n2", before.epoch(), before.disk());
        n1.hear(3, new Message.Confirmed(List.of(former), List.of()));
        n1.hear(2, Lone.active(now));
        n1.offer(10);
        Stream own = n1.view().stream();
        int tag = Lone.only(n1.all, Effect.OpenEpoch.class).getFirst().tag();
        Claim held = new Claim(own, tag, Intervals.of(1, 1));
        n1.hear(2, new Message.Claims(List.of(held), List.of(), true, false));
        assertThat(n1.node.holders(new Range(own, 1, 1), n1.now).members()).allMatch(View.Holder::holds);
    }

    @Test
    void what_a_returner_alone_holds_of_a_retired_epoch_is_not_committed_before_others_hold_it() {
        startFive();
        Stream former = stage.actors.get("n3").view().stream();
        stage.broadcast("n3", 5, 10);
        stage.run(1_000);
        stage.actors.get("n3").wires.values().forEach(wire -> wire.cut = true);
        stage.broadcast("n3", 3, 10);
        stage.run(100);
        stage.kill("n3");
        stage.evict("n2", "n3", false);
        stage.run(20_000);
        assertThat(stage.actors.get("n1").view().retired()).isEqualTo(1);
        stage.start("n3", "n1");
        for (int k = 0; k < 2_000; k++) {
            stage.run(1);
            assertThat(committed("n3"))
                    .isLessThanOrEqualTo(
                            stage.actors.get("n1").disk.durable().held(former).count());
        }
        assertThat(committed("n3")).isEqualTo(8);
    }

    private long committed(String at) {
        return stage.actors.get(at).view().committed().stream()
                .mapToLong(each -> each.held().count())
                .sum();
    }

    @Test
    void before_any_claim_arrived_its_origin_alone_is_known_to_hold_a_record() {
        startFive();
        stage.broadcast("n3", 1, 100);
        stage.run(1);
        View.Holders holders = holders("n3", own("n3", 1, 1));
        assertThat(lacking(holders)).containsOnlyKeys("n1", "n2", "n4", "n5");
        assertThat(holders.committed()).isFalse();
    }

    @Test
    void a_member_that_is_away_lacks_as_many_as_it_lacks_for_as_long_as_it_is_behind() {
        startFive();
        stage.broadcast("n1", 10, 100);
        stage.run(100);
        stage.kill("n4");
        stage.broadcast("n1", 3, 100);
        stage.run(20_000);
        View.Holders holders = holders("n2", own("n1", 8, 13));
        assertThat(lacking(holders)).isEqualTo(Map.of("n4", 3L));
        assertThat(holders.committed()).isFalse();
        View.Holder away = holders.members().get(3);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(away.behindNanos())).isBetween(2L, 20L);
        assertThat(holders("n2", own("n1", 1, 10)).committed()).isTrue();

        stage.start("n4", "n1");
        stage.run(10_000);
        assertThat(lacking(holders("n2", own("n1", 8, 13)))).isEmpty();
        assertThat(holders("n2", own("n1", 8, 13)).committed()).isTrue();
    }

    @Test
    void what_was_trimmed_stays_held_by_all() {
        stage.configure = settings -> settings.withLimits(1 << 20, 10_000, 100_000);
        startFive();
        for (int k = 0; k < 100; k++) {
            stage.broadcast("n1", 1, 1_000);
            stage.run(20);
        }
        assertThat(stage.actors.get("n1").view().records()).isLessThan(20);
        assertThat(holders("n2", own("n1", 1, 1)).members()).allMatch(View.Holder::holds);
        assertThat(holders("n2", own("n1", 1, 1)).committed()).isTrue();
    }

    @Test
    void a_record_of_a_retired_epoch_is_held_by_all() {
        startFive();
        stage.broadcast("n2", 2, 100);
        stage.run(1_000);
        Range former = own("n2", 2, 2);
        stage.kill("n2");
        stage.start("n2", "n1");
        stage.run(60_000);
        assertThat(stage.actors.get("n1").view().retired()).isEqualTo(1);
        assertThat(holders("n1", former).members()).hasSize(5).allMatch(View.Holder::holds);
        assertThat(holders("n1", former).committed()).isTrue();
    }

    @Test
    void of_a_record_that_nobody_has_shown_nothing_is_known() {
        startFive();
        stage.broadcast("n2", 2, 100);
        stage.run(100);
        assertThat(holders("n1", own("n2", 3, 3)).members()).isEmpty();
        assertThat(holders("n1", new Range(new Stream("n2", 1), 1, 1)).members())
                .isEmpty();
        assertThat(holders("n1", new Range(new Stream("nobody", 1), 1, 1)).members())
                .isEmpty();
    }

    @Test
    void whoever_joins_is_listed_and_not_yet_active() {
        startFive();
        stage.latencyNanos = 400 * Stage.MILLI;
        stage.broadcast("n1", 1, 100);
        stage.start("n6", "n1");
        stage.run(2_400);
        View.Holders holders = holders("n1", own("n1", 1, 1));
        assertThat(holders.members()).hasSize(6);
        assertThat(holders.active()).hasSize(5);
    }

    @Test
    void frames_per_record_are_the_same_whether_anybody_waits_or_not() {
        long unwatched = framesOf(100, false);
        long watched = framesOf(100, true);
        assertThat(watched).isEqualTo(unwatched).isGreaterThan(100 * 4);
    }

    /// Broadcasts so many records and counts what is said, a member being away for a while. Who waits looks again after
    /// every event, until all hold a record.
    private long framesOf(int records, boolean waiting) {
        stage = new Stage(7);
        startFive();
        List<Range> waits = new ArrayList<>();
        AtomicLong frames = new AtomicLong();
        stage.trace = (event, effects) -> {
            waits.removeIf(each -> lacking(holders("n1", each)).isEmpty());
            effects.forEach(each -> frames.addAndGet(links(each)));
        };
        for (int k = 1; k <= records; k++) {
            stage.broadcast("n1", 1, 100);
            if (waiting) {
                waits.add(own("n1", k, k));
            }
            if (k == records / 2) {
                stage.kill("n5");
            } else if (k == records * 3 / 4) {
                stage.start("n5", "n1");
            }
            stage.run(10);
        }
        stage.run(20_000);
        assertThat(waits).isEmpty();
        return frames.get();
    }

    private static int links(Effect effect) {
        return switch (effect) {
            case Effect.Send send -> send.links().size();
            case Effect.SendRange send -> send.links().size();
            default -> 0;
        };
    }

    // --- what the answers to rounds say, and what they do not; found by the simulator's swarm

    private void link() {
        Message.Hello hello = lone.hello("n2");
        lone.meet(1, hello);
        lone.hear(1, Lone.active(hello));
        lone.hear(1, new Message.Claims(List.of(), List.of(), true, false));
    }

    private void untilRound() {
        for (boolean opened = false; !opened; ) {
            opened = Lone.said(lone.later(250), 1).stream().anyMatch(Message.Round.class::isInstance);
        }
    }

    @Test
    void an_agreement_that_was_long_under_way_is_not_taken_for_one_to_a_later_round() {
        lone.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        link();
        untilRound();
        lone.offer(100);
        untilRound();
        lone.hear(1, new Message.Agreement());
        Stream own = lone.view().stream();
        assertThat(lone.node.committed(own).isEmpty()).as("to the first round").isTrue();
        lone.hear(1, new Message.Agreement());
        assertThat(lone.node.committed(own)).as("to the second").isEqualTo(Intervals.of(1, 1));
    }

    @Test
    void an_agreement_is_no_receipt_for_what_became_durable_after_its_round_and_in_the_same_instant() {
        lone.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        link();
        untilRound();
        lone.now += Stage.MILLI;
        lone.hear(1, new Message.Agreement());
        Run.Draft draft = new Run.Draft(List.of(new byte[100]));
        lone.node.handle(new Event.Offered(1, draft, Lone.WALL_MILLIS), lone.now);
        lone.now += 3_000 * Stage.MILLI;
        List<Effect> effects = lone.meet(2, lone.hello("n2", Lone.WALL_MILLIS + 1, false));
        assertThat(Lone.said(effects, 1)).hasOnlyElementsOfType(Message.Round.class);
        lone.feed(new Event.Appended(lone.view().stream(), 1, 1));
        assertThat(Lone.said(lone.feed(new Event.Woke()), 1)).doesNotHaveAnyElementsOfTypes(Message.Round.class);
        lone.hear(1, new Message.Agreement());
        assertThat(lone.node.committed(lone.view().stream()).isEmpty()).isTrue();
    }

    @Test
    void a_round_in_which_the_roster_alone_differs_is_answered_for_what_is_held_too() {
        lone.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        link();
        Message.Round theirs = new Message.Round(Digest.ZERO, Digest.of("another roster"));
        List<Message> answer = Lone.said(lone.hear(1, theirs), 1);
        assertThat(answer).hasAtLeastOneElementOfType(Message.Registers.class);
        assertThat(answer).contains(new Message.Agreement());
    }

    @Test
    void a_peer_that_tells_of_a_stream_below_its_mark_which_nobody_else_knows_is_told_nothing_of_it() {
        Mark mark = new Mark("n3", 9, 0);
        lone.feed(new Event.Recovered(
                Event.Recovered.Found.CLEAN,
                new DiskId(1, 1),
                5,
                List.of(),
                List.of(),
                List.of(),
                List.of(mark),
                0,
                List.of(),
                Lone.WALL_MILLIS));
        link();
        Claim unknown = new Claim(new Stream("n3", 5), 7, Intervals.of(1, 2));
        List<Effect> effects = lone.hear(1, new Message.Claims(List.of(unknown), List.of(mark), true, false));
        assertThat(Lone.only(Lone.said(effects, 1), Message.Claims.class))
                .allSatisfy(claims -> assertThat(claims.claims()).doesNotContainNull());
    }
}
