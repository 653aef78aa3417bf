package dev.rumor.simulator.referee;

/// Something came about that no protocol can rule out, and nothing can be demanded after it; the message says what.
public final class Unknowable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknowable(String what) {
        super(what);
    }
}
