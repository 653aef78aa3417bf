package dev.rumor.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/systemd/rumor.service`, by `systemd-analyze`, which needs no systemd that runs.
class SystemdTest {

    /// In tenths, of 100 for a service that may do everything.
    private static final int MOST_EXPOSURE = 15;

    @TempDir
    private Path directory;

    @Test
    void systemdHasNothingToSayAboutTheUnit() throws IOException {
        assertThat(Tool.required("systemd-analyze").run("", "verify", "--man=no", unit()))
                .isEmpty();
    }

    @Test
    void theServiceMayDoLittle() throws IOException {
        assertThat(Tool.required("systemd-analyze")
                        .run("", "security", "--offline=true", "--no-pager", "--threshold=" + MOST_EXPOSURE, unit()))
                .contains("Overall exposure level for rumor.service");
    }

    /// With this checkout's program in place of the installed one, which has to be there.
    private String unit() throws IOException {
        String unit = Tool.file("deploy/systemd/rumor.service");
        assertThat(unit).contains("ExecStart=/opt/rumor/rumor daemon\n");
        Path file = directory.resolve("rumor.service");
        Files.writeString(
                file, unit.replace("ExecStart=/opt/rumor/rumor ", "ExecStart=" + Tool.CHECKOUT.resolve("rumor") + " "));
        return file.toString();
    }
}
