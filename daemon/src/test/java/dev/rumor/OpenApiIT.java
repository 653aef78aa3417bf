package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `openapi.yaml` describes what a live node answers, all of it, and nothing else.
class OpenApiIT {

    private final Nodes nodes = new Nodes();
    private final Curl curl = new Curl();
    private OpenApi api;

    @AfterEach
    void closeAll() {
        curl.close();
        nodes.close();
    }

    @Test
    void everyOperationAnswersAsItIsDescribed() throws Exception {
        Rumor node = nodes.start("n1", Map.of("max-payload", "100B"));
        api = new OpenApi(curl.get(node, "/openapi.yaml").body());
        await().until(() -> curl.get(node, "/ready").statusCode() == 200);
        String id = broadcasts(node);
        reads(node, id);
        looks(node, id);
        refusals(node);
        assertThat(api.checked().stream()
                        .map(each -> each.replaceAll(" [0-9]+$", ""))
                        .collect(Collectors.toSet()))
                .as("every operation was tried")
                .isEqualTo(api.operations());
        assertThat(served(node)).as("what is served is described").isEqualTo(described());
    }

    private String broadcasts(Rumor node) {
        HttpResponse<String> taken = say(node, "POST", "/v1/broadcast", "/v1/broadcast?topic=news", "hello");
        assertThat(taken.statusCode()).isEqualTo(201);
        assertThat(say(node, "POST", "/v1/broadcast", "/v1/broadcast?wait=all&within=1m", "\\x00\u0000")
                        .statusCode())
                .isEqualTo(201);
        assertThat(say(node, "PUT", "/gossip", "/gossip", "42").statusCode()).isEqualTo(201);
        HttpRequest binary = Curl.request(node, "/v1/broadcast")
                .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0}))
                .build();
        assertThat(curl.send(binary).statusCode()).isEqualTo(201);
        return Curl.json(taken).get("id").asText();
    }

    private void reads(Rumor node, String id) throws Exception {
        HttpResponse<String> lines = curl.get(node, "/v1/records?after=start&limit=100");
        assertThat(lines.body().lines()).hasSize(4);
        api.check("GET", "/v1/records", lines, lines.body().lines().toList());
        String cursor =
                Curl.json(curl.get(node, "/v1/records?limit=1")).get("cursor").asText();
        assertThat(curl.get(node, "/v1/records?after=" + cursor).body().lines()).hasSize(3);
        assertThat(curl.get(node, "/v1/records?topic=news").body().lines()).hasSize(1);
        ask(node, "/v1/records/{origin}/{epoch}/{sequence}", "/v1/records/" + id, 200);
        events(node, "/v1/stream", "/v1/stream?from=start", 4);
        events(node, "/v1/watch", "/v1/watch", 2);
    }

    private void looks(Rumor node, String id) {
        for (String each : List.of("/v1/status", "/v1/members", "/live", "/ready", "/metrics", "/openapi.yaml", "/")) {
            ask(node, each, each, 200);
        }
        ask(node, "/v1/status/{origin}/{epoch}/{sequence}", "/v1/status/" + id, 200);
    }

    private void refusals(Rumor node) throws IOException {
        assertThat(say(node, "POST", "/v1/broadcast", "/v1/broadcast?wait=nobody", "")
                        .statusCode())
                .isEqualTo(400);
        assertThat(say(node, "POST", "/v1/broadcast", "/v1/broadcast", "a".repeat(101))
                        .statusCode())
                .isEqualTo(413);
        assertThat(say(node, "POST", "/v1/broadcast", "/v1/broadcast?wait=7", "")
                        .statusCode())
                .isEqualTo(503);
        assertThat(say(node, "PUT", "/gossip", "/gossip", "x").statusCode()).isEqualTo(400);
        ask(node, "/v1/records", "/v1/records?limit=0", 400);
        ask(node, "/v1/records", "/v1/records?after=nowhere", 400);
        ask(node, "/v1/stream", "/v1/stream?from=nowhere", 400);
        ask(node, "/v1/records/{origin}/{epoch}/{sequence}", "/v1/records/n1/1/1", 404);
        ask(node, "/v1/records/{origin}/{epoch}/{sequence}", "/v1/records/n1/1/0", 400);
        ask(node, "/v1/status/{origin}/{epoch}/{sequence}", "/v1/status/n1/1/1", 404);
        for (String path : List.of("/v1/records", "/v1/stream")) {
            String detail = Curl.json(curl.get(node, path + "?nonsense=1"))
                    .get("detail")
                    .asText();
            assertThat(detail).endsWith("there is " + String.join(", ", api.queryOf(path)));
        }
        Rumor mute = nodes.start("n2", Map.of("http-read-only", "true"));
        assertThat(say(mute, "POST", "/v1/broadcast", "/v1/broadcast", "").statusCode())
                .isEqualTo(403);
        assertThat(say(mute, "PUT", "/gossip", "/gossip", "1").statusCode()).isEqualTo(403);
    }

    private void ask(Rumor node, String path, String asked, int status) {
        HttpResponse<String> answer = curl.get(node, asked);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        api.check("GET", path, answer, List.of(answer.body()));
    }

    private HttpResponse<String> say(Rumor node, String method, String path, String asked, String body) {
        HttpResponse<String> answer = curl.send(node, method, asked, body);
        api.check(method, path, answer, List.of(answer.body()));
        return answer;
    }

    /// So many events, of a stream that has no end.
    private void events(Rumor node, String path, String asked, int count) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer =
                    client.send(Curl.request(node, asked).build(), BodyHandlers.ofInputStream());
            List<String> data = new ArrayList<>();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                while (data.size() < count) {
                    String line = lines.readLine();
                    if (line.startsWith("data: ")) {
                        data.add(line.substring("data: ".length()));
                        curl.send(node, "POST", "/v1/broadcast", "again");
                    }
                }
            }
            api.check("GET", path, answer, data);
            client.shutdownNow();
        }
    }

    /// What a node says there is.
    private Set<String> served(Rumor node) {
        String detail = Curl.json(curl.get(node, "/nowhere")).get("detail").asText();
        return new TreeSet<>(Set.of(detail.substring(detail.indexOf("there is /", 10) + "there is ".length())
                .split(", ")));
    }

    private Set<String> described() {
        return api.operations().stream()
                .map(each -> each.substring(each.indexOf(' ') + 1).replaceAll("\\{[a-z]+}", "…"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
