package dev.rumor.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rumor.workbench.Workload.Operation;
import dev.rumor.workbench.Workload.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Times in the histories are milliseconds.
class SetFullTest {

    private final List<Operation> history = new ArrayList<>();

    @Test
    void latency_runs_from_the_acknowledgement_to_the_invocation_of_the_last_read_without_the_value() {
        write(7, 100, 110, Outcome.OK);
        read(300, 390);
        read(310, 320, 7);
        assertThat(check().latenciesMillis()).containsExactly(190L);
        assertThat(check().lost()).isEmpty();
    }

    @Test
    void a_value_that_is_shown_from_the_start_takes_no_time() {
        read(50, 60);
        write(7, 100, 110, Outcome.OK);
        read(105, 120);
        read(130, 140, 7);
        assertThat(check().latenciesMillis()).containsExactly(0L);
    }

    @Test
    void a_value_shown_before_it_was_acknowledged_is_known_from_then_on() {
        write(7, 100, 500, Outcome.OK);
        read(150, 160, 7);
        read(260, 270);
        read(600, 610, 7);
        assertThat(check().latenciesMillis()).containsExactly(100L);
    }

    @Test
    void an_acknowledged_value_that_the_last_read_lacks_is_lost() {
        write(7, 100, 110, Outcome.OK);
        read(200, 210, 7);
        read(300, 310);
        assertThat(check().lost()).containsExactly("7");
        assertThat(check().latenciesMillis()).isEmpty();
    }

    @Test
    void a_value_without_acknowledgement_may_be_missing_but_not_vanish() {
        write(7, 100, 5100, Outcome.UNKNOWN);
        write(8, 100, 5100, Outcome.UNKNOWN);
        read(200, 210, 8);
        read(300, 310);
        assertThat(check().neverRead()).containsExactly("7");
        assertThat(check().lost()).containsExactly("8");
    }

    @Test
    void a_value_that_nobody_read_after_its_acknowledgement_is_not_lost() {
        read(50, 60);
        write(7, 100, 110, Outcome.OK);
        assertThat(check().neverRead()).containsExactly("7");
    }

    @Test
    void a_read_that_failed_says_nothing() {
        write(7, 100, 110, Outcome.OK);
        read(200, 210, 7);
        history.add(operation(Workload.BROADCAST.read(), 300, 310, Outcome.FAILED, null));
        assertThat(check().latenciesMillis()).containsExactly(0L);
    }

    @Test
    void values_shown_twice_or_from_nowhere_are_counted() {
        write(7, 100, 110, Outcome.OK);
        read(200, 210, 7, 7, 9);
        assertThat(check().duplicates()).isEqualTo(1);
        assertThat(check().strangers()).containsExactly("9");
    }

    @Test
    void a_quantile_is_the_element_below_which_its_share_lies() {
        SetFull set = new SetFull(List.of(1L, 2L, 3L, 4L), List.of(), List.of(), 0, List.of());
        assertThat(set.quantileMillis(0)).isEqualTo(1);
        assertThat(set.quantileMillis(0.5)).isEqualTo(3);
        assertThat(set.quantileMillis(0.99)).isEqualTo(4);
        assertThat(set.quantileMillis(1)).isEqualTo(4);
    }

    private SetFull check() {
        return SetFull.of(history);
    }

    private void write(long value, long invoked, long completed, Outcome outcome) {
        Workload.Request request = new Workload.Request("broadcast", "message", Message.JSON.numberNode(value), "");
        history.add(operation(request, invoked, completed, outcome, null));
    }

    private void read(long invoked, long completed, int... values) {
        ArrayNode answer = Message.JSON.arrayNode();
        for (int value : values) {
            answer.add(value);
        }
        history.add(operation(Workload.BROADCAST.read(), invoked, completed, Outcome.OK, answer));
    }

    private static Operation operation(
            Workload.Request request, long invoked, long completed, Outcome outcome, ArrayNode answer) {
        return new Operation(request, 0, false, invoked * 1_000_000, completed * 1_000_000, outcome, answer);
    }
}
