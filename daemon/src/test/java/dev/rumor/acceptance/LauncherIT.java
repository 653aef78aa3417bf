package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./rumor` itself, from another directory and through a symbolic link.
class LauncherIT {

    @TempDir
    Path directory;

    private Path link;

    @BeforeEach
    void linkToTheLauncher() throws IOException {
        link = Files.createSymbolicLink(directory.resolve("rumor"), Program.LAUNCHER);
    }

    /// JUnit warns of links that lead out of a temporary directory.
    @AfterEach
    void removeTheLink() throws IOException {
        Files.delete(link);
    }

    @Test
    void saysItsVersion() {
        try (Program version = rumor("version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.outputLines()).hasSize(1);
            assertThat(version.errorLines()).isEmpty();
        }
    }

    @Test
    void aShellCompletesCommandsAndOptions() throws IOException {
        try (Program completion = rumor("completion")) {
            assertThat(completion.exitCode()).isZero();
            String script = "source '" + completion.output() + """
                    '
                    compopt() { :; } # which works only while a line is being completed
                    COMP_WORDS=(rumor broad); COMP_CWORD=1; _complete_rumor; echo "${COMPREPLY[@]}"
                    COMP_WORDS=(rumor daemon --delivery); COMP_CWORD=2; _complete_rumor; echo "${COMPREPLY[@]}"
                    COMP_WORDS=(rumor re); COMP_CWORD=1; _complete_rumor; echo "${COMPREPLY[@]}"
                    """;
            try (Program shell = Program.of(directory, "bash", "-c", script)) {
                assertThat(shell.exitCode()).isZero();
                assertThat(shell.outputLines()).containsExactly("broadcast", "--delivery-budget", "read");
                assertThat(shell.errorLines()).isEmpty();
            }
        }
    }

    @Test
    void exitsWith2WhenItIsUsedWrongly() {
        try (Program nonsense = rumor("nonsense")) {
            assertThat(nonsense.exitCode()).isEqualTo(2);
            assertThat(nonsense.outputLines()).isEmpty();
            assertThat(nonsense.errorLines().getFirst()).contains("nonsense");
        }
    }

    @Test
    void exitsWith3WhenNobodyListens() {
        String nobody = "127.0.0.1:" + DaemonProcess.freePorts(1).getFirst();
        try (Program status = rumor("status", "--node", nobody)) {
            assertThat(status.exitCode()).isEqualTo(3);
            assertThat(status.outputLines()).isEmpty();
            assertThat(status.errorLines()).singleElement().asString().contains(nobody);
        }
    }

    @Test
    void aClusterHearsWhatOneOfItWasToldAndEndsWithCtrlC() {
        int base = DaemonProcess.freePortsInARow(5);
        List<String> addresses = IntStream.range(base, base + 5)
                .mapToObj(each -> "127.0.0.1:" + each)
                .toList();
        try (Program cluster = rumor("cluster", "--nodes", "5", "--base-port", "" + base)) {
            await("its ready line")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(cluster.outputLines())
                            .as(cluster.errorLines().toString())
                            .hasSize(1));
            assertThat(cluster.outputLines().getFirst()).contains(addresses);

            try (Program broadcast = rumor("broadcast", "--node", addresses.getFirst(), "grüß dich – 你好")) {
                assertThat(broadcast.exitCode())
                        .as(broadcast.errorLines().toString())
                        .isZero();
            }
            await("the text at the fourth").untilAsserted(() -> {
                try (Program read = rumor("read", "--node", addresses.get(3))) {
                    assertThat(read.exitCode()).isZero();
                    assertThat(read.outputLines()).singleElement().asString().contains("grüß dich – 你好");
                }
            });

            try (Program evict = rumor("evict", "n5", "--yes", "--node", addresses.getFirst())) {
                assertThat(evict.exitCode()).isZero();
            }
            await("what is said of it")
                    .untilAsserted(() -> assertThat(cluster.errorLines())
                            .anyMatch(line -> line.startsWith("rumor: n5 ended: 'n5' was evicted")));
            try (Program read = rumor("read", "--node", addresses.get(3))) {
                assertThat(read.exitCode()).as("the others go on").isZero();
            }

            cluster.signal("INT");
            assertThat(cluster.exitCode(Duration.ofSeconds(5))).isZero();
        }
    }

    private Program rumor(String... arguments) {
        return Program.of(directory, link.toString(), arguments);
    }
}
