package dev.rumor.simulator.referee;

/// Something that must never happen has; the message says what, as a sentence.
public final class Foul extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Foul(String what) {
        super(what);
    }

    public static void unless(boolean holds, String rule, Object... what) {
        if (!holds) {
            throw new Foul(String.format(rule, what));
        }
    }
}
