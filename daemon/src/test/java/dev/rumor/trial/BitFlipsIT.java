package dev.rumor.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The short run; `daemon/src/test/trial bit-flips` takes every block.
class BitFlipsIT {

    @TempDir
    private Path directory;

    @Test
    void aFlippedBitIsNoticedNeverShownAndMendedFromPeers() throws IOException {
        try (BitFlips flips = CommandLine.populateCommand(new BitFlips(), "--records", "1000", "--blocks", "10")) {
            assertThat(flips.run(directory)).isEmpty();
        }
    }
}
