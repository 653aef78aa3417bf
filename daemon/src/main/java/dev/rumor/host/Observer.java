package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import java.util.List;

/// Sees everything that crosses the border of the law, in order, and the frames that cross the border of the host. Runs
/// on the node's loop: it counts, and does not wait.
///
/// Bytes are those of whole frames, the length in front included.
@FunctionalInterface
public interface Observer {

    Observer NONE = (event, effects) -> {};

    void observe(Event event, List<Effect> effects);

    /// A peer's frame arrived.
    default void heard(Message message, int bytes) {}

    /// A frame was written, once on each of so many links.
    default void said(Message message, int bytes, int links) {}

    /// A client's frame arrived.
    default void asked(Request request, int bytes) {}

    /// A frame was written to a client.
    default void answered(Reply reply, int bytes) {}

    /// The store has written a group of records and synced it to disk, and that took so long.
    default void synced(int records, long nanos) {}

    /// The store is so far behind that nobody is read from until it has caught up with half of it.
    default void behind() {}

    /// Both, this one first.
    default Observer and(Observer other) {
        return other == NONE ? this : new Observers(this, other);
    }
}
