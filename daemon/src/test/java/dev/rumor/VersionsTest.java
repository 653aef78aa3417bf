package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private static final Duration INTERVAL = Duration.ofMillis(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Versions versions = new Versions(3, new PrintWriter(out, true, StandardCharsets.UTF_8));
    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        versions.close();
        nodes.forEach(Rumor::close);
    }

    @Test
    void everyVersionIsToldOnceWhenAllNodesHoldIt() throws IOException {
        startAll(3, Map.of());
        List<String> texts = new CopyOnWriteArrayList<>();
        nodes.getLast()
                .subscribe(
                        record -> texts.add(record.topic() + " " + record.text().orElse("")));
        versions.start(nodes, INTERVAL);
        await().until(() -> lines().size() >= 50);
        versions.close();

        assertThat(lines())
                .allMatch(line -> line.matches("committed version [0-9]+ on 3/3 nodes in [0-9]+\\.[0-9] ms"));
        assertThat(committed()).contains("1", "2", "3", "20").doesNotHaveDuplicates();
        await().untilAsserted(() -> assertThat(texts)
                .containsAll(committed().stream().map(each -> "version " + each).toList()));
    }

    @Test
    void aVersionThatIsNotYetEverywhereHoldsUpTheNextOnlyWhenThereAreAThousand() throws IOException {
        startAll(2, Map.of());
        versions.start(nodes, INTERVAL);
        await().atMost(Duration.ofSeconds(30)).until(() -> !lines().isEmpty());
        assertThat(lines()).containsExactly("version 1001 waits: 1000 are not yet on every node");
        await().untilAsserted(
                        () -> assertThat(nodes.getFirst().view().records()).isEqualTo(1000));

        start(Map.of());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(committed()).containsAll(numbers(1, 1001)).doesNotHaveDuplicates());
    }

    @Test
    void whatANodeRefusesIsToldWithTheReasonAndTheNextGoesOn() throws IOException {
        startAll(3, Map.of("retain-bytes", "0B", "retain-hard", "0B"));
        versions.start(nodes, INTERVAL);
        await().until(() -> lines().size() >= 3);
        assertThat(lines()).allMatch(line -> line.matches("version [0-9]+ was refused by n[123]: the log is full: .*"));
    }

    @Test
    void aNumberThatIsTooLongForANodeIsRefusedLikeAnythingElse() throws IOException {
        startAll(3, Map.of("max-payload", "1B"));
        versions.start(nodes, INTERVAL);
        await().until(() -> lines().size() >= 15);
        assertThat(lines())
                .filteredOn(line -> line.matches("version 10 was refused by n[123]: a payload is at most 1 bytes .*"))
                .hasSize(1);
        await().untilAsserted(() -> assertThat(committed()).containsExactlyInAnyOrderElementsOf(numbers(1, 9)));
    }

    @Test
    void nothingIsToldOfTheEnd() throws IOException {
        startAll(3, Map.of());
        versions.start(nodes, INTERVAL);
        await().until(() -> !lines().isEmpty());
        versions.close();
        nodes.forEach(Rumor::close);
        assertThat(lines()).allMatch(line -> line.startsWith("committed version "));
    }

    private void startAll(int count, Map<String, String> settings) throws IOException {
        for (int k = 0; k < count; k++) {
            start(settings);
        }
        await().until(() -> nodes.stream().allMatch(each -> each.view().linked() == count - 1));
    }

    private void start(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("name", "n" + (nodes.size() + 1));
        all.put("listen", "127.0.0.1:0");
        all.put("ephemeral", "true");
        all.put("gossip-interval", "50ms");
        all.put("seeds", nodes.stream().map(each -> each.address().toString()).collect(Collectors.joining(",")));
        Config config = Config.of(all);
        nodes.add(Rumor.start(config, versions.at(config.name()), adjusted -> adjusted));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> committed() {
        return lines().stream()
                .filter(line -> line.startsWith("committed"))
                .map(line -> line.split(" ")[2])
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }
}
