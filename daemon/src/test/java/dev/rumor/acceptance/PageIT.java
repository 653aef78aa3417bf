package dev.rumor.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.rumor.Config;
import dev.rumor.Rumor;
import dev.rumor.core.View.Liveness;
import dev.rumor.deploy.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The page of a node in a browser, with five nodes of which one is away. Where there is a browser: in CI there has to
/// be one (Debian: chromium, and nodejs and npm); elsewhere the test is left out without. Its pictures are in
/// `target/page`.
class PageIT {

    private static final Path TEST = Tool.CHECKOUT.resolve("daemon/src/test/browser");
    private static final Path PICTURES = Tool.CHECKOUT.resolve("daemon/target/page");

    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Rumor::close);
    }

    @Test
    void thePageShowsTheClusterAndCanBeUsedByHandAndOnAPhone() throws Exception {
        Tool.required("chromium");
        Tool npm = Tool.required("npm");
        Rumor first = start("n1", Map.of("http", "127.0.0.1:0"));
        for (String name : List.of("n2", "n3", "n4", "n5")) {
            start(name, Map.of("seeds", first.address().toString()));
        }
        await().until(() -> first.view().linked() == 4);
        nodes.getLast().close();
        first.broadcast("", "while n5 is away".getBytes(UTF_8)).join();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> first.view().members().stream().anyMatch(each -> each.liveness() == Liveness.UNREACHABLE));
        Files.createDirectories(PICTURES);
        if (!Files.exists(TEST.resolve("node_modules"))) {
            npm.run("", "ci", "--silent", "--prefix", TEST.toString());
        }
        String page = "http://" + first.http().orElseThrow() + "/";
        new Tool("node").run("", TEST.resolve("page.mjs").toString(), page, PICTURES.toString());
    }

    private Rumor start(String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(Map.of("name", name, "listen", "127.0.0.1:0", "gossip-interval", "100ms", "ephemeral", "true"));
        Rumor node = Rumor.start(Config.of(all));
        nodes.add(node);
        return node;
    }
}
