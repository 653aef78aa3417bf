package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import java.util.List;

/// Sees everything that crosses the border of the law, in order. Runs on the node's loop: it counts, and does
/// not wait.
@FunctionalInterface
public interface Observer {

    Observer NONE = (event, effects) -> {};

    void observe(Event event, List<Effect> effects);
}
