package dev.rumor;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers, sizes and durations as people write them in settings. Every method throws
/// [IllegalArgumentException] with the range in words when `text` is not one or is outside.
final class Quantity {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([A-Za-z]*)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}([.][0-9]{1,3})?");
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Quantity() {}

    static int number(String text, int least, int most) {
        return (int) read(text, Map.of("", 1L), least, most, least + " to " + most);
    }

    /// In bytes; `1MiB` is 1,048,576.
    ///
    /// @param range in words, as in "1 B to 8 MiB"
    static long size(String text, long least, long most, String range) {
        return read(text, BYTES, least, most, range + ", in B, KiB, MiB, GiB or TiB");
    }

    static Duration duration(String text, Duration least, Duration most, String range) {
        return duration(text, least, most, range, ", in ms, s, m, h or d");
    }

    /// As [#duration]; and a number alone, with three decimals at most, is in seconds.
    static Duration seconds(String text, Duration least, Duration most, String range) {
        if (SECONDS.matcher(text).matches()) {
            long millis = new BigDecimal(text).movePointRight(3).longValueExact();
            if (millis >= least.toMillis() && millis <= most.toMillis()) {
                return Duration.ofMillis(millis);
            }
        }
        return duration(text, least, most, range, ", in ms, s, m, h or d, or a number of seconds");
    }

    private static Duration duration(String text, Duration least, Duration most, String range, String units) {
        return Duration.ofMillis(read(text, MILLIS, least.toMillis(), most.toMillis(), range + units));
    }

    private static long read(String text, Map<String, Long> units, long least, long most, String range) {
        Matcher form = FORM.matcher(text);
        Long unit = form.matches() ? units.get(form.group(2)) : null;
        if (unit != null) {
            long count = Long.parseLong(form.group(1));
            if (count <= most / unit && count * unit >= least) {
                return count * unit;
            }
        }
        throw new IllegalArgumentException(range + ", not '" + text + "'");
    }
}
