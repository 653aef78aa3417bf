package dev.rumor.maelstrom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The lines of an input, for whoever has something else to do than wait for them. Few are read ahead.
final class Lines {

    /// @param nanos when it came, by [System#nanoTime]
    record Line(String text, long nanos) {}

    static final int MAX_LINE_BYTES = 16 << 20;

    private static final int MOST_AHEAD = 64;
    private static final int CHUNK_BYTES = 1 << 16;

    private final InputStream in;
    private final Consumer<String> log;

    /// Empty for the end.
    private final BlockingQueue<Optional<Line>> ahead = new ArrayBlockingQueue<>(MOST_AHEAD);

    private boolean ended;

    /// @param log is told of lines that are passed over, on another thread
    Lines(InputStream in, Consumer<String> log) {
        this.in = in;
        this.log = log;
        Thread.ofPlatform().daemon().name("rumor-input").start(this::read);
    }

    /// Whether the last line was taken; known only after a call of [#poll] that found none.
    boolean haveEnded() {
        return ended;
    }

    /// The next line; null if there is none in this time, or ever.
    Line poll(long wait, TimeUnit unit) throws InterruptedException {
        Optional<Line> next = ahead.poll(wait, unit);
        ended = next != null && next.isEmpty();
        return next == null ? null : next.orElse(null);
    }

    private void read() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                split(chunk, length, line);
            }
            if (line.size() > 0) {
                end(line);
            }
        } catch (IOException lost) {
            log.accept("standard input is lost: " + lost.getMessage());
        } catch (InterruptedException nobodyWaits) {
            Thread.currentThread().interrupt();
        }
        ahead.offer(Optional.empty());
    }

    private void split(byte[] chunk, int length, ByteArrayOutputStream line) throws InterruptedException {
        int from = 0;
        for (int k = 0; k < length; k++) {
            if (chunk[k] == '\n') {
                add(line, chunk, from, k);
                end(line);
                from = k + 1;
            }
        }
        add(line, chunk, from, length);
    }

    /// Of a line that is too long, no more than one chunk beyond what may be is kept, to know it by.
    private static void add(ByteArrayOutputStream line, byte[] chunk, int from, int to) {
        if (line.size() <= MAX_LINE_BYTES) {
            line.write(chunk, from, to - from);
        }
    }

    private void end(ByteArrayOutputStream line) throws InterruptedException {
        if (line.size() <= MAX_LINE_BYTES) {
            ahead.put(Optional.of(new Line(line.toString(StandardCharsets.UTF_8), System.nanoTime())));
        } else {
            log.accept("a line is passed over: it has more than " + MAX_LINE_BYTES + " bytes");
        }
        line.reset();
    }
}
