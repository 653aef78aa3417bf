package dev.rumor.maelstrom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The Gossip Glomers challenges, with the daemon's own stdio host, in virtual time.
class ChallengesIT {

    private static Result run(String words, long budgetMillis, long seed) {
        Result result = Workbench.run(
                Settings.of(words),
                seed,
                Agenda.virtual(),
                StdioNode.nodes(List.of("--delivery-budget", budgetMillis + "ms"), seed));
        assertThat(result.faults()).as(result.toString()).isEmpty();
        return result;
    }

    @ParameterizedTest
    @CsvSource({"echo", "unique-ids"})
    void neither_echo_nor_unique_ids_take_a_message_between_nodes(String workload) {
        Result result = run("--workload " + workload + " --nodes 3 --rate 1000 --nemesis partition", 0, 1);
        assertThat(result.serverMessages()).isZero();
        assertThat(result.availability()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        // budget, messages per operation, median and longest in ms
        "0, 12.6, 110, 150",
        "600, 1.2, 400, 600",
        "2000, 0.45, 1000, 2000"
    })
    void broadcast_keeps_its_budget_with_few_messages(long budgetMillis, double most, long median, long longest) {
        for (String blocking : new String[] {"", " --no-blocking"}) {
            Result result = run("--nodes 25 --rate 100 --latency 100" + blocking, budgetMillis, 1);
            assertThat(result.messagesPerOperation()).isLessThanOrEqualTo(most);
            assertThat(result.latencyMillis(0.5)).isLessThan(median);
            assertThat(result.latencyMillis(1)).isLessThan(longest);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void broadcast_survives_partitions(long budgetMillis) {
        for (long seed = 1; seed <= 3; seed++) {
            Result result = run(
                    "--nodes 25 --rate 100 --latency 100 --nemesis partition --nemesis-interval 5", budgetMillis, seed);
            assertThat(result.level())
                    .hasValueSatisfying(time -> assertThat(time).isLessThan(Duration.ofSeconds(5)));
        }
    }

    @Test
    void fault_tolerant_broadcast_takes_few_messages() {
        Result result = run("--nodes 5 --rate 10 --nemesis partition", 0, 1);
        assertThat(result.messagesPerOperation()).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"g-set", "g-counter", "pn-counter"})
    void sets_and_counters_take_few_messages(String workload) {
        Result result = run("--workload " + workload + " --nodes 3 --rate 100 --nemesis partition", 2_000, 1);
        assertThat(result.messagesPerOperation()).isLessThanOrEqualTo(0.3);
    }

    @ParameterizedTest
    @CsvSource({"0", "600", "2000"})
    void disorder_loss_and_doubles_change_nothing(long budgetMillis) {
        run("--nodes 25 --rate 100 --latency 100 --latency-dist exponential --loss 5 --duplication 5", budgetMillis, 1);
    }
}
