package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.message.Message.Refusal;
import dev.rumor.core.message.Message.Refusal.Reason;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {

    private final Lone node = Lone.open("n1");

    private static void assertRefused(List<Effect> effects, long link, Reason reason, String... words) {
        List<Refusal> refusals = Lone.only(Lone.said(effects, link), Refusal.class);
        assertThat(refusals).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.text()).contains(words);
        });
        assertThat(Lone.only(effects, Effect.Hangup.class)).anyMatch(hangup -> hangup.link() == link);
    }

    private static List<Long> admitted(List<Effect> effects) {
        return Lone.only(effects, Effect.Admit.class).stream()
                .map(Effect.Admit::link)
                .toList();
    }

    private static List<Long> hungUp(List<Effect> effects) {
        return Lone.only(effects, Effect.Hangup.class).stream()
                .map(Effect.Hangup::link)
                .toList();
    }

    // --- who is let in

    @Test
    void a_peer_that_says_hello_is_answered_in_kind_and_admitted() {
        List<Effect> effects = node.meet(1, node.hello("n2"));
        assertThat(admitted(effects)).containsExactly(1L);
        assertThat(Lone.said(effects, 1).getFirst()).isInstanceOf(Hello.class);
    }

    @Test
    void a_peer_of_another_cluster_is_refused_in_words() {
        Hello hello = new Hello("prod", 1, 1, "n2", 5, 7, 9, new DiskId(1, 1), true, "1.0");
        assertRefused(node.meet(1, hello), 1, Reason.WRONG_CLUSTER, "n2", "prod", "n1", "test");
        Message query = new Message.NameQuery("prod", 1, 1, "n2", new DiskId(1, 1));
        node.feed(new Event.Connected(2, false));
        assertRefused(node.hear(2, query), 2, Reason.WRONG_CLUSTER, "prod");
    }

    @Test
    void a_peer_without_a_common_protocol_version_is_refused_in_words() {
        Hello hello = new Hello("test", 2, 3, "n2", 5, 7, 9, new DiskId(1, 1), true, "1.0");
        assertRefused(node.meet(1, hello), 1, Reason.WRONG_PROTOCOL, "2 to 3", "n1");
    }

    @Test
    void whoever_speaks_before_hello_is_refused() {
        List<Message> early = List.of(
                new Message.Registers(List.of()),
                new Message.Round(Frontier.Digest.ZERO, Frontier.Digest.ZERO),
                new Message.Sections(List.of(), List.of(), true),
                new Message.Agreement(),
                new Message.Claims(List.of(), List.of(), true, true),
                new Message.Pull(List.of(), true),
                new Message.Runs(List.of(Lone.run("n2", 5, 7, 1, 1, 10))),
                new Message.Served(List.of(), true));
        long link = 1;
        for (Message message : early) {
            node.feed(new Event.Connected(link, false));
            assertRefused(node.hear(link, message), link, Reason.MALFORMED, "hello");
            link++;
        }
        assertThat(node.view().records()).isZero();
    }

    @Test
    void hello_is_said_once() {
        Hello incumbent = node.hello("n2");
        node.meet(1, incumbent);
        node.meet(2, node.hello("n2", Lone.WALL_MILLIS, false));
        assertRefused(node.hear(2, node.hello("n3")), 2, Reason.MALFORMED, "hello");
    }

    @Test
    void a_stranger_cannot_stop_this_node_by_refusing_it() {
        node.feed(new Event.Connected(1, false));
        List<Effect> effects = node.hear(1, new Refusal(Reason.NAME_TAKEN, "go away", "n1"));
        assertThat(Lone.only(effects, Effect.Stop.class)).isEmpty();
        assertThat(hungUp(effects)).containsExactly(1L);
    }

    @Test
    void what_comes_over_an_unknown_link_is_ignored() {
        node.meet(1, node.hello("n2"));
        node.feed(new Event.Disconnected(1));
        assertThat(Lone.said(node.hear(1, new Message.Ping()), 1)).isEmpty();
        assertThat(Lone.said(node.hear(99, node.hello("n3")), 99)).isEmpty();
        assertThat(node.feed(new Event.Drained(99))).isEmpty();
        assertThat(node.feed(new Event.Sent(99, new Stream("n1", 1), 1))).isEmpty();
        assertThat(node.feed(new Event.Disconnected(99))).isEmpty();
    }

    // --- oneself

    /// What is said on one end of a connection to oneself is heard at the other, in order.
    private static List<Effect> reflect(Lone self, long dialled, long accepted) {
        List<Effect> seen = new ArrayList<>(self.feed(new Event.Connected(dialled, true)));
        seen.addAll(self.feed(new Event.Connected(accepted, false)));
        for (int k = 0; k < seen.size(); k++) {
            if (seen.get(k) instanceof Effect.Send send) {
                for (long link : send.links()) {
                    seen.addAll(self.hear(link == dialled ? accepted : dialled, send.message()));
                }
            }
        }
        return seen;
    }

    @Test
    void a_node_that_is_its_own_only_seed_becomes_active_alone() {
        Lone self = new Lone(Settings.of("n1", "test", List.of("n1:7400"), true, "1.0"), 1);
        self.feed(Event.Recovered.nothing(Lone.WALL_MILLIS));
        assertThat(hungUp(reflect(self, 1, 2))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(self.view().open()).isFalse();

        self.later(2_000);
        assertThat(self.view().open()).isTrue();
        assertThat(self.view().members())
                .singleElement()
                .matches(it -> it.register().isActive());

        List<Effect> again = reflect(self, 3, 4);
        assertThat(hungUp(again)).containsExactlyInAnyOrder(3L, 4L);
        assertThat(Lone.only(again, Effect.Hangup.class))
                .as("the dialler is told that it need not try again")
                .anyMatch(hangup -> hangup.link() == 3 && hangup.to().equals("n1"));
        assertThat(Lone.only(self.all, Effect.Stop.class)).isEmpty();
        assertThat(Lone.only(self.all, Effect.Warn.class)).isEmpty();
    }

    // --- one link per pair

    @Test
    void connections_that_cross_leave_the_same_one_on_both_sides() {
        for (long apart = 0; apart <= 8; apart++) {
            for (boolean lowerFirst : List.of(true, false)) {
                Stage stage = new Stage(1);
                stage.dials = false;
                stage.start("n1");
                stage.start("n2");
                stage.run(10);
                stage.dial(lowerFirst ? "n1" : "n2", lowerFirst ? "n2" : "n1");
                stage.run(apart);
                stage.dial(lowerFirst ? "n2" : "n1", lowerFirst ? "n1" : "n2");
                stage.run(1_000);
                assertThat(stage.actors.get("n1").wires.keySet())
                        .as("%s ms apart", apart)
                        .hasSize(1)
                        .isEqualTo(stage.actors.get("n2").wires.keySet());
                for (Stage.Actor actor : stage.actors.values()) {
                    assertThat(actor.view().linked()).isEqualTo(1);
                    assertThat(actor.stopped).isNull();
                }
            }
        }
    }

    @Test
    void a_later_connection_of_the_same_process_replaces_the_one_before() {
        Hello hello = node.hello("n2");
        node.meet(1, hello);
        node.now += 6_000 * Stage.MILLI;
        List<Effect> effects = node.meet(2, hello);
        assertThat(hungUp(effects)).containsExactly(1L);
        assertThat(admitted(effects)).containsExactly(2L);
        assertThat(node.feed(new Event.Sent(1, node.view().stream(), 5))).isEmpty();
        assertThat(node.feed(new Event.Disconnected(1))).isEmpty();
    }

    // --- two of one name

    private final Hello incumbent = node.hello("n2");

    private List<Effect> newcomer(long link) {
        node.meet(1, incumbent);
        return node.meet(link, node.hello("n2", Lone.WALL_MILLIS + 1, false));
    }

    @Test
    void while_the_incumbent_lives_a_newcomer_of_its_name_is_refused() {
        List<Effect> asked = newcomer(2);
        assertThat(Lone.said(asked, 1)).hasOnlyElementsOfType(Message.Round.class);
        assertThat(admitted(asked)).isEmpty();
        List<Effect> effects = node.hear(1, new Message.Agreement());
        assertRefused(effects, 2, Reason.NAME_TAKEN, "n2");
        assertThat(hungUp(effects)).containsExactly(2L);
        assertThat(admitted(node.later(2_000))).isEmpty();
    }

    @Test
    void a_newcomer_that_is_refused_its_name_stops_with_an_error() {
        node.feed(new Event.Connected(1, true));
        List<Effect> effects = node.hear(1, new Refusal(Reason.NAME_TAKEN, "a live process is named 'n1'", "n5"));
        assertThat(Lone.only(effects, Effect.Stop.class))
                .singleElement()
                .satisfies(stop -> assertThat(stop.why()).contains("n5", "n1"));
        assertThat(node.offer(1)).as("what was stopped does nothing more").isEmpty();
    }

    @Test
    void a_newcomer_in_a_cluster_stops_and_nobody_else_notices() {
        Stage stage = new Stage(1);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3", "n1");
        stage.run(3_000);
        Stage.Wire link = stage.between("n1", "n2");
        Stage.Actor twin = stage.twin("n2", new Disk());
        stage.dial(twin, stage.actors.get("n1"));
        stage.run(3_000);
        assertThat(twin.stopped).contains("n1", "n2");
        assertThat(stage.between("n1", "n2")).isSameAs(link);
        assertThat(stage.actors.get("n2").stopped).isNull();
        assertThat(stage.actors.get("n1").view().linked()).isEqualTo(2);
        assertThat(stage.actors.get("n3").view().linked()).isEqualTo(2);
    }

    @Test
    void an_incumbent_that_stays_silent_for_two_seconds_is_replaced() {
        newcomer(2);
        assertThat(admitted(node.later(1_999))).isEmpty();
        List<Effect> effects = node.later(1);
        assertThat(hungUp(effects)).containsExactly(1L);
        assertThat(admitted(effects)).containsExactly(2L);
    }

    @Test
    void a_half_open_incumbent_gives_way_to_its_own_restart() {
        Stage stage = new Stage(1);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.run(3_000);
        stage.between("n1", "n2").cut = true;
        stage.actors.get("n2").up = false;
        Stage.Actor restarted = stage.twin("n2", new Disk());
        stage.dial(restarted, stage.actors.get("n1"));
        stage.run(1_900);
        assertThat(stage.actors.get("n1").view().members().getLast().register().epoch())
                .isLessThan(restarted.view().stream().epoch());
        stage.run(200);
        assertThat(restarted.stopped).isNull();
        assertThat(restarted.view().linked()).isEqualTo(1);
        assertThat(stage.actors.get("n1").view().members().getLast().register().epoch())
                .isEqualTo(restarted.view().stream().epoch());
    }

    @Test
    void when_the_incumbent_hangs_up_the_newcomer_is_let_in_at_once() {
        newcomer(2);
        assertThat(admitted(node.feed(new Event.Disconnected(1)))).containsExactly(2L);
    }

    @Test
    void a_newcomer_that_dials_twice_is_not_mistaken_for_a_third_process() {
        node.meet(1, incumbent);
        Hello hello = node.hello("n2", Lone.WALL_MILLIS + 1, false);
        node.meet(2, hello);
        assertRefused(node.meet(3, hello), 3, Reason.DUPLICATE, "linked");
        node.feed(new Event.Disconnected(2));
        assertThat(hungUp(node.meet(4, hello))).isEmpty();
        assertThat(admitted(node.later(2_000))).containsExactly(4L);
    }

    @Test
    void of_two_processes_that_wait_for_a_name_the_later_goes_on_because_the_earlier_may_be_gone_too() {
        newcomer(2);
        List<Effect> effects = node.meet(3, node.hello("n2", Lone.WALL_MILLIS + 2, false));
        assertRefused(effects, 2, Reason.NAME_TAKEN, "n2");
        assertRefused(node.meet(4, node.hello("n2", Lone.WALL_MILLIS + 1, false)), 4, Reason.NAME_TAKEN, "n2");
        assertThat(admitted(node.later(2_000))).containsExactly(3L);
    }

    @Test
    void what_an_incumbent_said_before_it_died_does_not_save_its_name() {
        node.meet(1, incumbent);
        assertThat(Lone.said(node.later(2_000), 1)).hasAtLeastOneElementOfType(Message.Round.class);
        node.meet(2, node.hello("n2", Lone.WALL_MILLIS + 1, false));
        assertThat(Lone.said(node.hear(1, new Message.Pong()), 2)).isEmpty();
        assertThat(Lone.said(node.hear(1, new Message.Agreement()), 2)).isEmpty();
        assertThat(admitted(node.later(2_000))).containsExactly(2L);
    }

    @Test
    void nor_does_another_link_on_which_it_had_said_hello() {
        newcomer(2);
        List<Effect> effects = node.meet(3, incumbent);
        assertThat(hungUp(effects)).containsExactly(1L);
        assertThat(Lone.said(effects, 3).getLast()).isInstanceOf(Message.Round.class);
        assertThat(admitted(node.later(2_000))).containsExactly(2L);
    }

    @Test
    void a_newcomer_that_waits_when_an_established_process_comes_is_told_so() {
        newcomer(2);
        List<Effect> effects = node.meet(3, node.hello("n2", Lone.WALL_MILLIS + 2, true));
        assertThat(admitted(effects)).containsExactly(3L);
        assertRefused(effects, 2, Reason.NAME_TAKEN, "n2");
    }

    @Test
    void a_process_earlier_than_one_that_is_known_is_refused() {
        Hello hello = node.hello("n2", 500, true);
        node.meet(1, hello);
        node.hear(1, Lone.active(hello));
        node.feed(new Event.Disconnected(1));
        assertRefused(node.meet(2, node.hello("n2", 499, true)), 2, Reason.NAME_TAKEN, "n2");
    }

    @Test
    void what_an_earlier_process_said_before_it_died_does_not_take_the_link_of_a_later_one() {
        node.meet(1, node.hello("n2", 2_000_000, false));
        List<Effect> effects = node.meet(2, node.hello("n2", 1_500_000, true));
        assertThat(Lone.only(Lone.said(effects, 2), Refusal.class)).hasSize(1);
        assertThat(Lone.only(effects, Effect.Admit.class)).isEmpty();
    }

    @Test
    void who_asks_for_a_name_is_not_refused_for_what_an_earlier_process_said_before_it_died() {
        node.meet(1, node.hello("n2", 1_500_000, true));
        node.meet(2, node.hello("n2", 3_000_000, false));
        List<Effect> effects = node.meet(3, node.hello("n2", 2_000_000, true));
        assertThat(Lone.said(effects, 2)).isEmpty();
        assertThat(Lone.only(node.later(2_000), Effect.Admit.class)).containsExactly(new Effect.Admit(2, "n2"));
    }

    @Test
    void of_two_established_processes_of_one_name_the_older_stops() {
        long ours = node.view().stream().epoch();
        node.meet(1, node.hello("n2"));
        assertRefused(node.meet(2, node.hello("n1", ours - 1, true)), 2, Reason.NAME_TAKEN, "n1");
        assertThat(Lone.only(node.all, Effect.Stop.class)).isEmpty();
        List<Effect> effects = node.meet(3, node.hello("n1", ours + 1, true));
        assertThat(Lone.only(effects, Effect.Stop.class)).hasSize(1);
    }

    @Test
    void a_process_that_nobody_admitted_yields_to_an_older_one_that_somebody_did() {
        long ours = node.view().stream().epoch();
        List<Effect> effects = node.meet(1, node.hello("n1", ours - 1, true));
        assertThat(Lone.only(effects, Effect.Stop.class)).hasSize(1);
        assertThat(Lone.said(effects, 1)).noneMatch(Message.Refusal.class::isInstance);
    }

    @Test
    void a_node_that_hears_of_a_later_process_of_its_name_stops() {
        node.meet(1, node.hello("n2"));
        Hello later = node.hello("n1", node.view().stream().epoch() + 1, true);
        List<Effect> effects = node.hear(1, Lone.active(later));
        assertThat(Lone.only(effects, Effect.Stop.class))
                .singleElement()
                .satisfies(stop -> assertThat(stop.why()).contains("n1", "later"));
    }

    @Test
    void a_node_whose_epoch_another_disk_of_its_name_has_had_stops() {
        node.meet(1, node.hello("n2"));
        long epoch = node.view().stream().epoch();
        DiskId highest = new DiskId(-1, -1);
        List<Effect> effects =
                node.hear(1, Lone.active(new Hello("test", 1, 1, "n1", epoch, 7, 3, highest, true, "1.0")));
        assertThat(Lone.only(effects, Effect.Stop.class)).hasSize(1);
        assertThat(node.view().disk()).isNotEqualTo(highest);
    }

    @Test
    void two_processes_of_one_name_that_a_partition_kept_apart_end_as_one() {
        Stage stage = new Stage(1);
        stage.start("n1");
        stage.start("n2", "n1");
        stage.start("n3");
        stage.run(3_000);
        Stage.Actor twin = stage.twin("n2", new Disk());
        stage.run(5);
        stage.dial(twin, stage.actors.get("n3"));
        stage.run(3_000);
        stage.dial("n1", "n3");
        stage.run(3_000);
        assertThat(stage.actors.get("n2").stopped).as("the older").contains("n2");
        assertThat(twin.stopped).as("the younger").isNull();
    }
}
