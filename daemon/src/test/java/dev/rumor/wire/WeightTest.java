package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.message.Message;
import dev.rumor.simulator.network.Weight;
import org.junit.jupiter.api.Test;

/// The simulator knows no wire, and yet what a message takes there.
class WeightTest {

    @Test
    void the_simulator_counts_for_each_message_the_bytes_that_it_takes_on_the_wire() {
        for (Message said : Sayings.ALL) {
            assertThat(Weight.of(said)).as(said.toString()).isEqualTo(PeerCodec.encode(said).length);
        }
    }
}
