package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A daemon that the system gives no more file descriptors.
class CrowdIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void whenFileDescriptorsRunOutADaemonSaysSoInOneLineAndServesAgainWhenThereAreSome() throws IOException {
        int port = DaemonProcess.freePorts(1).getFirst();
        String limited = "ulimit -n 150; exec '" + Program.LAUNCHER
                + "' daemon --name n1 --data-dir n1 --listen 127.0.0.1:" + port;
        List<Socket> crowd = new ArrayList<>();
        try (Program daemon = Program.of(directory, "sh", "-c", limited)) {
            await().atMost(PATIENCE).until(() -> !daemon.outputLines().isEmpty());
            for (int k = 0; k < 200; k++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.getOutputStream().write("RUMC".getBytes(StandardCharsets.US_ASCII));
                crowd.add(socket);
            }
            await().atMost(PATIENCE).until(() -> complaints(daemon) == 1);
            for (Socket each : crowd) {
                each.close();
            }
            try (RumorClient client = RumorClient.connect(new Address("127.0.0.1", port), PATIENCE)) {
                assertThat(client.status().name()).isEqualTo("n1");
            }
            assertThat(complaints(daemon)).isEqualTo(1);
            assertThat(daemon.errorLines()).noneMatch(line -> line.contains("Exception"));
        }
    }

    private static long complaints(Program daemon) {
        return daemon.errorLines().stream()
                .filter(line -> line.contains("Too many open files"))
                .count();
    }
}
