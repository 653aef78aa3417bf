package dev.rumor.client;

import java.util.Optional;

/// What a reader wants: from where on, of which topic, how much.
///
/// ```java
/// Selection missed = Selection.after(cursor).topic("orders");
/// ```
///
/// @param from a cursor, `start` or `now`
/// @param topic of which topic; empty for all
/// @param limit at most so many records; 0 for all
public record Selection(String from, Optional<String> topic, long limit) {

    public Selection {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is 0 or more, not " + limit);
        }
    }

    /// Everything that is retained.
    public static Selection start() {
        return after("start");
    }

    /// What comes from now on.
    public static Selection now() {
        return after("now");
    }

    /// What comes after a cursor, see [Told#cursor].
    public static Selection after(String cursor) {
        return new Selection(cursor, Optional.empty(), 0);
    }

    /// Only records of this topic.
    public Selection topic(String only) {
        return new Selection(from, Optional.of(only), limit);
    }

    /// At most so many records.
    public Selection limit(long most) {
        return new Selection(from, topic, most);
    }
}
