package dev.rumor.workbench.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Host;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Schemes of which one knows what they cost and how long they take come out so. The hub's figures are those of an
/// independent model of Maelstrom; they hold within a few percent of it.
class FiguresIT {

    private static final String CHALLENGE = "--nodes 25 --rate 100 --latency 100 ";

    @Test
    void a_flat_push_costs_24_messages_per_broadcast_and_takes_one_latency() {
        Result result = run(CHALLENGE, 1, () -> new Flooding(Workload.BROADCAST));
        assertThat(result.faults()).isEmpty();
        assertThat(result.messagesPerWrite()).isEqualTo(24);
        assertThat(result.messagesPerOperation()).isCloseTo(12, withPercentage(8));
        assertThat(result.latencyMillis(0.5)).isCloseTo(82, within(5L));
        assertThat(result.latencyMillis(1)).isBetween(98L, 100L);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 2.06, 175, 199",
        "300, 1.23, 196, 398",
        "380, 1.07, 260, 478",
        "490, 0.95, 326, 588",
        "700, 0.80, 430, 798",
        "1000, 0.71, 570, 1098"
    })
    void a_hub_with_a_window_measures_as_it_would_under_maelstrom(
            long window, double messages, long median, long most) {
        Result result = run(CHALLENGE, 1, () -> new Hub(Duration.ofMillis(window)));
        assertThat(result.faults()).isEmpty();
        assertThat(result.messagesPerOperation()).isCloseTo(messages, withPercentage(5));
        assertThat(result.latencyMillis(0.5)).isCloseTo(median, withPercentage(6));
        assertThat(result.latencyMillis(1)).isCloseTo(most, within(3L));
    }

    @ParameterizedTest
    @CsvSource({"100", "300", "380", "700", "1000"})
    void without_the_blocking_one_sees_the_window_and_both_hops(long window) {
        Result result = run(CHALLENGE + "--no-blocking", 1, () -> new Hub(Duration.ofMillis(window)));
        assertThat(result.latencyMillis(1)).isBetween(window + 190, window + 200);
    }

    @Test
    void what_gossips_survives_cuts_and_what_does_not_is_found_out() {
        String words = CHALLENGE + "--nemesis partition --nemesis-interval 5";
        Result gossiping = run(words, 3, () -> new Gossiping(Workload.BROADCAST));
        assertThat(gossiping.faults()).isEmpty();
        assertThat(gossiping.dropped()).isPositive();
        assertThat(gossiping.level()).isPresent();

        Result flooding = run(words, 3, () -> new Flooding(Workload.BROADCAST));
        assertThat(flooding.lost()).isPositive();
        assertThat(flooding.isValid()).isFalse();
        assertThat(flooding.level()).isEmpty();
    }

    @Test
    void one_sees_whether_records_flow_around_a_ring_of_majorities() {
        String words = CHALLENGE + "--nemesis partition --nemesis-interval 10 --cut majorities-ring";
        Result.Share flooding =
                run(words, 1, () -> new Flooding(Workload.BROADCAST)).around();
        assertThat(flooding.whole()).isPositive();
        assertThat(flooding.part()).isZero();

        Result.Share gossiping =
                run(words, 1, () -> new Gossiping(Workload.BROADCAST)).around();
        assertThat(gossiping.part()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Workload.class,
            names = {"G_SET", "G_COUNTER", "PN_COUNTER", "BROADCAST"})
    void loss_and_duplicates_hurt_nobody_who_gossips(Workload workload) {
        String name = workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String words = "--rate 50 --latency 20 --latency-dist exponential --loss 5 --duplication 5 --workload " + name;
        Result result = run(words, 1, () -> new Gossiping(workload));
        assertThat(result.faults()).isEmpty();
        assertThat(result.dropped()).isPositive();
        assertThat(result.availability()).isEqualTo(1);
    }

    /// Which Maelstrom would not see: it has the last reads follow each other, and the later one shows the value.
    @Test
    void a_value_that_one_node_lacks_at_the_end_is_not_merely_late() {
        Result result = run("--loss 5 --rate 20", 1, () -> new Flooding(Workload.BROADCAST));
        assertThat(result.faults()).contains("the nodes' last reads differ");
    }

    @Test
    void the_same_seed_gives_the_same_run_and_another_seed_another() {
        String words =
                "--rate 20 --latency 50 --latency-dist uniform --loss 10 --nemesis partition --nemesis-interval 3";
        String first = run(words, 1, () -> new Gossiping(Workload.BROADCAST)).toString();
        assertThat(run(words, 1, () -> new Gossiping(Workload.BROADCAST))).hasToString(first);
        assertThat(run(words, 2, () -> new Gossiping(Workload.BROADCAST)).toString())
                .isNotEqualTo(first.replace("seed 1", "seed 2"));
    }

    private static Result run(String words, long seed, Supplier<Host> node) {
        return Workbench.run(Settings.of(words), seed, Agenda.virtual(), name -> node.get());
    }
}
