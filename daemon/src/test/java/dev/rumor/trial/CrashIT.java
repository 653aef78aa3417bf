package dev.rumor.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The short run; `daemon/src/test/trial crash` is the long one.
class CrashIT {

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedIsEverywhereOnceHoweverOftenDaemonsAreKilled() {
        Crash crash = CommandLine.populateCommand(new Crash(), "--kills", "10");
        assertThat(crash.run(directory)).isEmpty();
        assertThat(crash.acknowledged()).isGreaterThan(100);
    }
}
