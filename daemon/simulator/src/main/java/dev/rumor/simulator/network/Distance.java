package dev.rumor.simulator.network;

import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.List;

/// How far apart two hosts are: everywhere the same, or by regions.
public sealed interface Distance {

    Delay between(int from, int to);

    record Everywhere(Delay delay) implements Distance {
        @Override
        public Delay between(int from, int to) {
            return delay;
        }
    }

    /// Hosts belong to the regions by turns; `delays` has a row for each region one speaks from, and in it a column for
    /// each that one speaks to.
    record Regions(List<List<Delay>> delays) implements Distance {
        public Regions {
            if (delays.isEmpty() || delays.stream().anyMatch(row -> row.size() != delays.size())) {
                throw new IllegalArgumentException("regions are a square of delays, not " + delays);
            }
        }

        public int region(int host) {
            return host % delays.size();
        }

        @Override
        public Delay between(int from, int to) {
            return delays.get(region(from)).get(region(to));
        }
    }

    static Distance everywhere(Delay delay) {
        return new Everywhere(delay);
    }

    /// Regions that are so far from each other, one way, with a fifth of jitter.
    ///
    /// @param millis a square; the diagonal is the distance within a region
    static Distance regions(long[][] millis) {
        return new Regions(java.util.Arrays.stream(millis)
                .map(row -> java.util.Arrays.stream(row)
                        .mapToObj(each -> Delay.uniform(Duration.ofMillis(each), Duration.ofMillis(each * 6 / 5)))
                        .toList())
                .toList());
    }
}
