package dev.rumor.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.message.Register.End;
import dev.rumor.core.message.Register.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RegisterTest {

    private static final DiskId DISK = new DiskId(1, 1);

    private static Register register(long epoch, DiskId disk) {
        return new Register("n1", epoch, 1, State.ACTIVE, disk, List.of(), 1, 1, "1.0", List.of(), List.of());
    }

    /// What an owner and two who evict it may say of one name: restarts on the same disk and on another, raises that
    /// are made at the moment of the evictions, and its leaving.
    private static List<Register> said() {
        Register first = register(10, DISK);
        Register raised = first.raised(List.of(new End(5, 7)));
        Register again = register(20, DISK);
        Register other = register(30, new DiskId(2, 2));
        return List.of(
                first,
                raised,
                first.departed(State.EVICTED, 8),
                raised.departed(State.EVICTED, 9),
                raised.departed(State.LEFT, 9),
                again,
                again.raised(List.of()),
                other,
                other.departed(State.EVICTED, 3));
    }

    @Test
    void in_whatever_order_and_however_often_registers_are_heard_the_same_follows() {
        SplittableRandom dice = new SplittableRandom(1);
        Register all = said().stream().reduce(Register::merge).orElseThrow();
        for (int round = 0; round < 10_000; round++) {
            List<Register> left = new ArrayList<>(said());
            left.addAll(said());
            while (left.size() > 1) {
                Register one = left.remove(dice.nextInt(left.size()));
                Register two = left.remove(dice.nextInt(left.size()));
                left.add(one.merge(two));
            }
            assertThat(left).containsExactly(all);
        }
    }

    @Test
    void who_left_or_was_evicted_more_often_than_a_register_lists_is_still_known_to_be_gone() {
        Register former = register(1, new DiskId(1_000, 0));
        for (long k = 1; k <= 2 * Register.MAX_LISTED; k++) {
            Register again = register(10 * k, new DiskId(1_000 - k, 0)).merge(former);
            former = again.departed(State.LEFT, k);
            assertThat(former.ended()).contains(again.disk()).hasSizeLessThanOrEqualTo(Register.MAX_LISTED);
            assertThat(again.merge(again.departed(State.EVICTED, k)).isMember()).isFalse();
        }
    }

    @Test
    void an_owner_that_raises_its_register_while_it_is_evicted_is_evicted() {
        Register first = register(10, DISK);
        Register evicted = first.departed(State.EVICTED, 8);
        Register raised = first.raised(List.of(new End(5, 7)));
        for (Register each : List.of(raised, raised.raised(State.ACTIVE), register(20, DISK))) {
            assertThat(each.merge(evicted)).isEqualTo(evicted.merge(each));
            assertThat(each.merge(evicted).standing()).isEqualTo(State.EVICTED);
            assertThat(each.merge(evicted).isMember()).isFalse();
            assertThat(each.merge(evicted).isActive()).isFalse();
        }
        assertThat(register(20, new DiskId(2, 2)).merge(evicted).isActive())
                .as("on another disk")
                .isTrue();
    }

    @Test
    void who_left_and_is_evicted_at_once_is_evicted() {
        Register first = register(10, DISK);
        assertThat(first.departed(State.LEFT, 8)
                        .merge(first.departed(State.EVICTED, 7))
                        .standing())
                .isEqualTo(State.EVICTED);
        assertThat(first.departed(State.LEFT, 8).standing()).isEqualTo(State.LEFT);
    }

    @Test
    void a_departure_names_the_last_epochs_end_unless_it_is_empty() {
        assertThat(register(10, DISK).departed(State.LEFT, 8).ends()).containsExactly(new End(10, 8));
        assertThat(register(10, DISK).departed(State.LEFT, 0).ends()).isEmpty();
        assertThat(register(10, DISK).departed(State.LEFT, 0).version()).isEqualTo(2);
    }

    @Test
    void no_more_is_listed_than_may_be() {
        List<End> ends =
                LongStream.rangeClosed(1, 64).mapToObj(k -> new End(k, 1)).toList();
        assertThat(register(100, DISK).raised(ends).departed(State.LEFT, 1).ends())
                .hasSize(64)
                .endsWith(new End(100, 1))
                .startsWith(new End(2, 1));
        Register many = LongStream.rangeClosed(1, 100)
                .mapToObj(k -> register(k, new DiskId(3, k)).departed(State.EVICTED, 0))
                .reduce(Register::merge)
                .orElseThrow();
        assertThat(many.ended()).hasSize(64).endsWith(new DiskId(3, 100));
    }
}
