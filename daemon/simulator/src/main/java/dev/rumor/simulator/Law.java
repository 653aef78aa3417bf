package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import java.util.List;

/// What a host drives: a node, or in tests something in its place.
@FunctionalInterface
public interface Law {

    /// @param now monotonic nanoseconds; never less than the time before
    List<Effect> handle(Event event, long now);
}
