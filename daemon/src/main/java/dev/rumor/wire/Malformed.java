package dev.rumor.wire;

/// Bytes that are not what the protocol says. The message is a sentence for a person that names the rule and
/// what was there instead. It carries no stack trace: the sender is at fault, not the code.
public final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    /// What is quoted of someone else's bytes in a sentence of ours, at most.
    private static final int QUOTED_CHARACTERS = 80;

    public Malformed(String sentence) {
        super(sentence, null, false, false);
    }

    /// @param rule what must hold, as the first half of a sentence: "a name is 1 to 64 of A-Z a-z 0-9 . _ -"
    /// @param given what was there instead, quoted shortened and without control characters
    static void unless(boolean holds, String rule, Object given) throws Malformed {
        if (!holds) {
            throw new Malformed(rule + ", not " + (given instanceof String text ? quoted(text) : given));
        }
    }

    private static String quoted(String text) {
        String start = text.length() <= QUOTED_CHARACTERS ? text : text.substring(0, QUOTED_CHARACTERS) + "…";
        return "'" + start.replaceAll("\\p{Cntrl}", "�") + "'";
    }
}
