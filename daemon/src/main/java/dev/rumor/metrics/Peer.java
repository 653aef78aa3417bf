package dev.rumor.metrics;

import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;

/// What is remembered of one link, so as to understand what is said on it.
final class Peer {

    private Hello hello;

    /// Whose link it is, empty until it is admitted.
    private String name = "";

    /// What it broadcasts in its present epoch, null until it is admitted.
    private Stream stream;

    /// Whether a round was opened with it and not yet answered.
    boolean asked;

    /// Whether it discards what is pushed to it, and so pulls that as well.
    boolean holds;

    /// Whether this node discards what it pushes.
    boolean held;

    /// What is being pushed to it and what it pulled, from where on; null for nothing.
    Range pushing;

    Range serving;

    void greeted(Hello said) {
        hello = said;
    }

    void admitted(String as) {
        name = as;
        stream = hello == null ? null : new Stream(hello.name(), hello.epoch());
    }

    boolean isAdmitted() {
        return !name.isEmpty();
    }

    String name() {
        return name;
    }

    /// Whether records of this stream come from it without being asked for.
    boolean pushes(Stream told) {
        return !held && told.equals(stream);
    }
}
