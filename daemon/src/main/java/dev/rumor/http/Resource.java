package dev.rumor.http;

/// What stands at a place.
@FunctionalInterface
public interface Resource {

    /// Called for each request on a virtual thread of its own, so that it may wait; at most as often at a time as there
    /// may be connections. The thread is interrupted when whoever asked has gone.
    ///
    /// @throws Refusal if this is not to be had
    Answer answer(Question question) throws InterruptedException;
}
