package dev.rumor.core.holding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.message.Register.State;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollcallTest {

    private static final Stream STREAM = new Stream("n1", 5);
    private static final Intervals KNOWN = Intervals.of(1, 9);
    private static final List<Register> MEMBERS = List.of(member("n2"), member("n3"));

    private final Rollcall rollcall = new Rollcall();

    private static Register member(String name) {
        return new Register(name, 1, 1, State.ACTIVE, new DiskId(1, 1), List.of(), 1, 1, "1.0", List.of(), List.of());
    }

    private Intervals call(Intervals before, Map<String, Intervals> held) {
        return rollcall.call(
                STREAM, KNOWN, before, MEMBERS, (member, stream, others) -> others.and(held.get(member.name())));
    }

    @Test
    void who_did_not_hold_what_the_others_hold_is_waited_for() {
        Intervals before = Intervals.of(1, 3);
        assertThat(call(before, Map.of("n2", Intervals.of(1, 6), "n3", before))).isSameAs(before);
        assertThat(rollcall.waitsFor("n2", STREAM)).isFalse();
        assertThat(rollcall.waitsFor("n3", STREAM)).isTrue();
        assertThat(call(before, Map.of("n2", KNOWN, "n3", KNOWN))).isEqualTo(Intervals.of(1, 6));
        assertThat(call(Intervals.of(1, 6), Map.of("n2", KNOWN, "n3", KNOWN))).isEqualTo(KNOWN);
    }

    /// A relay may tell that all hold what one was waited for to hold; then nothing will come from that one any more.
    @Test
    void nobody_is_waited_for_once_all_hold_by_other_accounts_what_was_asked_for() {
        Intervals before = Intervals.of(1, 3);
        call(before, Map.of("n2", Intervals.of(1, 6), "n3", before));
        assertThat(rollcall.committed(STREAM, Intervals.of(1, 5))).isFalse();
        assertThat(rollcall.waitsFor("n2", STREAM)).isFalse();
        assertThat(rollcall.committed(STREAM, Intervals.of(1, 6))).isTrue();
        assertThat(rollcall.waitsFor("n2", STREAM)).isTrue();
        assertThat(rollcall.committed(STREAM, Intervals.of(1, 6))).isFalse();
    }
}
