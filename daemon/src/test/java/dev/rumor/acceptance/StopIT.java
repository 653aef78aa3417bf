package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopIT {

    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    @Test
    void sigtermEndsADaemonInGoodOrder() {
        try (DaemonProcess daemon =
                new DaemonProcess(directory, "n1", DaemonProcess.freePorts(1).getFirst(), List.of())) {
            assertThat(daemon.start().awaitReady()).contains("n1", daemon.address());

            daemon.signal("TERM");

            assertThat(daemon.exitCode(FIVE_SECONDS)).isZero();
        }
    }
}
