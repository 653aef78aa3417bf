package dev.rumor.simulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private final Agenda agenda = new Agenda();

    private record Rung(long at, int number) {}

    @Test
    void things_happen_when_they_are_due_and_at_one_instant_in_the_order_in_which_they_were_added() {
        SplittableRandom dice = new SplittableRandom(1);
        List<Rung> asked = new ArrayList<>();
        List<Rung> rung = new ArrayList<>();
        for (int k = 0; k < 5_000; k++) {
            Rung each = new Rung(dice.nextInt(1_000), k);
            asked.add(each);
            agenda.at(each.at, () -> {
                assertThat(agenda.now()).isEqualTo(each.at);
                rung.add(each);
            });
        }
        agenda.run(2_000);
        asked.sort(Comparator.comparingLong(Rung::at).thenComparingInt(Rung::number));
        assertThat(rung).isEqualTo(asked);
        assertThat(agenda.now()).isEqualTo(2_000);
    }

    @Test
    void what_is_due_later_waits() {
        List<Long> rung = new ArrayList<>();
        agenda.at(10, () -> rung.add(agenda.now()));
        agenda.at(11, () -> rung.add(agenda.now()));
        agenda.run(10);
        assertThat(rung).containsExactly(10L);
        assertThat(agenda.size()).isEqualTo(1);
    }

    @Test
    void time_never_goes_back() {
        List<Long> rung = new ArrayList<>();
        agenda.run(100);
        agenda.at(5, () -> rung.add(agenda.now()));
        agenda.run(50);
        agenda.run(100);
        assertThat(rung).containsExactly(100L);
    }
}
