package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When `./rumor` builds, and what it then starts: in a checkout of its own, with a Maven that only notes that it was
/// called, and a Java that prints its arguments.
class LauncherBuildIT {

    @TempDir
    Path checkout;

    @BeforeEach
    void checkOut() throws IOException {
        Files.copy(Program.LAUNCHER, checkout.resolve("rumor"));
        Files.writeString(checkout.resolve("pom.xml"), "");
        for (String module : List.of("proto", "client", "daemon")) {
            Files.createDirectories(checkout.resolve(module + "/src/main"));
        }
        Files.createDirectories(checkout.resolve("jdk/bin"));
        Files.createDirectories(checkout.resolve("maven"));
        Files.writeString(checkout.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        script("jdk/bin/java", "echo \"$@\"");
        script("maven/mvn", """
                echo built >>builds
                while [ -e held ]; do sleep 0.1; done
                if [ -e broken ]; then echo '[ERROR] as this test wants it'; exit 1; fi
                mkdir -p daemon/target/lib
                touch daemon/target/rumor.jar daemon/target/built
                """);
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(checkout.resolve(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Program rumor(String options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "JAVA_HOME=" + checkout.resolve("jdk"),
                "PATH=" + checkout.resolve("maven") + ":" + System.getenv("PATH"),
                "RUMOR_JAVA_OPTS=" + options,
                checkout.resolve("rumor").toString()));
        command.addAll(List.of(arguments));
        return Program.of(checkout, "env", command.toArray(String[]::new));
    }

    /// What Java was started with.
    private String started(String options, String... arguments) {
        try (Program program = rumor(options, arguments)) {
            assertThat(program.exitCode()).as(program.errorLines().toString()).isZero();
            return program.outputLines().getFirst();
        }
    }

    private List<String> said() {
        try (Program program = rumor("", "version")) {
            assertThat(program.exitCode()).isZero();
            return program.errorLines();
        }
    }

    private int builds() throws IOException {
        Path builds = checkout.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    @Test
    void theFirstStartBuildsAndTheNextDoesNot() throws IOException {
        assertThat(said()).containsExactly("rumor: building rumor once, about a minute ...");
        assertThat(said()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void whenASourceIsNewerThanWhatWasBuiltItIsBuiltAgain() throws IOException {
        said();
        Files.createDirectories(checkout.resolve("daemon/src/test"));
        Files.writeString(checkout.resolve("daemon/src/test/SomethingTest.java"), "");
        assertThat(said()).as("a test is no source of the program").isEmpty();
        Files.writeString(checkout.resolve("client/src/main/Client.java"), "");
        assertThat(said()).containsExactly("rumor: the sources have changed, building rumor again ...");
        assertThat(said()).isEmpty();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aBuildThatFailsIsShownAndNothingIsStarted() throws IOException {
        Files.writeString(checkout.resolve("broken"), "");
        try (Program program = rumor("", "version")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.outputLines()).isEmpty();
            assertThat(program.errorLines())
                    .containsExactly(
                            "rumor: building rumor once, about a minute ...",
                            "[ERROR] as this test wants it",
                            "rumor: the build failed; its whole log is " + checkout.toRealPath() + "/target/build.log");
        }
        Files.delete(checkout.resolve("broken"));
        assertThat(said()).hasSize(1);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void ofTwoFirstStartsAtOnceOneBuildsAndTheOtherWaits() throws IOException {
        Path held = Files.writeString(checkout.resolve("held"), "");
        try (Program one = rumor("", "version")) {
            await().untilAsserted(() -> assertThat(builds()).isEqualTo(1));
            try (Program two = rumor("", "version")) {
                await().untilAsserted(() -> assertThat(two.errorLines())
                        .containsExactly("rumor: waiting for a build that is under way ..."));
                Files.delete(held);
                assertThat(one.exitCode()).isZero();
                assertThat(two.exitCode()).isZero();
            }
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void optionsOfTheUserComeBeforeThoseOfTheLauncherAndLeaveTheRest() {
        assertThat(started("", "daemon")).contains("-XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError");
        assertThat(started("-Xmx4g", "daemon"))
                .contains("-XX:+ExitOnOutOfMemoryError -Xmx4g")
                .endsWith("dev.rumor.Main daemon");
        assertThat(started("", "read")).contains("-XX:+UseSerialGC");
        assertThat(started("-Xlog:gc -XX:+UseZGC", "read"))
                .contains("-Xlog:gc -XX:+UseZGC")
                .doesNotContain("Serial");
    }
}
