package dev.rumor.simulator.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DelayTest {

    static Stream<Delay> delays() {
        Duration ten = Duration.ofMillis(10);
        return Stream.of(
                Delay.constant(ten),
                Delay.uniform(ten, Duration.ofMillis(50)),
                Delay.exponential(ten, Duration.ofMillis(20)),
                Delay.pareto(ten, 1.5));
    }

    @ParameterizedTest
    @MethodSource("delays")
    void half_of_all_take_longer_than_the_median_and_none_less_than_the_least(Delay delay) {
        SplittableRandom dice = new SplittableRandom(7);
        int longer = 0;
        for (int k = 0; k < 10_000; k++) {
            long nanos = delay.nanos(dice);
            assertThat(nanos).isBetween(10_000_000L, Delay.MOST_NANOS);
            longer += nanos > delay.medianNanos() ? 1 : 0;
        }
        if (!(delay instanceof Delay.Constant)) {
            assertThat(longer).isCloseTo(5_000, within(200));
        }
    }
}
