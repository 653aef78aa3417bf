package dev.rumor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class HttpPortIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MOST_BODY_BYTES = 1000;
    private static final AtomicLong poured = new AtomicLong();

    private final List<HttpDrop> drops = new CopyOnWriteArrayList<>();
    private final CountDownLatch slow = new CountDownLatch(1);
    private HttpPort port;

    @AfterEach
    void close() {
        slow.countDown();
        port.close();
    }

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
                .contains("there is no /metric here; there is /broken, /endless, /items/…, /live, /slow, /write\"");
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
        refused("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n", "414", "at most 4096 bytes");
    }

    @Test
    void headersThatAreTooLargeAreRefusedWithTheLimit() throws IOException {
        open(LONG);
        refused("GET /live HTTP/1.1\r\nCookie: " + "a".repeat(100_000) + "\r\n\r\n", "431", "at most 8192 bytes");
        refused("GET /live HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000) + "\r\n", "431", "at most 8192 bytes");
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

    // --- what the tests share

    private final List<Thread> asked = new CopyOnWriteArrayList<>();

    private void open(Duration patience) throws IOException {
        port = HttpPort.listen(any(), patience, drops::add, NOPLogger.NOP_LOGGER);
        port.open(
                List.of(
                        Place.plain("/live", question -> Answer.line("live")),
                        Place.plain("/slow", this::slowly),
                        Place.plain("/broken", HttpPortIT::breakDown),
                        Place.get("/items/*", question -> Answer.line("item " + question.names()), "colour"),
                        Place.get("/endless", question -> new Answer.Streamed("text/plain", HttpPortIT::pourForEver)),
                        Place.write(
                                "POST",
                                "/write",
                                MOST_BODY_BYTES,
                                question -> Answer.line("took " + question.body().length))),
                Set.of("rumor.example.org"));
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void pourForEver(Outlet outlet) throws InterruptedException {
        while (true) {
            outlet.write(new byte[64 << 10]);
            poured.addAndGet(64 << 10);
        }
    }

    private Answer slowly(Question question) {
        asked.add(Thread.currentThread());
        awaitUninterruptibly();
        return Answer.line("at last");
    }

    private static Answer breakDown(Question question) {
        throw new IllegalStateException("a failure of this test");
    }

    /// As a store would that does not answer: whoever asked may go away meanwhile.
    private void awaitUninterruptibly() {
        boolean waiting = true;
        while (waiting) {
            try {
                slow.await();
                waiting = false;
            } catch (InterruptedException gone) {
                waiting = true;
            }
        }
    }

    private Visitor visitor() throws IOException {
        return new Visitor(port.address());
    }

    private String ask(String request) throws IOException {
        try (Visitor visitor = visitor()) {
            return visitor.say(request).answer();
        }
    }

    /// It is told why and then the connection is closed; the port goes on.
    private void refused(String said, String status, String why) throws IOException {
        int before = drops.size();
        try (Visitor visitor = visitor()) {
            assertThat(visitor.say(said).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("connection: close\r\n")
                    .contains(why);
        }
        assertThat(drops).hasSize(before + 1).endsWith(HttpDrop.MALFORMED);
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
