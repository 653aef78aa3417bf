package dev.rumor.client.cli;

import dev.rumor.client.cli.text.PlainText;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Standard input, output and error of one command: bytes, and all text among them UTF-8.
public final class Stdio {

    private static final int MOST_LETTERS = 100;

    private final InputStream in;
    private final OutputStream rawOut;
    private final OutputStream err;
    private final IntPredicate terminals;
    private final Output out;

    /// @param terminals tells of 0 (input), 1 (output) and 2 (error) whether it is a terminal
    Stdio(InputStream in, OutputStream out, OutputStream err, IntPredicate terminals) {
        this.in = in;
        this.rawOut = out;
        this.err = err;
        this.terminals = terminals;
        this.out = new Output(out);
    }

    /// This process's own. Past `System.out`, which keeps failures to itself and asks the locale for its
    /// charset.
    public static Stdio system() {
        return new Stdio(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Stdio::isTerminal);
    }

    /// None of these is a terminal.
    public static Stdio of(InputStream in, OutputStream out, OutputStream err) {
        return new Stdio(in, out, err, descriptor -> false);
    }

    public InputStream in() {
        return in;
    }

    public Output out() {
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

    /// Writes to standard error, as it is.
    public void mutter(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException nobodyListens) {
            // The exit code still tells.
        }
    }

    /// Whether a moving line on standard error would be seen, and not be mixed up with what is written to
    /// standard output.
    public boolean showsProgress(boolean writesOutput) {
        return terminals.test(2) && !(writesOutput && terminals.test(1));
    }

    /// Whether there is a person who can be asked.
    boolean canAsk() {
        return terminals.test(0) && terminals.test(2);
    }

    /// Asks, and waits for a line.
    ///
    /// @return whether it says yes; anything else, and no line at all, says no
    boolean agrees(String question) throws IOException {
        mutter(PlainText.of(question) + " [y/N] ");
        StringBuilder line = new StringBuilder();
        for (int letter = in.read();
                letter >= 0 && letter != '\n' && line.length() < MOST_LETTERS;
                letter = in.read()) {
            line.append((char) letter);
        }
        return line.toString().strip().toLowerCase(Locale.ROOT).matches("y|yes");
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
