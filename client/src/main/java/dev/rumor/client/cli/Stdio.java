package dev.rumor.client.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Standard input, output and error of one command: bytes, and all text among them UTF-8.
public final class Stdio {

    private final InputStream in;
    private final OutputStream rawOut;
    private final OutputStream err;
    private final boolean ofProcess;
    private final Output out;

    private Stdio(InputStream in, OutputStream out, OutputStream err, boolean ofProcess) {
        this.in = in;
        this.rawOut = out;
        this.err = err;
        this.ofProcess = ofProcess;
        this.out = new Output(out);
    }

    /// This process's own. Past `System.out`, which keeps failures to itself and asks the locale for its
    /// charset.
    public static Stdio system() {
        return new Stdio(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                true);
    }

    /// None of these is a terminal.
    public static Stdio of(InputStream in, OutputStream out, OutputStream err) {
        return new Stdio(in, out, err, false);
    }

    public InputStream in() {
        return in;
    }

    Output out() {
        return out;
    }

    /// Without the buffer; what [#out] still holds does not come before.
    public OutputStream rawOut() {
        return rawOut;
    }

    OutputStream err() {
        return err;
    }

    /// Says `sentence` on standard error, on a line of its own.
    public void complain(String sentence) {
        mutter("rumor: " + PlainText.of(sentence) + "\n");
    }

    void mutter(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException nobodyListens) {
            // The exit code still tells.
        }
    }

    /// Whether a moving line on standard error would be seen, and not be mixed up with what is written to
    /// standard output.
    boolean showsProgress(boolean writesOutput) {
        return ofProcess && isTerminal(2) && !(writesOutput && isTerminal(1));
    }

    /// Java knows only whether input and output both are terminals, so the system's own `test` is asked.
    private static boolean isTerminal(int descriptor) {
        try {
            Process test = new ProcessBuilder("test", "-t", String.valueOf(descriptor))
                    .inheritIO()
                    .start();
            return test.waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
