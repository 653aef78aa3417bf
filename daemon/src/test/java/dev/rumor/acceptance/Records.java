package dev.rumor.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Records by stream, in the order in which they were printed or read.
record Records(SortedMap<String, List<Record>> byStream) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @param id as printed: `n1/m4ks9f1q/42`
    record Record(String id, String payload) {

        String stream() {
            return id.substring(0, id.lastIndexOf('/'));
        }

        @Override
        public String toString() {
            return id + (payload.length() > 80 ? " (" + payload.length() + " chars)" : " '" + payload + "'");
        }
    }

    Records() {
        this(new TreeMap<>());
    }

    /// What `rumor read --json` printed.
    static Records read(Path file) {
        Records records = new Records();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = json(line);
                records.add(node.get("id").asText(), node.get("payload").asText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /// Of a JSON object.
    static String field(String object, String name) {
        return json(object).get(name).asText();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    void add(String id, String payload) {
        Record added = new Record(id, payload);
        byStream.computeIfAbsent(added.stream(), _ -> new ArrayList<>()).add(added);
    }

    int count() {
        return byStream.values().stream().mapToInt(List::size).sum();
    }

    /// Where these records and others part, in words; empty if they are the same in each stream's order. A comparison
    /// that answers in one line: there are 100,000 of them.
    Optional<String> differenceFrom(Records others) {
        if (!byStream.keySet().equals(others.byStream.keySet())) {
            return Optional.of("streams " + byStream.keySet() + ", not " + others.byStream.keySet());
        }
        return byStream.keySet().stream()
                .flatMap(stream -> difference(byStream.get(stream), others.byStream.get(stream)).stream())
                .findFirst();
    }

    private static Optional<String> difference(List<Record> these, List<Record> those) {
        for (int i = 0; i < Math.min(these.size(), those.size()); i++) {
            if (!these.get(i).equals(those.get(i))) {
                return Optional.of("record " + (i + 1) + " is " + these.get(i) + ", not " + those.get(i));
            }
        }
        return these.size() == those.size()
                ? Optional.empty()
                : Optional.of(these.size() + " records, not " + those.size());
    }
}
