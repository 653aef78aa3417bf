package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import dev.rumor.client.Selection;
import dev.rumor.client.Told;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes in this program that keep their data.
class DurableRumorTest {

    @TempDir
    private Path directory;

    @Test
    void aNodeThatIsStartedAgainHasWhatItHadAndNumbersAnew() throws IOException {
        RecordId before;
        try (Rumor node = start(Map.of("name", "n1"))) {
            assertThat(node.dataDir()).hasValue(directory);
            before = broadcast(node, "before");
        }
        try (Rumor node = start(Map.of("name", "n1"))) {
            assertThat(told(node, 1)).containsExactly("before");
            RecordId after = broadcast(node, "after");
            assertThat(after.epoch()).isGreaterThan(before.epoch());
        }
        try (Rumor node = start(Map.of())) {
            assertThat(node.name()).as("kept with the data").isEqualTo("n1");
            assertThat(told(node, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void aNameThatIsNotTheOneKeptWithTheDataIsRefusedAndNothingStaysOpen() throws IOException {
        start(Map.of("name", "n1")).close();
        assertThatThrownBy(() -> start(Map.of("name", "n2")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'n1'")
                .hasMessageContaining("'n2'");
        start(Map.of("name", "n1")).close();
    }

    @Test
    void aNodeThatCannotListenLetsItsDataGo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> start(Map.of("listen", address))).hasMessageContaining("the port is in use");
            assertThatThrownBy(() -> start(Map.of("http", address))).hasMessageContaining("the port is in use");
        }
        start(Map.of()).close();
    }

    @Test
    void oneNodeAtATimeHasADirectory() throws IOException {
        try (Rumor node = start(Map.of("name", "n1"))) {
            assertThatThrownBy(() -> start(Map.of("name", "n1")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory.toString());
            broadcast(node, "undisturbed");
        }
    }

    private Rumor start(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("listen", "127.0.0.1:0", "data-dir", directory.toString()));
        all.putAll(settings);
        return Rumor.start(Config.of(all));
    }

    private static RecordId broadcast(Rumor node, String text) {
        return node.broadcast("", text.getBytes(UTF_8)).join();
    }

    /// So many records that it retains, in their order.
    private static List<String> told(Rumor node, int count) {
        List<String> told = new CopyOnWriteArrayList<>();
        node.ready().join();
        node.subscribe(Selection.start(), each -> {
            if (each instanceof Told.Received(ReceivedRecord record, String cursor)) {
                told.add(record.text().orElseThrow());
            }
        });
        await().until(() -> told.size() == count);
        return told;
    }
}
