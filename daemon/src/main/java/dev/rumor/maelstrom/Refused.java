package dev.rumor.maelstrom;

/// Why a request is not done, by Maelstrom's own codes; all of these say that it surely was not. No stack trace: the
/// asker is at fault, or has to wait.
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    static final int NOT_SUPPORTED = 10;
    static final int TEMPORARILY_UNAVAILABLE = 11;
    static final int MALFORMED_REQUEST = 12;
    static final int PRECONDITION_FAILED = 22;

    private final int code;

    /// @param text a sentence for a person
    Refused(int code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
