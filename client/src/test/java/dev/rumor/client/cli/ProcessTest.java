package dev.rumor.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.FakeDaemon;
import dev.rumor.client.RumorClient;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What only a process of its own shows: its real standard output, its environment, its locale.
@Timeout(60)
class ProcessTest {

    private final FakeDaemon daemon = FakeDaemon.start();

    @BeforeEach
    void broadcast() {
        try (RumorClient client = RumorClient.connect(daemon.address(), Duration.ofSeconds(30))) {
            client.broadcast("", "grüße".getBytes(UTF_8));
            client.broadcastAsync("", Collections.nCopies(4000, new byte[1000])).join();
        }
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void aReaderThatHasSeenEnoughEndsTheCommandQuietly() throws Exception {
        Process read = rumor("read").start();
        try (InputStream out = read.getInputStream()) {
            assertThat(new String(out.readNBytes(8), UTF_8)).isEqualTo("grüße\n");
        }
        assertThat(new String(read.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(read.waitFor()).isZero();
    }

    @Test
    void aReaderOfIdsThatGoesAwayStopsTheBroadcastWhichSaysHowFarItCame() throws Exception {
        Process broadcast = rumor("broadcast").start();
        broadcast.getInputStream().close();
        try (OutputStream lines = broadcast.getOutputStream()) {
            lines.write("one\ntwo\n".getBytes(UTF_8));
        }
        assertThat(new String(broadcast.getErrorStream().readAllBytes(), UTF_8))
                .isEqualTo("rumor: nobody reads the record ids any more, so it stopped after line 2"
                        + " (--quiet prints none)\n");
        assertThat(broadcast.waitFor()).isEqualTo(1);
    }

    @Test
    void aVariableThatIsNoAddressIsNamedAndNotAnOptionThatNobodyGave() throws Exception {
        for (String wrong : List.of("nowhere", "127.0.0.1:1,nowhere", ",")) {
            ProcessBuilder read = rumor("read");
            read.environment().put("RUMOR_NODE", wrong);
            Process process = read.start();
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                    .startsWith("rumor: RUMOR_NODE: '" + (wrong.equals(",") ? "" : "nowhere")
                            + "' is no address: give HOST:PORT");
            assertThat(process.waitFor()).isEqualTo(2);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a device that is always full")
    void aDiskThatIsFullIsNotSilence() throws Exception {
        Process read = rumor("read").redirectOutput(new File("/dev/full")).start();
        assertThat(new String(read.getErrorStream().readAllBytes(), UTF_8))
                .isEqualTo("rumor: cannot write to standard output: No space left on device\n");
        assertThat(read.waitFor()).isEqualTo(1);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a device that is always full")
    void aBroadcastWhoseIdsFindNoRoomSaysHowFarItCame() throws Exception {
        Process broadcast =
                rumor("broadcast").redirectOutput(new File("/dev/full")).start();
        try (OutputStream lines = broadcast.getOutputStream()) {
            lines.write("one\ntwo\n".getBytes(UTF_8));
        }
        assertThat(new String(broadcast.getErrorStream().readAllBytes(), UTF_8))
                .isEqualTo("rumor: cannot write to standard output: No space left on device, so it stopped after line 2"
                        + " (--quiet prints none)\n");
        assertThat(broadcast.waitFor()).isEqualTo(1);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a device that is always full")
    void aTailThatCannotBeWrittenHasFailedAndSaysNoCursorBehindIt() throws Exception {
        Process tail = rumor("tail", "--from", "start")
                .redirectOutput(new File("/dev/full"))
                .start();
        assertThat(new String(tail.getErrorStream().readAllBytes(), UTF_8))
                .isEqualTo("rumor: cannot write to standard output: No space left on device\n");
        assertThat(tail.waitFor()).isEqualTo(1);
    }

    @Test
    void textFromStandardInputIsTheSameInEveryLocale() throws Exception {
        Process broadcast = rumor("broadcast").redirectOutput(Redirect.DISCARD).start();
        broadcast.getOutputStream().write("日本\n".getBytes(UTF_8));
        broadcast.getOutputStream().close();
        assertThat(broadcast.waitFor()).isZero();
        assertThat(daemon.payloads().getLast()).isEqualTo("日本".getBytes(UTF_8));
    }

    /// In the poorest of locales, with the daemon named by the environment alone.
    private ProcessBuilder rumor(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                "--sun-misc-unsafe-memory-access=allow",
                "-Xshare:auto",
                Cli.class.getName()));
        line.addAll(List.of(command));
        ProcessBuilder process = new ProcessBuilder(line);
        process.environment().putAll(Map.of("RUMOR_NODE", daemon.address().toString(), "LC_ALL", "C"));
        return process;
    }
}
