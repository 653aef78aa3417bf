package dev.rumor.trial.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;

/// Who follows one stream over HTTP from now on, and reads or does not.
final class Follower implements AutoCloseable {

    private static final String SEQUENCE = "\"sequence\":";

    private final Socket socket;
    private volatile long seen;
    private volatile boolean wrong;
    private long last;

    Follower(int port, boolean reads) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.getOutputStream().write("GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII));
        // Its head is there when the daemon has its place in the stream.
        BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        if (!lines.readLine().contains(" 200 ")) {
            throw new IOException("not served");
        }
        if (reads) {
            Thread.ofVirtual().start(() -> read(lines));
        }
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int at = line.startsWith("data: ") ? line.indexOf(SEQUENCE) : -1;
                if (at >= 0) {
                    hear(Long.parseLong(line, at + SEQUENCE.length(), line.indexOf(',', at), 10));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void hear(long sequence) {
        wrong |= last > 0 && sequence != last + 1;
        last = sequence;
        seen++;
    }

    /// Whether it came to be told so many records, one after the other.
    boolean hasSeen(long records) {
        await().atMost(Duration.ofSeconds(30)).until(() -> seen >= records || wrong);
        return !wrong && seen == records;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
