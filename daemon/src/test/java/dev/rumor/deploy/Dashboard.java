package dev.rumor.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A file of `deploy/grafana/dashboards`.
public record Dashboard(String file, JsonNode json) {

    /// @param panel its title
    /// @param expression with Grafana's variables filled in
    public record Query(String dashboard, String panel, String expression) {}

    public static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(Tool.CHECKOUT.resolve("deploy/grafana/dashboards"))) {
            return files.sorted().map(Dashboard::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Dashboard read(Path file) {
        try {
            return new Dashboard(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Panels that show something; rows do not.
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        json.path("panels").forEach(panels::add);
        panels.removeIf(each -> each.path("type").asText().equals("row"));
        return panels;
    }

    List<JsonNode> variables() {
        List<JsonNode> variables = new ArrayList<>();
        json.path("templating").path("list").forEach(variables::add);
        return variables;
    }

    /// What it asks Prometheus: for its panels and, as panels named like them, for its variables.
    ///
    /// @param job that the variable of this name stands for
    public List<Query> queries(String job) {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            panel.path("targets")
                    .forEach(target -> queries.add(query(
                            panel.path("title").asText(), target.path("expr").asText(), job)));
        }
        for (JsonNode variable : variables()) {
            if (variable.path("type").asText().equals("query")) {
                String values = variable.path("query").path("query").asText();
                String series = values.replaceFirst("label_values\\((.*), (\\w+)\\)", "count by ($2) ($1)");
                queries.add(query(variable.path("name").asText(), series, job));
            }
        }
        return queries;
    }

    private Query query(String panel, String expression, String job) {
        String filled = expression
                .replace("$__rate_interval", "20s")
                .replace("$job", job)
                .replace("$node", ".*");
        if (filled.isEmpty() || filled.contains("$")) {
            throw new AssertionError(file + ": " + panel + ": nothing, or an unknown variable in: " + expression);
        }
        return new Query(file, panel, filled);
    }
}
