package dev.rumor.client;

import java.time.Duration;

/// What a daemon was asked for did not happen, or is not known to have happened. The message is a sentence
/// for a person.
public final class RumorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public enum Kind {
        /// The daemon answered, and refused; or what was asked cannot be done at all.
        FAILED,
        /// There is no daemon, or the connection to it was lost: what was under way may or may not have
        /// happened.
        UNREACHABLE,
        /// The daemon is silent: what was under way may or may not have happened.
        TIMED_OUT
    }

    private final Kind kind;
    private final int record;
    private final boolean passing;

    private RumorException(Kind kind, String sentence, int record, boolean passing, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.record = record;
        this.passing = passing;
    }

    public static RumorException failed(String sentence) {
        return new RumorException(Kind.FAILED, sentence, 0, false, null);
    }

    /// @param passing whether another daemon, or this one later, may well take it
    static RumorException refused(String sentence, int record, boolean passing) {
        return new RumorException(Kind.FAILED, sentence, record, passing, null);
    }

    static RumorException unreachable(String sentence, Throwable cause) {
        return new RumorException(Kind.UNREACHABLE, sentence, 0, true, cause);
    }

    static RumorException timedOut(Address address, Duration timeout) {
        String sentence = "no answer from " + address + " within " + timeout.toMillis() + " ms";
        return new RumorException(Kind.TIMED_OUT, sentence, 0, true, null);
    }

    public Kind kind() {
        return kind;
    }

    /// Which of the records that were broadcast together is at fault, from 0.
    public int record() {
        return record;
    }

    /// Whether the same may go well at another daemon, or later.
    boolean isPassing() {
        return passing;
    }
}
