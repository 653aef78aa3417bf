package dev.rumor.core.holding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import org.junit.jupiter.api.Test;

class HolderTest {

    private static Claim claim(String origin, long epoch) {
        return new Claim(new Stream(origin, epoch), 7, Intervals.of(1, 3));
    }

    /// By them an older copy of its disk is known for what it is.
    @Test
    void of_much_that_a_disk_held_the_newest_epochs_are_told() {
        Holder holder = new Holder(new DiskId(1, 1));
        for (int epoch = 1; epoch <= 100; epoch++) {
            holder.add(claim("a", epoch));
        }
        holder.add(claim("z", 1_000));
        holder.add(claim("b", 500));
        holder.add(new Claim(new Stream("c", 900), 7, Intervals.of(1, 1).plus(3, 3)));
        assertThat(holder.newest(3)).containsExactly(claim("z", 1_000), claim("b", 500), claim("a", 100));
    }
}
