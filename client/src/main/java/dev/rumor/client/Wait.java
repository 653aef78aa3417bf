package dev.rumor.client;

import java.time.Duration;

/// For whom a broadcast waits before it is answered: until so many active members durably hold it, the daemon asked
/// among them. Who is active is asked again until then: a member that is evicted meanwhile counts no more, one that
/// becomes active does. Members tell what they hold anyway; waiting for them sends nothing.
///
/// @param members with [Quorum#COUNT] how many, 1 to 1,024; else 0
/// @param within for how long at most, 1 ms to 24 h; zero with [Quorum#LOCAL]
public record Wait(Quorum quorum, int members, Duration within) {

    public enum Quorum {
        /// The daemon asked, active or not.
        LOCAL,
        /// So many members.
        COUNT,
        /// More than half of them.
        MAJORITY,
        ALL
    }

    /// Members of the largest roster.
    public static final int MAX_MEMBERS = 1024;

    private static final Duration LONGEST = Duration.ofHours(24);

    public Wait {
        if (quorum == Quorum.COUNT ? members < 1 || members > MAX_MEMBERS : members != 0) {
            throw new IllegalArgumentException("a wait is for 1 to " + MAX_MEMBERS + " members, not " + members);
        }
        boolean waits = within.toMillis() >= 1 && within.compareTo(LONGEST) <= 0;
        if (quorum == Quorum.LOCAL ? !within.isZero() : !waits) {
            throw new IllegalArgumentException("a wait is of 1 ms to 24 h, not " + within);
        }
    }

    /// For nobody else.
    public static Wait local() {
        return new Wait(Quorum.LOCAL, 0, Duration.ZERO);
    }

    /// @param members how many, the daemon asked included
    public static Wait members(int members, Duration within) {
        return new Wait(Quorum.COUNT, members, within);
    }

    public static Wait majority(Duration within) {
        return new Wait(Quorum.MAJORITY, 0, within);
    }

    public static Wait all(Duration within) {
        return new Wait(Quorum.ALL, 0, within);
    }

    /// Reads `local`, a number of members, `majority` or `all`.
    ///
    /// @throws IllegalArgumentException with a sentence that names what there is
    public static Wait parse(String quorum, Duration within) {
        return switch (quorum) {
            case "local" -> local();
            case "majority" -> majority(within);
            case "all" -> all(within);
            default -> members(count(quorum), within);
        };
    }

    private static int count(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("local, majority, all or a number of members, not '" + text + "'");
    }

    public boolean isLocal() {
        return quorum == Quorum.LOCAL;
    }
}
