package dev.rumor.simulator.network;

import dev.rumor.simulator.time.Delay;
import java.time.Duration;

/// What a network is like while nobody breaks it.
///
/// @param distance how long a message takes
/// @param bytesPerSecond what one direction of one link carries, 0 for no limit
/// @param loss the share of messages that are lost; where there are links they are sent again, and what is behind them
///     waits
/// @param retransmission how long it takes until what was lost is sent again
/// @param duplication the share of messages that arrive twice, where there are no links
/// @param resetsPerSecond how many connections break per second, in the whole network
public record Weather(
        Distance distance,
        long bytesPerSecond,
        double loss,
        Duration retransmission,
        double duplication,
        double resetsPerSecond) {

    /// A good network in one place.
    public static final Weather FAIR =
            new Weather(Distance.everywhere(Delay.constant(Duration.ofMillis(1))), 0, 0, Duration.ofMillis(200), 0, 0);

    public Weather {
        require(bytesPerSecond >= 0, "the bandwidth is 0 (no limit) or more, not " + bytesPerSecond);
        require(loss >= 0 && loss < 1, "the loss is 0 to below 1, not " + loss);
        require(duplication >= 0 && duplication <= 1, "the duplication is 0 to 1, not " + duplication);
        require(resetsPerSecond >= 0, "resets per second are 0 or more, not " + resetsPerSecond);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    public Weather withDistance(Distance other) {
        return new Weather(other, bytesPerSecond, loss, retransmission, duplication, resetsPerSecond);
    }

    public Weather withDelay(Delay delay) {
        return withDistance(Distance.everywhere(delay));
    }

    public Weather withBandwidth(long bytes) {
        return new Weather(distance, bytes, loss, retransmission, duplication, resetsPerSecond);
    }

    public Weather withLoss(double share) {
        return new Weather(distance, bytesPerSecond, share, retransmission, duplication, resetsPerSecond);
    }

    public Weather withDuplication(double share) {
        return new Weather(distance, bytesPerSecond, loss, retransmission, share, resetsPerSecond);
    }
}
