package dev.rumor.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Against a naive set of numbers, over many seeds: sparse and dense, empty, and contiguous from 1.
class IntervalsTest {

    private static final int SEEDS = 20_000;
    private static final int UNIVERSE = 80;

    private static BitSet draw(SplittableRandom dice) {
        BitSet set = new BitSet();
        switch (dice.nextInt(4)) {
            case 0 -> set.set(1, 1 + dice.nextInt(UNIVERSE));
            case 1 -> {
                int density = 1 + dice.nextInt(9);
                for (int k = 1; k <= UNIVERSE; k++) {
                    set.set(k, dice.nextInt(10) < density);
                }
            }
            default -> {
                for (int k = dice.nextInt(5); k > 0; k--) {
                    int from = 1 + dice.nextInt(UNIVERSE);
                    set.set(from, from + dice.nextInt(1 + UNIVERSE - from) + 1);
                }
            }
        }
        return set;
    }

    private static Intervals of(BitSet set) {
        long[] bounds = new long[2 * set.cardinality()];
        int size = 0;
        for (int from = set.nextSetBit(0); from >= 0; from = set.nextSetBit(set.nextClearBit(from))) {
            bounds[size++] = from;
            bounds[size++] = set.nextClearBit(from) - 1;
        }
        return Intervals.ofBounds(Arrays.copyOf(bounds, size));
    }

    @Test
    void union_difference_and_intersection_are_those_of_sets() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            BitSet a = draw(dice);
            BitSet b = draw(dice);
            BitSet plus = (BitSet) a.clone();
            plus.or(b);
            BitSet minus = (BitSet) a.clone();
            minus.andNot(b);
            BitSet and = (BitSet) a.clone();
            and.and(b);
            assertThat(of(a).plus(of(b))).as("seed %s: %s plus %s", seed, a, b).isEqualTo(of(plus));
            assertThat(of(a).minus(of(b)))
                    .as("seed %s: %s minus %s", seed, a, b)
                    .isEqualTo(of(minus));
            assertThat(of(a).and(of(b))).as("seed %s: %s and %s", seed, a, b).isEqualTo(of(and));
            assertThat(of(a).containsAll(of(b)))
                    .as("seed %s: %s contains all of %s", seed, a, b)
                    .isEqualTo(minus(b, a).isEmpty());
        }
    }

    private static BitSet minus(BitSet a, BitSet b) {
        BitSet left = (BitSet) a.clone();
        left.andNot(b);
        return left;
    }

    @Test
    void a_range_is_added_and_found_like_a_set_of_its_numbers() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            BitSet a = draw(dice);
            int from = 1 + dice.nextInt(UNIVERSE);
            int to = from - 1 + dice.nextInt(UNIVERSE - from + 2);
            BitSet plus = (BitSet) a.clone();
            plus.set(from, to + 1);
            assertThat(of(a).plus(from, to))
                    .as("seed %s: %s plus %s..%s", seed, a, from, to)
                    .isEqualTo(of(plus));
            if (from <= to) {
                assertThat(of(a).contains(from, to))
                        .as("seed %s: %s contains %s..%s", seed, a, from, to)
                        .isEqualTo(plus.equals(a));
            }
        }
    }

    @Test
    void counts_and_marks_are_those_of_the_set() {
        for (int seed = 0; seed < SEEDS; seed++) {
            BitSet set = draw(new SplittableRandom(seed));
            Intervals intervals = of(set);
            assertThat(intervals.count()).isEqualTo(set.cardinality());
            assertThat(intervals.last()).isEqualTo(Math.max(0, set.length() - 1));
            assertThat(intervals.contiguous()).isEqualTo(set.nextClearBit(1) - 1);
            assertThat(intervals.isEmpty()).isEqualTo(set.isEmpty());
            assertThat(intervals).hasSameHashCodeAs(of((BitSet) set.clone()));
        }
    }

    @Test
    void bounds_come_back_as_they_were_given() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Intervals intervals = of(draw(new SplittableRandom(seed)));
            long[] bounds = new long[2 * intervals.size()];
            for (int k = 0; k < intervals.size(); k++) {
                bounds[2 * k] = intervals.from(k);
                bounds[2 * k + 1] = intervals.to(k);
            }
            assertThat(Intervals.ofBounds(bounds)).isEqualTo(intervals);
        }
    }

    @Test
    void the_far_end_of_the_numbers_is_handled_like_any_other() {
        long end = Long.MAX_VALUE - 1;
        Intervals tail = Intervals.ofBounds(5, end);
        assertThat(tail.plus(1, 4)).isEqualTo(Intervals.of(1, end));
        assertThat(tail.minus(Intervals.of(7, end))).isEqualTo(Intervals.of(5, 6));
        assertThat(Intervals.of(1, end).minus(tail)).isEqualTo(Intervals.of(1, 4));
        assertThat(Intervals.of(1, end).and(tail)).isEqualTo(tail);
        assertThat(Intervals.of(1, end).count()).isEqualTo(end);
    }

    @Test
    void bounds_that_are_no_set_are_refused() {
        long[][] wrong = {
            {0, 3}, {-1, 3}, {3, 2}, {1, 2, 3, 4}, {1, 2, 2, 4}, {5, 6, 1, 2}, {1}, {1, 2, 5}, {1, Long.MAX_VALUE}
        };
        for (long[] bounds : wrong) {
            assertThatThrownBy(() -> Intervals.ofBounds(bounds)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void people_read_it_as_ranges() {
        assertThat(Intervals.ofBounds(1, 40, 43, 43, 50, 51)).hasToString("1-40,43,50-51");
        assertThat(Intervals.NONE).hasToString("-");
    }
}
