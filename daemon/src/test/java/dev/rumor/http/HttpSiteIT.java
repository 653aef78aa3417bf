package dev.rumor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who is let in to what stands where, and what is taken and streamed there.
class HttpSiteIT extends OpenPort {

    // --- bodies

    @Test
    void aBodyIsTakenWholeHoweverItComes() throws IOException {
        open(LONG);
        assertThat(ask("POST /write HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")).endsWith("took 3\n");
        assertThat(ask("POST /write HTTP/1.1\r\nContent-Length: 0\r\n\r\n")).endsWith("took 0\n");
        assertThat(ask("POST /write HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
                .endsWith("took 5\n");
        try (Visitor visitor = visitor()) {
            visitor.say("POST /write HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(visitor.head()).startsWith("HTTP/1.1 100 Continue");
            assertThat(visitor.say("abcdGET /live HTTP/1.1\r\n\r\n").answer()).endsWith("took 4\n");
            assertThat(visitor.answer()).endsWith("live\n");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithTheLimit() throws IOException {
        open(LONG);
        refused("POST /write HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", "413", "at most 1000 bytes");
        refused(
                "POST /write HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + "a".repeat(2_000) + "\r\n",
                "413",
                "at most 1000 bytes");
        refused("POST /write HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n", "400", "no HTTP request");
    }

    // --- who is let in

    @Test
    void aPageOfAnotherOriginMayNotWrite() throws IOException {
        open(LONG);
        String post = "POST /write HTTP/1.1\r\nContent-Length: 1\r\nHost: 127.0.0.1:80\r\n";
        foreign(post + "Origin: http://evil.example\r\n\r\na", "403");
        foreign(post + "Origin: null\r\n\r\na", "403");
        foreign(post + "Origin: http://127.0.0.1:81\r\n\r\na", "403");
        foreign(post + "Sec-Fetch-Site: cross-site\r\n\r\na", "403");
        foreign(post + "Sec-Fetch-Site: same-site\r\n\r\na", "403");
        assertThat(ask(post + "Origin: http://127.0.0.1:80\r\nSec-Fetch-Site: same-origin\r\n\r\na"))
                .endsWith("took 1\n");
        assertThat(ask(post + "\r\na")).endsWith("took 1\n");
    }

    @Test
    void aNameThatWasMadeToStandForThisNodeIsNotServed() throws IOException {
        open(LONG);
        foreign("GET /items/1 HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421");
        foreign("GET /items/1 HTTP/1.1\r\nHost: 127.0.0.1.evil.example:7500\r\n\r\n", "421");
        for (String host : List.of(
                "127.0.0.1:7500",
                "[::1]:7500",
                "[::1]",
                "localhost",
                "n1:7500",
                "RUMOR.example.org.:80",
                "a.localhost")) {
            assertThat(ask("GET /items/1 HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .endsWith("item [1]\n");
        }
        assertThat(ask("GET /live HTTP/1.1\r\nHost: rumor.default.svc.cluster.local\r\n\r\n"))
                .endsWith("live\n");
    }

    private void foreign(String said, String status) throws IOException {
        int before = drops.size();
        try (Visitor visitor = visitor()) {
            assertThat(visitor.say(said).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .doesNotContain("took");
        }
        assertThat(drops).hasSize(before + 1).endsWith(HttpDrop.FOREIGN);
    }

    // --- paths and parameters

    @Test
    void whatIsAskedForIsNamedInThePathAndInTheQuery() throws IOException {
        open(LONG);
        assertThat(ask("GET /items/a%20b?colour=red HTTP/1.1\r\n\r\n")).endsWith("item [a b]\n");
        assertThat(ask("GET /items/1?color=red HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("there is no parameter 'color' here; there is colour");
        assertThat(ask("GET /items/1?colour=red&colour=blue HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("given twice");
        assertThat(ask("GET /items/%zz HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    // --- streams

    @Test
    void whoDoesNotReadAStreamCostsWhatTheSocketTakesAndAPieceAndIsLetGoInTheEnd() throws IOException {
        open(Duration.ofMillis(200));
        poured.set(0);
        try (Visitor idle = visitor()) {
            idle.say("GET /endless HTTP/1.1\r\n\r\n");
            assertThat(idle.head()).startsWith("HTTP/1.1 200 OK").contains("transfer-encoding: chunked");
            await().until(() -> poured.get() > 0);
            await().untilAsserted(() -> assertThat(drops).contains(HttpDrop.EXPIRED));
            assertThat(poured.get()).isLessThan(32 << 20);
        }
        await().until(() -> port.streams() == 0 && port.connections() == 0);
    }

    @Test
    void moreStreamsThanMayBeAreRefusedAndEverythingElseIsStillAnswered() throws IOException {
        open(LONG);
        List<Visitor> readers = new ArrayList<>();
        try {
            for (int k = 0; k < HttpPort.MOST_STREAMS; k++) {
                readers.add(visitor().say("GET /endless HTTP/1.1\r\n\r\n"));
                assertThat(readers.getLast().head()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(ask("GET /endless HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("the limit");
            assertThat(ask("GET /live HTTP/1.1\r\n\r\n")).endsWith("live\n");
        } finally {
            for (Visitor each : readers) {
                each.close();
            }
        }
        await().until(() -> port.streams() == 0 && port.connections() == 0);
    }
}
