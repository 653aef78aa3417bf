package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who follows over HTTP, and goes from node to node.
class HttpReadersIT {

    private static final int RECORDS = 300;

    private final Nodes nodes = new Nodes();
    private final Curl curl = new Curl();

    @AfterEach
    void closeAll() {
        curl.close();
        nodes.close();
    }

    /// It breaks off after a few records wherever it is, and goes on at any node with the id of the last event.
    @Test
    void aReaderThatHopsBetweenNodesIsToldEveryRecordOnceAndInTheOrderOfItsStream() throws Exception {
        Rumor first = nodes.start("n1");
        for (String name : List.of("n2", "n3", "n4", "n5")) {
            nodes.start(name, first);
        }
        List<Rumor> five = nodes.all();
        await().until(() -> five.stream().allMatch(each -> each.view().linked() == 4));
        Thread load = Thread.ofVirtual().start(() -> broadcast(five));
        Random dice = new Random(4711);
        Map<String, List<Long>> told = new LinkedHashMap<>();
        String cursor = "start";
        for (int count = 0; count < RECORDS; ) {
            int most = Math.min(RECORDS - count, 1 + dice.nextInt(40));
            try (Stream stream = new Stream(five.get(dice.nextInt(five.size())), cursor)) {
                for (int k = 0; k < most; k++) {
                    JsonNode record = stream.next();
                    told.computeIfAbsent(record.get("origin").asText(), any -> new ArrayList<>())
                            .add(record.get("sequence").asLong());
                    assertThat(stream.id()).isEqualTo(record.get("cursor").asText());
                    count++;
                }
                cursor = stream.id();
            }
        }
        load.join();
        assertThat(told).hasSize(5);
        told.forEach((origin, sequences) -> {
            assertThat(sequences).as(origin).hasSize(RECORDS / 5);
            for (int k = 0; k < sequences.size(); k++) {
                assertThat(sequences.get(k)).as(origin).isEqualTo(k + 1);
            }
        });
        assertThat(curl.get(first, "/v1/records?after=" + cursor).body()).isEmpty();
    }

    private static void broadcast(List<Rumor> nodes) {
        for (int k = 0; k < RECORDS; k++) {
            nodes.get(k % nodes.size())
                    .broadcast("", ("record " + k).getBytes(UTF_8))
                    .join();
        }
    }

    @Test
    void whoFollowsIsToldWhatComesAndWhoGoesAwayIsForgotten() throws Exception {
        Rumor node = nodes.start("n1");
        node.broadcast("", "before".getBytes(UTF_8)).join();
        try (Stream stream = new Stream(node, "now")) {
            node.broadcast("news", "after".getBytes(UTF_8)).join();
            assertThat(stream.next().get("payload").asText()).isEqualTo("after");
        }
        await().until(() ->
                curl.get(node, "/metrics").body().contains("rumor_queue_entries{queue=\"http_streams\"} 0"));
    }

    /// One that follows by server-sent events.
    private static final class Stream implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Socket socket;
        private final BufferedReader lines;
        private String id = "";

        private Stream(Rumor node, String cursor) throws IOException {
            socket = new Socket("127.0.0.1", node.http().orElseThrow().port());
            socket.getOutputStream()
                    .write(("GET /v1/stream HTTP/1.1\r\nLast-Event-ID: " + cursor + "\r\n\r\n").getBytes(UTF_8));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }

        private JsonNode next() throws IOException {
            String line = lines.readLine();
            while (!line.startsWith("data: ")) {
                id = line.startsWith("id: ") ? line.substring("id: ".length()) : id;
                line = lines.readLine();
            }
            return JSON.readTree(line.substring("data: ".length()));
        }

        private String id() {
            return id;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
