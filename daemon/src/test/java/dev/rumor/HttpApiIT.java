package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.metrics.Scrape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is asked of live nodes over HTTP.
class HttpApiIT {

    private final Nodes nodes = new Nodes();
    private final Curl curl = new Curl();

    @AfterEach
    void closeAll() {
        curl.close();
        nodes.close();
    }

    // --- broadcasting

    @Test
    void whatIsPostedIsBroadcastAndItsIdIsTheAnswer() throws IOException {
        Rumor node = nodes.start("n1");
        HttpResponse<String> answer = curl.send(node, "POST", "/v1/broadcast?topic=news", "hello");
        assertThat(answer.statusCode()).isEqualTo(201);
        String id = Curl.json(answer).get("id").asText();
        assertThat(id).matches("n1/[0-9a-z]+/1");
        assertThat(answer.headers().firstValue("location")).hasValue("/v1/records/" + id);
        assertThat(cli(node, "read", "--topic", "news")).isEqualTo("hello\n");
    }

    @Test
    void aBroadcastMayWaitForOthersAndSaysWhoLacksItWhenTheTimeIsOver() throws IOException {
        List<Rumor> two = pair();
        JsonNode all = Curl.json(curl.send(two.getFirst(), "POST", "/v1/broadcast?wait=all&within=1m", "a"));
        assertThat(all.get("reached").asBoolean()).isTrue();
        assertThat(all.get("missing")).isEmpty();
        two.getLast().close();
        HttpResponse<String> late = curl.send(two.getFirst(), "POST", "/v1/broadcast?wait=2&within=100ms", "b");
        assertThat(late.statusCode()).isEqualTo(202);
        assertThat(Curl.json(late).get("missing").get(0).asText()).isEqualTo("n2");
    }

    @Test
    void whoGoesAwayWhileItWaitsGivesUpItsPlaceAmongThoseThatWait() throws IOException {
        List<Rumor> two = pair();
        two.getLast().close();
        Rumor node = two.getFirst();
        try (Socket hasty = new Socket("127.0.0.1", node.http().orElseThrow().port())) {
            String asked = "POST /v1/broadcast?wait=all&within=24h HTTP/1.1\r\nContent-Length: 1\r\n\r\na";
            hasty.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> figure(node, "rumor_queue_entries{queue=\"waits\"}") == 1);
        }
        await().until(() -> figure(node, "rumor_queue_entries{queue=\"waits\"}") == 0);
    }

    private double figure(Rumor node, String name) {
        return new Scrape(curl.get(node, "/metrics").body()).figure(name);
    }

    @Test
    void aVersionIsPutAsInTheClassicExercise() throws IOException {
        Rumor node = nodes.start("n1");
        assertThat(curl.send(node, "PUT", "/gossip", "42").statusCode()).isEqualTo(201);
        assertThat(cli(node, "read", "--topic", "version")).isEqualTo("42\n");
        refused(curl.send(node, "PUT", "/gossip", "v42"), 400, "a number of 1 to 18 digits");
    }

    @Test
    void whatIsWrongIsRefusedWithTheLimitAsAProblem() throws IOException {
        Rumor node = nodes.start("n1", Map.of("max-payload", "10B"));
        refused(curl.send(node, "POST", "/v1/broadcast", "a".repeat(11)), 413, "at most 10 bytes");
        refused(curl.send(node, "POST", "/v1/broadcast?topic=" + "a".repeat(256), ""), 400, "at most 255 bytes");
        refused(curl.send(node, "POST", "/v1/broadcast?wait=many", ""), 400, "not 'many'");
        refused(curl.send(node, "POST", "/v1/broadcast?within=1s", ""), 400, "within is for a wait");
        refused(curl.send(node, "POST", "/v1/broadcast?wait=all&within=2d", ""), 400, "1ms to 24h");
        refused(curl.send(node, "POST", "/v1/broadcast?wait=1025", ""), 400, "1 to 1024 members");
        await().untilAsserted(() ->
                refused(curl.send(node, "POST", "/v1/broadcast?wait=2", ""), 503, "it cannot wait for 2 members"));
        refused(curl.get(node, "/v1/status/n1/1"), 404, "there is no /v1/status/n1/1 here");
        refused(curl.get(node, "/v1/status/n1/1/0"), 400, "no record id");
        refused(curl.get(node, "/v1/status/n1/1/1"), 404, "nothing is known here of n1/1/1");
    }

    @Test
    void aNodeThatIsReadOnlyTakesNothing() throws IOException {
        Rumor node = nodes.start("n1", Map.of("http-read-only", "true"));
        refused(curl.send(node, "POST", "/v1/broadcast", "a"), 403, "--http-read-only");
        refused(curl.send(node, "PUT", "/gossip", "1"), 403, "--http-read-only");
        assertThat(curl.get(node, "/v1/members").statusCode()).isEqualTo(200);
    }

    private static void refused(HttpResponse<String> answer, int status, String why) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(Curl.json(answer).get("status").asInt()).isEqualTo(status);
        assertThat(Curl.json(answer).get("detail").asText()).contains(why);
    }

    // --- what it shares with the commands

    @Test
    void whatIsToldIsToTheLetterWhatTheCommandsPrint() throws IOException {
        List<Rumor> two = pair();
        Rumor node = two.getFirst();
        String id = Curl.json(curl.send(node, "POST", "/v1/broadcast?wait=all", "hello"))
                .get("id")
                .asText();
        await().untilAsserted(() -> {
            assertThat(curl.get(node, "/v1/status").body()).isEqualTo(cli(node, "status", "--json"));
            assertThat(curl.get(node, "/v1/status/" + id).body()).isEqualTo(cli(node, "status", id, "--json"));
            assertThat(uncursored(curl.get(node, "/v1/records").body()))
                    .isEqualTo(uncursored(cli(node, "read", "--json")))
                    .contains("\"payload\":\"hello\"");
            assertThat(untimed(curl.get(node, "/v1/members").body()))
                    .isEqualTo(untimed(cli(node, "members", "--json")));
        });
    }

    /// What a reader goes on from is its own affair: each command may or may not say it.
    private static String uncursored(String records) {
        return records.replaceAll(",\"cursor\":\"[^\"]*\"", "");
    }

    /// When each was last heard is another time each time.
    private static String untimed(String members) {
        return members.replaceAll("\"last_seen\":\"[^\"]*\"", "");
    }

    // --- ready

    @Test
    void aNodeWithSeedsIsReadyWhenItHasDrawnLevelWithOneOfThem() throws IOException {
        Rumor first = nodes.start("n1");
        await().until(() -> curl.get(first, "/ready").statusCode() == 200);
        Rumor alone = nodes.start("n3", Map.of("seeds", "127.0.0.1:1"));
        await().until(() -> alone.view().open());
        await().until(() -> alone.view().members().getFirst().register().isActive());
        refused(curl.get(alone, "/ready"), 503, "does not yet hold all that a live peer held");
        Rumor second = nodes.start("n2", first);
        await().until(() -> curl.get(second, "/ready").statusCode() == 200);
    }

    @Test
    void theFirstNodeIsReadyAtOnceThoughItHasSeeds() throws IOException {
        Rumor first = nodes.start("n1", Map.of("seeds", "127.0.0.1:1", "first", "true"));
        await().until(() -> curl.get(first, "/ready").statusCode() == 200);
    }

    // --- what the tests share

    private List<Rumor> pair() throws IOException {
        Rumor first = nodes.start("n1");
        Rumor second = nodes.start("n2", first);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> List.of(first, second).stream()
                        .allMatch(each -> each.view().members().stream()
                                        .filter(member -> member.register().isActive())
                                        .count()
                                == 2));
        return List.of(first, second);
    }

    private static String cli(Rumor node, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Stdio stdio = Stdio.of(new ByteArrayInputStream(new byte[0]), out, err);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--node", node.address().toString()));
        int code = Main.line(stdio, Map.of()).execute(all.toArray(String[]::new));
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
