package dev.rumor.http;

/// What stands at a path.
@FunctionalInterface
public interface Resource {

    /// Called for each request on a virtual thread of its own, so that it may wait; at most as often at a time as there
    /// may be connections.
    Answer get();
}
