package dev.rumor.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void lineFeedEndsALineAndAFinalOneAddsNone() throws IOException {
        assertThat(lines("a\nb\n")).containsExactly("a", "b");
    }

    @Test
    void bytesAfterTheLastLineFeedAreALine() throws IOException {
        assertThat(lines("a\nb")).containsExactly("a", "b");
    }

    @Test
    void anEmptyLineIsALine() throws IOException {
        assertThat(lines("\n\na\n\n")).containsExactly("", "", "a", "");
    }

    @Test
    void carriageReturnsAreKept() throws IOException {
        assertThat(lines("a\r\n\r\rb\r")).containsExactly("a\r", "\r\rb\r");
    }

    @Test
    void emptyInputHasNoLines() throws IOException {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void aLineMayBeAsLongAsAllowedAndNotAByteLonger() throws IOException {
        byte[] lengthy = "x".repeat(300_000).getBytes(UTF_8);
        assertThat(new Lines(new ByteArrayInputStream(lengthy), lengthy.length).next())
                .isEqualTo(lengthy);
        assertThatThrownBy(() -> new Lines(new ByteArrayInputStream(lengthy), lengthy.length - 1).next())
                .hasMessage("more than 299999 bytes, the most that a record may have");
    }

    @Test
    void endlessInputWithoutALineFeedIsRefusedAndNotGathered() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> new Lines(endless, 1 << 20).next()).hasMessageStartingWith("more than 1048576 bytes");
    }

    @Test
    void whateverTheInputAndHoweverItArrivesTheLinesMakeItUpAgain() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            byte[] input = input(dice);
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            Lines lines = new Lines(new Dribble(input, dice), 1 << 20);
            boolean ready = lines.ready();
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                assertThat(line).as("seed %d", seed).doesNotContain('\n');
                again.write(line);
                again.write('\n');
                ready = lines.ready();
            }
            assertThat(ready).isFalse();
            byte[] expected = input.length == 0 || input[input.length - 1] == '\n' ? input : with(input, '\n');
            assertThat(again.toByteArray()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static byte[] with(byte[] input, char last) {
        byte[] more = Arrays.copyOf(input, input.length + 1);
        more[input.length] = (byte) last;
        return more;
    }

    private static byte[] input(SplittableRandom dice) {
        byte[] input = new byte[dice.nextInt(dice.nextBoolean() ? 20 : 300_000)];
        int feedEvery = dice.nextInt(1, dice.nextBoolean() ? 4 : 200_000);
        for (int k = 0; k < input.length; k++) {
            input[k] = dice.nextInt(feedEvery) == 0 ? (byte) '\n' : (byte) dice.nextInt(256);
        }
        return input;
    }

    private static List<String> lines(String input) throws IOException {
        Lines lines = new Lines(new ByteArrayInputStream(input.getBytes(UTF_8)), 1000);
        List<String> all = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            all.add(new String(line, UTF_8));
        }
        return all;
    }

    /// Input that comes in pieces of any size, and is not always there when asked.
    private static final class Dribble extends ByteArrayInputStream {
        private final SplittableRandom dice;

        Dribble(byte[] bytes, SplittableRandom dice) {
            super(bytes);
            this.dice = dice;
        }

        @Override
        public synchronized int read(byte[] target, int from, int length) {
            return super.read(target, from, Math.min(length, dice.nextInt(1, 100_000)));
        }

        @Override
        public synchronized int available() {
            return dice.nextBoolean() ? super.available() : 0;
        }
    }
}
