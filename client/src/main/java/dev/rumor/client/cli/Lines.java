package dev.rumor.client.cli;

import dev.rumor.client.RumorException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Input cut at each LF: bytes, not characters, so any encoding passes and CR is kept. An empty line is a
/// line; bytes after the last LF are one; a final LF begins none.
final class Lines {

    private static final int FIRST_BUFFER_BYTES = 64 << 10;
    private static final int NONE = -1;

    private final InputStream in;
    private final int longest;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int start;
    private int scanned;
    private int end;
    private boolean ended;

    /// @param longest bytes that a line may have; no more than that, and a little, is ever held
    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /// Waits for the next line, without its LF; null when there is none any more.
    byte[] next() throws IOException {
        int feed = find();
        while (feed == NONE && !ended && !overlong()) {
            fill();
            feed = find();
        }
        if (overlong() && (feed == NONE || feed - start > longest)) {
            throw RumorException.failed("more than " + longest + " bytes, the most that a record may have");
        }
        return feed == NONE ? rest() : take(feed);
    }

    /// Whether [#next] would not have to wait for more input.
    boolean ready() throws IOException {
        int feed = find();
        while (feed == NONE && !ended && !overlong() && in.available() > 0) {
            fill();
            feed = find();
        }
        return feed != NONE || overlong() || (ended && start < end);
    }

    private boolean overlong() {
        return end - start > longest;
    }

    private byte[] take(int feed) {
        byte[] line = Arrays.copyOfRange(buffer, start, feed);
        start = feed + 1;
        return line;
    }

    private byte[] rest() {
        if (start == end) {
            return null;
        }
        byte[] line = Arrays.copyOfRange(buffer, start, end);
        start = end;
        return line;
    }

    private int find() {
        scanned = Math.max(scanned, start);
        while (scanned < end) {
            if (buffer[scanned] == '\n') {
                return scanned;
            }
            scanned++;
        }
        return NONE;
    }

    private void fill() throws IOException {
        if (end == buffer.length) {
            makeRoom();
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            ended = true;
        } else {
            end += count;
        }
    }

    private void makeRoom() {
        byte[] target = start > buffer.length / 2 ? buffer : new byte[2 * buffer.length];
        System.arraycopy(buffer, start, target, 0, end - start);
        end -= start;
        scanned -= start;
        start = 0;
        buffer = target;
    }
}
