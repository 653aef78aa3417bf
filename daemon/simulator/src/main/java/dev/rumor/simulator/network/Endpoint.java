package dev.rumor.simulator.network;

import dev.rumor.core.Event;
import dev.rumor.core.message.Message;

/// A host, as the network sees it.
public interface Endpoint {

    /// Its place among all hosts, from 0.
    int number();

    /// Whether there is a process to talk to.
    boolean isUp();

    /// A connection stands, and its side here is known by the wire's number.
    void connected(Wire wire, boolean dialled);

    /// The connection is gone; comes once for each that stood.
    void disconnected(Wire wire);

    /// What else the network reports: what was heard, and whether a wire takes more.
    void happens(Event event);

    /// Whether it knows who is at the other end.
    boolean isAdmitted(Wire wire);

    /// A dial came to nothing.
    void unanswered(Endpoint to);

    /// What others see of what is said.
    ///
    /// @param arrivesAt when it will be heard, -1 if never or not before a cut or a stall is over
    default void said(Endpoint to, Message message, int bytes, long arrivesAt) {}
}
