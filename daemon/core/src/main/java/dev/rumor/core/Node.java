package dev.rumor.core;

import java.util.List;
import java.util.random.RandomGenerator;

/// The machine.
public final class Node {

    public Node(Settings settings, RandomGenerator dice) {}

    public List<Effect> handle(Event event, long now) {
        throw new UnsupportedOperationException();
    }

    public View view(long now) {
        throw new UnsupportedOperationException();
    }
}
