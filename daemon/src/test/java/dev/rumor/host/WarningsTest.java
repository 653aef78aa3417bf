package dev.rumor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningsTest {

    private final List<String> log = new ArrayList<>();
    private long now;
    private final Warnings warnings = new Warnings(log::add, () -> now);

    @Test
    void ofEachKindOneIsSaidAMinuteAndTheOthersAreCounted() {
        for (int k = 0; k < 1_000; k++) {
            warnings.say("garbage", "garbage from " + k);
        }
        warnings.say("HTTP", "a browser");
        assertThat(log).containsExactly("garbage from 0", "a browser");
        now += Duration.ofMinutes(1).toNanos();
        warnings.say("garbage", "garbage again");
        assertThat(log).last().isEqualTo("garbage again (and 999 more like it before)");
    }

    @Test
    void whoeverMakesUpNewKindsDoesNotFillTheLogEither() {
        for (int k = 0; k < 1_000; k++) {
            warnings.say("a peer of cluster " + k);
        }
        assertThat(log).hasSize(Warnings.MOST_KINDS + 1).last().asString().contains("left unsaid");
    }
}
