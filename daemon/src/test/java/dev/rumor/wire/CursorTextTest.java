package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.stream.Cursor;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTextTest {

    private static final long EPOCH = 1_780_000_000_000L;
    private static final Stream FIRST = new Stream("web-1", EPOCH);
    private static final Stream SECOND = new Stream("web-1", EPOCH + 3_600_000);
    private static final Stream OTHER = new Stream("db", EPOCH + 5);

    private final CursorText text = new CursorText("default");
    private final Cursor some = Cursor.ORIGIN
            .settled("web-1", EPOCH)
            .advanced(FIRST, 300)
            .advanced(SECOND, 1)
            .advanced(OTHER, 1L << 40);

    @Test
    void theBytesOfACursorStayWhatTheyAre() throws IOException {
        Map<String, byte[]> golden = new LinkedHashMap<>();
        golden.put("origin", bytes(text.write(Cursor.ORIGIN)));
        golden.put("some", bytes(text.write(some)));
        golden.put("after", bytes(CursorText.after(text.write(some), SECOND, 42)));
        Golden.check("cursors.txt", golden);
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Malformed {
        assertThat(text.parse(text.write(Cursor.ORIGIN))).isEqualTo(Cursor.ORIGIN);
        assertThat(text.parse(text.write(some))).isEqualTo(some);
        assertThat(text.parse(CursorText.after(text.write(some), SECOND, 42))).isEqualTo(some.advanced(SECOND, 42));
    }

    @Test
    void aCursorPassesAUrlAndAShell() {
        assertThat(CursorText.after(text.write(some), SECOND, 42)).matches("[A-Za-z0-9._~-]+");
    }

    @Test
    void itStaysBelowFourKibibytesAtSixtyFourOriginsWithThreeEpochsEachThatAreNotRetired() {
        SplittableRandom dice = new SplittableRandom(1);
        Cursor cursor = Cursor.ORIGIN;
        String longest = "n".repeat(60);
        for (int k = 0; k < 64; k++) {
            String origin = longest + k;
            long epoch = EPOCH + dice.nextLong(10_000_000_000L);
            cursor = cursor.settled(origin, epoch);
            for (int restart = 0; restart < 3; restart++) {
                cursor = cursor.advanced(new Stream(origin, epoch), 1 + dice.nextLong(100_000_000));
                epoch += 1 + dice.nextLong(7 * 24 * 3_600_000L);
            }
        }
        String written = CursorText.after(text.write(cursor), new Stream(longest + 63, EPOCH), Long.MAX_VALUE - 1);
        assertThat(written.length()).isLessThan(4096);
    }

    @Test
    void whicheverLetterIsChangedOrLostTheCursorIsRefused() {
        String whole = CursorText.after(text.write(some), SECOND, 42);
        for (int k = 0; k < whole.length(); k++) {
            String changed = whole.substring(0, k) + (whole.charAt(k) == 'x' ? 'y' : 'x') + whole.substring(k + 1);
            String lost = whole.substring(0, k) + whole.substring(k + 1);
            String cut = whole.substring(0, k);
            for (String damaged : new String[] {changed, lost, cut}) {
                assertThatThrownBy(() -> text.parse(damaged)).as(damaged).isInstanceOf(Malformed.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "yesterday", "n1/mwow0tvj/42", "AQ~0000000 ", "AQ~n1~1~1~1~0000000"})
    void whatIsNoneIsRefusedWithWhatOneIs(String none) {
        assertThatThrownBy(() -> text.parse(none))
                .hasMessage("a cursor is start, now, or what was printed as `cursor` with what was read, not '" + none
                        + "'");
    }

    @Test
    void theSentenceSaysWhatIsWrong() throws Malformed {
        String written = text.write(some);
        assertThatThrownBy(() -> new CursorText("prod").parse(written))
                .hasMessage("the cursor is of another cluster than 'prod'");
        String damaged = written.replaceFirst("A", "B");
        assertThatThrownBy(() -> text.parse(damaged))
                .hasMessage("the cursor is damaged: it must be given whole, as it was printed");
        assertThatThrownBy(() -> text.parse("A".repeat(200_000)))
                .hasMessage("a cursor is at most 131072 characters, not 200000");
    }
}
