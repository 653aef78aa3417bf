package dev.rumor.client.cli;

import dev.rumor.client.RumorException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Standard output: buffered, in UTF-8, and unlike a `PrintStream` it says when nothing arrives any more.
public final class Output {

    private static final int BUFFER_BYTES = 64 << 10;

    /// Nobody reads on, as when `head` has seen enough. No error: the command ends quietly.
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super(cause);
        }
    }

    private final OutputStream stream;

    Output(OutputStream stream) {
        this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
    }

    public void println(Object line) {
        try {
            stream.write(line.toString().getBytes(StandardCharsets.UTF_8));
            stream.write('\n');
        } catch (IOException e) {
            throw failure(e);
        }
    }

    public void flush() {
        try {
            stream.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.toLowerCase(Locale.ROOT).contains("broken pipe")
                ? new Closed(e)
                : RumorException.failed("cannot write to standard output: " + reason);
    }
}
