package dev.rumor.client.cli.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Instants as RFC 3339 has them, in UTC, always with milliseconds.
public final class Time {

    private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public static String of(Instant instant) {
        return RFC_3339.format(instant);
    }

    private Time() {}
}
