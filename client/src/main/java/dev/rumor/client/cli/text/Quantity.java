package dev.rumor.client.cli.text;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations and sizes as people write them.
public final class Quantity {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    /// Reads 1ms to 24h.
    ///
    /// @throws IllegalArgumentException with a sentence that names the form and the range
    public static Duration duration(String text) {
        Matcher form = DURATION.matcher(text);
        Duration read = form.matches() ? of(Long.parseLong(form.group(1)), form.group(2)) : Duration.ZERO;
        if (read.isZero() || read.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration from 1ms to 24h: give a number and ms, s, m or h, as 500ms or 2s");
        }
        return read;
    }

    private static Duration of(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /// As `59 s`, `12 min`, `3 h` or `5 d`.
    public static String roughly(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + " s";
        } else if (time.toHours() == 0) {
            return time.toMinutes() + " min";
        }
        return time.toDays() == 0 ? time.toHours() + " h" : number(time.toDays()) + " d";
    }

    /// As `512 B` or `1.5 MiB`.
    public static String bytes(long count) {
        int unit = 0;
        double size = count;
        while (size >= 1024 && unit < SIZES.length - 1) {
            size /= 1024;
            unit++;
        }
        String number = size == Math.rint(size) ? number((long) size) : String.format(Locale.ROOT, "%.1f", size);
        return number + " " + SIZES[unit];
    }

    /// As `12,345`.
    public static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private Quantity() {}
}
