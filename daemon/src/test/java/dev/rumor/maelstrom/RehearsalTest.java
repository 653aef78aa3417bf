package dev.rumor.maelstrom;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalTest {

    /// Of what all hold a relay tells all at once: that had better not be for the first time.
    @ParameterizedTest
    @ValueSource(longs = {0, 600})
    void what_a_relay_says_is_rehearsed_and_every_answer(long budgetMillis) {
        List<String> said = new ArrayList<>();
        Rehearsal.of(
                new MaelstromHost.Options(Optional.empty(), Duration.ofMillis(budgetMillis), Duration.ofSeconds(1), 3),
                said::add);
        assertThat(said)
                .anyMatch(line -> line.contains("\"confirmed\"") && !line.contains("\"held\":[]"))
                .anyMatch(line -> line.contains("\"run\""))
                .anyMatch(line -> line.contains("\"init_ok\""))
                .anyMatch(line -> line.contains("\"echo_ok\""))
                .anyMatch(line -> line.contains("\"generate_ok\""))
                .anyMatch(line -> line.contains("\"broadcast_ok\""))
                .anyMatch(line -> line.contains("\"add_ok\""))
                .anyMatch(line -> line.contains("\"read_ok\""));
    }
}
