package dev.rumor.client;

import java.time.Duration;

/// Whether a member durably holds some records, as far as the daemon asked knows.
///
/// @param state `joining` or `active`
/// @param lacks how many of the records it lacks, 0 if it holds them all
/// @param behind if it lacks any, for how long it has been behind, whatever it lacked; zero for less than about a
///     gossip interval
public record Holder(String name, String state, long lacks, Duration behind) {

    public boolean holds() {
        return lacks == 0;
    }

    /// Whether commits wait for it.
    public boolean isActive() {
        return state.equals("active");
    }
}
