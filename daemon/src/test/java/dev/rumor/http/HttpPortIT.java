package dev.rumor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class HttpPortIT extends OpenPort {

    // --- what is answered

    @Test
    void aPathIsAnsweredWithWhatStandsThere() throws IOException {
        open(LONG);
        assertThat(ask("GET /live HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("content-type: text/plain; charset=utf-8\r\n")
                .endsWith("\r\n\r\nlive\n");
        assertThat(ask("GET /live?now=1 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void headIsAnsweredWithoutTheBody() throws IOException {
        open(LONG);
        try (Visitor visitor = visitor()) {
            String answer = visitor.say("HEAD /live HTTP/1.1\r\nConnection: close\r\n\r\n")
                    .rest();
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("content-length: 5\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void aConnectionIsKeptForFurtherRequestsAndTheyAreAnsweredInTheirOrder() throws IOException {
        open(LONG);
        try (Visitor visitor = visitor()) {
            visitor.say("GET /live HTTP/1.1\r\n\r\n" + "GET /none HTTP/1.1\r\n\r\n" + "GET /live HTTP/1.0\r\n\r\n");
            assertThat(visitor.answer()).startsWith("HTTP/1.1 200 OK");
            assertThat(visitor.answer()).startsWith("HTTP/1.1 404 Not Found");
            assertThat(visitor.rest()).startsWith("HTTP/1.1 200 OK").endsWith("live\n");
        }
    }

    @Test
    void aPathWhereNothingStandsIsToldWhatThereIs() throws IOException {
        open(LONG);
        assertThat(ask("GET /metric HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("content-type: application/problem+json\r\n")
                .contains("there is no /metric here; "
                        + "there is /broken, /endless, /items/…, /live, /patient, /slow, /write\"");
    }

    @Test
    void anotherMethodIsToldWhichThereAre() throws IOException {
        open(LONG);
        assertThat(ask("POST /live HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("allow: GET, HEAD\r\n")
                .contains("only GET and HEAD may be asked of /live");
    }

    @Test
    void whatBreaksIsAnsweredWithoutItsStory() throws IOException {
        open(LONG);
        assertThat(ask("GET /broken HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .doesNotContain("of this test");
    }

    @Test
    void aSlowAnswerHoldsUpNobodyElse() throws IOException {
        open(LONG);
        try (Visitor waiting = visitor()) {
            waiting.say("GET /slow HTTP/1.1\r\n\r\n");
            assertThat(ask("GET /live HTTP/1.1\r\n\r\n")).endsWith("live\n");
            slow.countDown();
            assertThat(waiting.answer()).endsWith("at last\n");
        }
    }

    @Test
    void aPortInUseIsAnError() throws IOException {
        open(LONG);
        assertThatThrownBy(() -> HttpPort.listen(port.address(), drops::add, NOPLogger.NOP_LOGGER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void aClosedPortIsFreeAtOnce() throws IOException {
        open(LONG);
        for (int k = 0; k < 50; k++) {
            HttpPort first = HttpPort.listen(any(), drops::add, NOPLogger.NOP_LOGGER);
            first.open(List.of(), Set.of());
            first.close();
            HttpPort.listen(first.address(), drops::add, NOPLogger.NOP_LOGGER).close();
        }
    }

    // --- what is not

    @Test
    void aFirstLineThatIsTooLongIsRefusedWithTheLimit() throws IOException {
        open(LONG);
        refused("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n", "414", "at most 32768 bytes");
    }

    @Test
    void headersThatAreTooLargeAreRefusedWithTheLimit() throws IOException {
        open(LONG);
        refused("GET /live HTTP/1.1\r\nCookie: " + "a".repeat(100_000) + "\r\n\r\n", "431", "at most 32768 bytes");
        refused("GET /live HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000) + "\r\n", "431", "at most 32768 bytes");
    }

    @Test
    void aBodyIsRefusedWhereNoneIsTaken() throws IOException {
        open(LONG);
        refused("GET /live HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "413", "has no body");
        refused("GET /live HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "413", "has no body");
        refused("GET /live HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\n", "413", "has no body");
    }

    @Test
    void whatIsNoRequestIsRefused() throws IOException {
        open(LONG);
        refused("this is not a request, is it?\r\n\r\n", "400", "no HTTP request");
        refused("GET /live HTTP/1.1\r\nContent-Length: many\r\n\r\n", "400", "no HTTP request");
        refused("RUMP\0\0\0\1\n\n", "400", "no HTTP request");
    }

    @Test
    void whoeverSaysOneByteAtATimeIsLetGo() throws Exception {
        open(Duration.ofMillis(500));
        try (Visitor visitor = visitor()) {
            Thread drip = Thread.ofVirtual().start(() -> drip(visitor));
            assertThat(visitor.rest()).isEmpty();
            drip.interrupt();
            drip.join();
        }
        await().untilAsserted(() -> assertThat(drops).containsExactly(HttpDrop.EXPIRED));
    }

    @Test
    void connectionsThatSayNothingMakeRoomForThoseThatDo() throws IOException {
        open(LONG);
        List<Visitor> silent = new ArrayList<>();
        try {
            for (int k = 0; k < 300; k++) {
                silent.add(visitor());
            }
            assertThat(ask("GET /live HTTP/1.1\r\n\r\n")).endsWith("live\n");
            assertThat(port.connections()).isLessThanOrEqualTo(HttpPort.MOST_CONNECTIONS);
            assertThat(silent.getFirst().rest()).isEmpty();
            assertThat(drops).hasSizeGreaterThanOrEqualTo(300 + 1 - HttpPort.MOST_CONNECTIONS);
            assertThat(silent.getLast().say("GET /live HTTP/1.1\r\n\r\n").answer())
                    .endsWith("live\n");
        } finally {
            for (Visitor each : silent) {
                each.close();
            }
        }
        await().until(() -> port.connections() == 0);
    }

    @Test
    void whoeverIsBeingAnsweredIsNotSentAwayForANewcomer() throws IOException {
        open(LONG);
        List<Visitor> waiting = new ArrayList<>();
        try {
            for (int k = 0; k < HttpPort.MOST_CONNECTIONS; k++) {
                waiting.add(visitor().say("GET /slow HTTP/1.1\r\n\r\n"));
            }
            await().until(() -> asked.size() == HttpPort.MOST_CONNECTIONS);
            try (Visitor late = visitor()) {
                assertThat(late.rest()).isEmpty();
            }
            slow.countDown();
            for (Visitor each : waiting) {
                assertThat(each.answer()).endsWith("at last\n");
            }
        } finally {
            for (Visitor each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void howeverManyWaitForAnAnswerHealthIsToldAtOnce() throws IOException {
        open(LONG);
        List<Visitor> waiting = new ArrayList<>();
        try {
            for (int k = 0; k < HttpPort.MOST_ASKING; k++) {
                waiting.add(visitor().say("GET /patient HTTP/1.1\r\n\r\n"));
            }
            await().until(() -> asked.size() == HttpPort.MOST_ASKING);
            assertThat(ask("GET /patient HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .contains("240 requests are being answered here, the limit");
            assertThat(drops).containsExactly(HttpDrop.FULL);
            assertThat(ask("GET /live HTTP/1.1\r\n\r\n")).endsWith("live\n");
            slow.countDown();
            for (Visitor each : waiting) {
                assertThat(each.answer()).endsWith("at last\n");
            }
            assertThat(ask("GET /patient HTTP/1.1\r\n\r\n")).endsWith("at last\n");
        } finally {
            for (Visitor each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void whoeverWasAnsweredAndAsksForNothingMoreIsLetGoAndNothingWasDropped() throws IOException {
        open(Duration.ofMillis(300));
        try (Visitor visitor = visitor()) {
            assertThat(visitor.say("GET /live HTTP/1.1\r\n\r\n").answer()).endsWith("live\n");
            assertThat(visitor.rest()).isEmpty();
        }
        assertThat(drops).isEmpty();
    }

    @Test
    void whoeverAsksAndGoesAwayKeepsItsPlaceUntilTheAnswerIsThere() throws IOException {
        open(LONG);
        for (int k = 0; k < HttpPort.MOST_CONNECTIONS; k++) {
            try (Visitor hasty = visitor()) {
                hasty.say("GET /slow HTTP/1.1\r\n\r\n");
                int answers = k + 1;
                await().until(() -> asked.size() == answers);
            }
        }
        try (Visitor late = visitor()) {
            assertThat(late.rest()).isEmpty();
        }
        slow.countDown();
        await().until(() -> port.connections() == 0);
        assertThat(ask("GET /live HTTP/1.1\r\n\r\n")).endsWith("live\n");
    }

    private static void drip(Visitor visitor) {
        try {
            for (char each : ("GET /" + "a".repeat(4_000)).toCharArray()) {
                visitor.say(String.valueOf(each));
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException over) {
            return;
        }
    }
}
