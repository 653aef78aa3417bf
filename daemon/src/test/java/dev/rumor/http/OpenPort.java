package dev.rumor.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.slf4j.helpers.NOPLogger;

/// What the tests of a port share: one with something at each kind of place.
abstract class OpenPort {

    static final Duration LONG = Duration.ofMinutes(5);
    static final int MOST_BODY_BYTES = 1000;
    static final AtomicLong poured = new AtomicLong();

    final List<HttpDrop> drops = new CopyOnWriteArrayList<>();
    final List<Thread> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch slow = new CountDownLatch(1);
    HttpPort port;

    @AfterEach
    void close() {
        slow.countDown();
        port.close();
    }

    void open(Duration patience) throws IOException {
        port = HttpPort.listen(any(), patience, drops::add, NOPLogger.NOP_LOGGER);
        port.open(
                List.of(
                        Place.plain("/live", question -> Answer.line("live")),
                        Place.plain("/slow", this::slowly),
                        Place.get("/patient", this::slowly),
                        Place.plain("/broken", OpenPort::breakDown),
                        Place.get("/items/*", question -> Answer.line("item " + question.names()), "colour"),
                        Place.get("/endless", question -> new Answer.Streamed("text/plain", OpenPort::pourForEver)),
                        Place.write(
                                "POST",
                                "/write",
                                MOST_BODY_BYTES,
                                question -> Answer.line("took " + question.body().length))),
                Set.of("rumor.example.org"));
    }

    static InetSocketAddress any() {
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
    void awaitUninterruptibly() {
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

    Visitor visitor() throws IOException {
        return new Visitor(port.address());
    }

    String ask(String request) throws IOException {
        try (Visitor visitor = visitor()) {
            return visitor.say(request).answer();
        }
    }

    /// It is told why and then the connection is closed; the port goes on.
    void refused(String said, String status, String why) throws IOException {
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
}
