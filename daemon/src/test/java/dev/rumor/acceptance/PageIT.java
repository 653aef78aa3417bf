package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.core.View.Liveness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The page of a node in a browser, with five nodes of which one is away. Where there is a browser: in CI there has to
/// be one (Debian: chromium, and nodejs and npm); elsewhere the test is left out without. Its pictures are in
/// `target/page`.
class PageIT {

    private static final Path HOME =
            Path.of(System.getProperty("basedir", "daemon")).toAbsolutePath();
    private static final Path TEST = HOME.resolve("src/test/browser");
    private static final Path PICTURES = HOME.resolve("target/page");

    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Rumor::close);
    }

    @Test
    void thePageShowsTheClusterAndCanBeUsedByHandAndOnAPhone() throws Exception {
        String browser = there("chromium");
        there("npm");
        Rumor first = start("n1", Map.of("http", "127.0.0.1:0"));
        for (String name : List.of("n2", "n3", "n4", "n5")) {
            start(name, Map.of("seeds", first.address().toString()));
        }
        await().until(() -> first.view().linked() == 4);
        nodes.getLast().close();
        first.broadcast("", new byte[1]).join();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> first.view().members().stream().anyMatch(each -> each.liveness() == Liveness.UNREACHABLE));
        Files.createDirectories(PICTURES);
        if (!Files.exists(TEST.resolve("node_modules"))) {
            run("npm", "ci", "--silent");
        }
        run("node", "page.mjs", "http://" + first.http().orElseThrow() + "/", PICTURES.toString(), browser);
    }

    private Rumor start(String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(Map.of("name", name, "listen", "127.0.0.1:0", "gossip-interval", "100ms", "ephemeral", "true"));
        Rumor node = Rumor.start(Config.of(all));
        nodes.add(node);
        return node;
    }

    /// Where this program is.
    private static String there(String program) {
        List<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .toList();
        if (!Boolean.parseBoolean(System.getenv("CI"))) {
            assumeThat(found)
                    .as("no %s on the PATH: the page was not looked at", program)
                    .isNotEmpty();
        }
        assertThat(found).as(program).isNotEmpty();
        return found.getFirst().toString();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(TEST.toFile())
                .redirectErrorStream(true)
                .start();
        String said;
        try (var out = process.inputReader()) {
            said = out.readAllAsString();
        }
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
