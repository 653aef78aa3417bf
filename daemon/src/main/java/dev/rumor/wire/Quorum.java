package dev.rumor.wire;

/// How many active members must durably hold records before their broadcast is answered. The node where they are
/// broadcast is one of them.
///
/// @param members with [Kind#COUNT] how many, 1 to [#MAX_MEMBERS]; else 0
public record Quorum(Kind kind, int members) {

    public enum Kind {
        /// This node alone, active or not.
        LOCAL,
        COUNT,
        /// More than half.
        MAJORITY,
        ALL
    }

    /// No roster is larger.
    public static final int MAX_MEMBERS = 1024;

    public static final Quorum LOCAL = new Quorum(Kind.LOCAL, 0);
    public static final Quorum MAJORITY = new Quorum(Kind.MAJORITY, 0);
    public static final Quorum ALL = new Quorum(Kind.ALL, 0);

    public static Quorum of(int members) {
        return new Quorum(Kind.COUNT, members);
    }

    public boolean isLocal() {
        return kind == Kind.LOCAL;
    }

    /// How many that is where so many are active. Where nobody is, nobody's holding is enough.
    public int among(int active) {
        return switch (kind) {
            case LOCAL -> 0;
            case COUNT -> members;
            case MAJORITY -> active / 2 + 1;
            case ALL -> Math.max(1, active);
        };
    }
}
