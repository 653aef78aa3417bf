package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpreadIT {

    private static final int LINES_EACH = 33_400;

    @TempDir
    Path directory;

    @Test
    void linesBroadcastThroughThreeDaemonsAtOnceArriveCompleteOnceAndInOrderAtAllFive() {
        try (FiveDaemons five = FiveDaemons.start(directory)) {
            List<MixedLines> inputs =
                    List.of(MixedLines.of(1, LINES_EACH), MixedLines.of(2, LINES_EACH), MixedLines.of(3, LINES_EACH));
            List<Program> broadcasts = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Path file = inputs.get(i).write(directory.resolve("input" + i), i == 0 ? "" : "\n");
                broadcasts.add(five.get(i).ask("broadcast", "--file", file.toString()));
            }

            Records expected = new Records();
            for (int i = 0; i < inputs.size(); i++) {
                Program broadcast = broadcasts.get(i);
                assertThat(broadcast.exitCode())
                        .as(broadcast.errorLines().toString())
                        .isZero();
                assertThat(broadcast.outputLines()).hasSize(LINES_EACH).doesNotHaveDuplicates();
                inputs.get(i).addTo(expected, broadcast.outputLines());
            }
            assertThat(expected.byStream()).hasSize(3);

            FiveDaemons.awaitRecords(five.all(), expected.count(), Duration.ofSeconds(60));
            assertThat(five.all())
                    .allSatisfy(each ->
                            assertThat(each.read().differenceFrom(expected)).isEmpty());
        }
    }
}
