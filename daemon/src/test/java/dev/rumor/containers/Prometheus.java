package dev.rumor.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/// A Prometheus that runs, asked as Grafana does.
///
/// @param address `127.0.0.1:9090`
record Prometheus(String address) {

    /// How many of its targets answer.
    long targetsUp() {
        return list(ask("targets?state=active").path("activeTargets")).stream()
                .filter(target -> target.path("health").asText().equals("up"))
                .count();
    }

    /// Its alerts.
    List<JsonNode> rules() {
        return list(ask("rules").path("groups")).stream()
                .flatMap(group -> list(group.path("rules")).stream())
                .toList();
    }

    /// Whether this query shows a figure now.
    boolean shows(String expression) {
        JsonNode series = ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
        return list(series).stream()
                .map(each -> each.path("value").path(1).asText())
                .anyMatch(value -> !value.equals("NaN"));
    }

    private JsonNode ask(String question) {
        URI uri = URI.create("http://" + address + "/api/v1/" + question);
        try (InputStream answer = uri.toURL().openStream()) {
            return new ObjectMapper().readTree(answer).path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
