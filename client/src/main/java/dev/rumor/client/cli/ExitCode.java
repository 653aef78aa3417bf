package dev.rumor.client.cli;

import dev.rumor.client.RumorException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `rumor` leaves behind for scripts.
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "refused or failed"),
    USAGE(2, "usage: the command line is wrong"),
    UNREACHABLE(3, "unreachable: no daemon there, or the connection was lost"),
    TIMED_OUT(4, "timed out: the daemon is silent, or too few members hold the records");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    static ExitCode of(RumorException e) {
        return switch (e.kind()) {
            case FAILED -> FAILED;
            case UNREACHABLE -> UNREACHABLE;
            case TIMED_OUT -> TIMED_OUT;
        };
    }

    /// For `--help`.
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode each : values()) {
            meanings.put(" " + each.number, each.meaning);
        }
        return meanings;
    }
}
