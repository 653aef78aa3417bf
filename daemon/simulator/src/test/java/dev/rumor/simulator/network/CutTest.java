package dev.rumor.simulator.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CutTest {

    private static final int HOSTS = 9;

    private static Cut cut(Cut.Shape shape) {
        return shape.among(HOSTS, new SplittableRandom(3));
    }

    private static long heardBy(Cut cut, int host) {
        long count = 0;
        for (int other = 0; other < HOSTS; other++) {
            count += cut.passes(other, host) ? 1 : 0;
        }
        return count;
    }

    private static long hostsThatHear(Cut cut, long others) {
        long count = 0;
        for (int host = 0; host < HOSTS; host++) {
            count += heardBy(cut, host) == others ? 1 : 0;
        }
        return count;
    }

    @Test
    void halves_hear_themselves_alone() {
        assertThat(hostsThatHear(cut(Cut.Shape.HALVES), 4)).isEqualTo(4);
        assertThat(hostsThatHear(cut(Cut.Shape.HALVES), 5)).isEqualTo(5);
    }

    @Test
    void one_host_alone_hears_itself() {
        assertThat(hostsThatHear(cut(Cut.Shape.ONE), 1)).isEqualTo(1);
        assertThat(hostsThatHear(cut(Cut.Shape.ONE), HOSTS - 1)).isEqualTo(HOSTS - 1);
    }

    @Test
    void a_bridge_hears_everybody_and_is_heard_by_all() {
        assertThat(hostsThatHear(cut(Cut.Shape.BRIDGE), HOSTS)).isEqualTo(1);
        assertThat(hostsThatHear(cut(Cut.Shape.BRIDGE), 5)).isEqualTo(8);
    }

    @Test
    void in_a_ring_all_hear_a_majority_and_nobody_everybody() {
        assertThat(hostsThatHear(cut(Cut.Shape.RING), 5)).isEqualTo(HOSTS);
    }

    @Test
    void one_way_half_are_heard_by_nobody_else_and_hear_all() {
        Cut cut = cut(Cut.Shape.ONE_WAY);
        assertThat(hostsThatHear(cut, HOSTS)).isEqualTo(4);
        assertThat(hostsThatHear(cut, 5)).isEqualTo(5);
    }
}
