package dev.rumor.host;

/// A node that has stopped, or that refuses what it was asked: the message is a sentence that says why.
public final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Stopped(String why) {
        super(why, null, false, false);
    }
}
