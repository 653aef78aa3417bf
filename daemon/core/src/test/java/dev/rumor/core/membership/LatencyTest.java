package dev.rumor.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyTest {

    private final Latency latency = new Latency();

    @Test
    void it_is_assumed_until_there_is_a_sample() {
        assertThat(latency.isKnown()).isFalse();
        assertThat(latency.nanos(77)).isEqualTo(77);
        latency.measured(200);
        assertThat(latency.isKnown()).isTrue();
        assertThat(latency.nanos(77)).isEqualTo(100);
    }

    @Test
    void the_shortest_round_trip_counts_and_a_longer_one_for_little() {
        latency.measured(400);
        latency.measured(200);
        latency.measured(840);
        assertThat(latency.nanos(0)).isEqualTo(100 + 320 / Latency.DISBELIEF);
    }

    @Test
    void some_samples_settle_it() {
        for (int k = 0; k < 6; k++) {
            assertThat(latency.isSettled()).isFalse();
            latency.measured(200);
        }
        assertThat(latency.isSettled()).isTrue();
    }
}
