package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import java.util.List;

/// Sees what happens, when it happens, and changes nothing. The time is [Simulation#now].
///
/// Called in the innermost loop: what it costs, every event costs.
public interface Observer {

    /// A process begins, with the disk that it has now.
    default void started(Host host) {}

    /// A process is gone.
    ///
    /// @param why empty if it was killed, else what it said itself
    default void ended(Host host, String why) {}

    /// A client offers records at this host, to be told what becomes of them under this ticket.
    default void offered(Host host, long ticket, int records) {}

    /// An event went in, and these effects came out; they are performed after this.
    default void handled(Host host, Event event, List<Effect> effects) {}

    /// Records of the host's own were encoded, just now: from here on they exist.
    default void encoded(Host host, Run run) {}

    /// Something was said.
    ///
    /// @param bytes on the wire
    /// @param arrivesAt when the other will hear it, -1 where a cut or a stall holds it up
    default void said(Host from, Host to, Message message, int bytes, long arrivesAt) {}

    /// Somebody broke something, or mended it; `what` is for people.
    default void disturbed(String what) {}
}
