package dev.rumor.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The short runs; `daemon/src/test/trial crash` and `daemon/src/test/trial power-loss` are the long ones.
class CrashIT {

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedIsEverywhereOnceHoweverOftenDaemonsAreKilled() {
        Crash crash = CommandLine.populateCommand(new Crash(), "--kills", "10");
        assertThat(crash.run(directory)).isEmpty();
        assertThat(crash.acknowledged()).isGreaterThan(100);
    }

    @Test
    void whatWasAcknowledgedIsEverywhereOnceHoweverOftenThePowerIsCut() throws IOException {
        PowerLoss loss = CommandLine.populateCommand(new PowerLoss(), "--cycles", "20");
        assertThat(loss.run()).isEmpty();
        assertThat(loss.acknowledged()).isGreaterThan(100);
    }
}
