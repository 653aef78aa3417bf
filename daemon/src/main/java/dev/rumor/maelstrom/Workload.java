package dev.rumor.maelstrom;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What Maelstrom asks of a node, by its own names.
public enum Workload {
    ECHO,
    UNIQUE_IDS,
    BROADCAST,
    G_SET,
    G_COUNTER,
    PN_COUNTER;

    /// As on the command line: `pn-counter`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException with what it may be
    public static Workload parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(choices() + ", not '" + text + "'"));
    }

    /// All of them, in words.
    public static String choices() {
        return Arrays.stream(values()).map(Workload::toString).collect(Collectors.joining(", "));
    }
}
