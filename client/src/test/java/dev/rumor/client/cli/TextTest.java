package dev.rumor.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.client.cli.text.Json;
import dev.rumor.client.cli.text.PlainText;
import dev.rumor.client.cli.text.Quantity;
import dev.rumor.client.cli.text.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The small forms in which things are printed and read.
class TextTest {

    @Test
    void plainTextEscapesControlCharactersAndNothingElse() {
        assertThat(PlainText.of("tab\t, lf\n, cr\r, esc\u001b[31m, nul\0, del\u007f, csi\u009b".getBytes(UTF_8)))
                .isEqualTo("tab\\t, lf\\n, cr\\r, esc\\u001b[31m, nul\\u0000, del\\u007f, csi\\u009b");
        assertThat(PlainText.of("Grüße, 世界 🎉 C:\\new \"x\"".getBytes(UTF_8))).isEqualTo("Grüße, 世界 🎉 C:\\new \"x\"");
    }

    @Test
    void plainTextShowsBytesThatAreNotUtf8() {
        byte[] bytes = {'a', (byte) 0xff, 'b', (byte) 0xc3, '\n', (byte) 0xe2, (byte) 0x82};
        assertThat(PlainText.of(bytes)).isEqualTo("a\\xffb\\xc3\\n\\xe2\\x82");
    }

    @Test
    void jsonEscapesWhatItMustAndKeepsTheOrderOfFields() {
        Json json = new Json()
                .put("text", "\"\\/ \b\f\n\r\t\0\u001f\u007f ä 🎉")
                .put("number", Long.MAX_VALUE)
                .put("truth", false)
                .put("nothing", null)
                .put("empty", List.of())
                .put("list", List.of("a", new Json().put("b", 1)));
        assertThat(json)
                .hasToString("{\"text\":\"\\\"\\\\/ \\u0008\\u000c\\n\\r\\t\\u0000\\u001f\u007f ä 🎉\","
                        + "\"number\":9223372036854775807,\"truth\":false,\"nothing\":null,\"empty\":[],"
                        + "\"list\":[\"a\",{\"b\":1}]}");
    }

    @Test
    void timesHaveMillisecondsEvenWhenTheyAreZero() {
        assertThat(Time.of(Instant.ofEpochMilli(0))).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(Time.of(Instant.ofEpochMilli(1_700_000_000_007L))).isEqualTo("2023-11-14T22:13:20.007Z");
    }

    @Test
    void durationsAreANumberAndAUnit() {
        assertThat(Quantity.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Quantity.duration("2s")).isEqualTo(Duration.ofSeconds(2));
        assertThat(Quantity.duration("1m")).isEqualTo(Duration.ofMinutes(1));
        assertThat(Quantity.duration("24h")).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "0s", "-1s", "25h", "1.5s", "1 s", "999999999h", "1d"})
    void whatIsNoDurationIsRefusedWithTheRange(String text) {
        assertThatThrownBy(() -> Quantity.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1ms to 24h");
    }

    @Test
    void sizesAreRoundedForPeople() {
        assertThat(List.of(0L, 1023L, 1024L, 1536L, 256L << 20, Long.MAX_VALUE).stream()
                        .map(Quantity::bytes))
                .containsExactly("0 B", "1,023 B", "1 KiB", "1.5 KiB", "256 MiB", "8 EiB");
    }
}
