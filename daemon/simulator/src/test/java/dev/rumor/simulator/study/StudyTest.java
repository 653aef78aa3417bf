package dev.rumor.simulator.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudyTest {

    private static final Study.Watcher NOBODY = new Study.Watcher() {};

    private static Plan plan(int nodes, int mesh, List<Plan.Span> cuts, double crash, boolean linked, boolean joining) {
        return new Plan(
                nodes,
                3,
                mesh,
                10,
                100,
                0.02,
                Delay.constant(Duration.ofMillis(10)),
                Delay.constant(Duration.ofMillis(1)),
                cuts,
                crash,
                Duration.ofSeconds(10),
                7,
                linked,
                joining,
                Duration.ofSeconds(1));
    }

    private static Plan fair(int nodes, int mesh) {
        return plan(nodes, mesh, List.of(), 0, true, false);
    }

    @Test
    void the_same_plan_has_the_same_findings() {
        Plan plan = plan(12, 4, List.of(new Plan.Span(Duration.ofSeconds(2), Duration.ofSeconds(5))), 0.2, true, false);
        assertThat(Study.of(plan, NOBODY)).isEqualTo(Study.of(plan, NOBODY));
    }

    @Test
    void in_a_mesh_each_record_comes_to_each_node_once_and_in_one_hop_unless_it_was_lost_on_the_way() {
        Findings findings = Study.of(fair(10, 64), NOBODY);
        assertThat(findings.isComplete()).isTrue();
        assertThat(findings.records()).isPositive().isEqualTo(findings.everywhere());
        assertThat(findings.deliveries()).isEqualTo(9 * findings.records());
        // What the network lost comes a fifth of a second later, and was asked for by then.
        assertThat(findings.copies()).isBetween(1.0, 1.1);
        assertThat(findings.hops().mean()).isBetween(1.0, 1.1);
    }

    @Test
    void beyond_a_mesh_records_are_flooded() {
        Findings findings = Study.of(fair(30, 8), NOBODY);
        assertThat(findings.isComplete()).isTrue();
        assertThat(findings.copies()).isBetween(4.0, 7.5);
        assertThat(findings.hops().mean()).isGreaterThan(1);
        assertThat(findings.coverage().all().medianNanos())
                .isGreaterThan(findings.coverage().half().medianNanos());
    }

    @Test
    void what_is_cut_off_or_down_is_repaired_in_rounds() {
        Plan plan = plan(20, 8, List.of(new Plan.Span(Duration.ofSeconds(2), Duration.ofSeconds(6))), 0.2, true, false);
        Findings findings = Study.of(plan, NOBODY);
        assertThat(findings.isComplete()).isTrue();
        assertThat(findings.crashes()).isEqualTo(4);
        assertThat(findings.repaired()).isPositive();
        assertThat(findings.course().faults()).extracting(Findings.Fault::what).contains("cut into halves", "heal");
        assertThat(findings.course().down()).anyMatch(down -> down > 0);
    }

    @Test
    void without_links_what_is_lost_is_asked_for() {
        Findings findings = Study.of(plan(10, 64, List.of(), 0, false, false), NOBODY);
        assertThat(findings.isComplete()).isTrue();
        assertThat(findings.repaired()).isPositive();
    }

    @Test
    void a_cluster_that_joins_one_by_one_forms_first() {
        Findings findings = Study.of(plan(20, 8, List.of(), 0, true, true), NOBODY);
        assertThat(findings.isComplete()).isTrue();
        assertThat(findings.deliveries()).isEqualTo(19 * findings.records());
    }

    @Test
    void each_record_that_is_everywhere_is_told_of_once() {
        List<Integer> told = new ArrayList<>();
        Findings findings = Study.of(fair(5, 64), new Study.Watcher() {
            @Override
            public void everywhere(int number, long afterNanos) {
                assertThat(afterNanos).isPositive();
                told.add(number);
            }
        });
        assertThat(told).doesNotHaveDuplicates().hasSize((int) findings.records());
    }

    @Test
    void what_cannot_be_simulated_is_refused_with_the_limit() {
        assertThat(plan(66, 64, List.of(), 0, false, false).refusal())
                .get()
                .asString()
                .contains("1 to 65, not 66");
        assertThat(plan(10, 64, List.of(), 0, false, true).refusal())
                .get()
                .asString()
                .contains("--join needs links");
        Plan.Span late = new Plan.Span(Duration.ofSeconds(5), Duration.ofSeconds(11));
        assertThat(plan(10, 64, List.of(late), 0, true, false).refusal())
                .get()
                .asString()
                .contains("10 s", "11.0 s");
        assertThat(fair(10, 64).refusal()).isEmpty();
    }
}
