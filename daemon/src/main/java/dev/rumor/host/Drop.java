package dev.rumor.host;

/// Why a connection was turned away or closed by this node, or what came on it was not taken.
public enum Drop {
    /// It began as neither a peer nor a client does.
    STRANGER,
    /// It began as HTTP does: a browser, a scraper, a health check.
    STRANGER_HTTP,
    /// It did not say in time who it is.
    NO_HELLO,
    /// It made room for newer ones before it said who it is.
    LOBBY_FULL,
    /// As many peers are linked as may be.
    PEERS_FULL,
    /// As many clients are served as may be.
    CLIENTS_FULL,
    /// A client that asked nothing made room for another.
    IDLE_CLIENT,
    /// A peer broke the protocol.
    MALFORMED_PEER,
    /// A client broke the protocol, beyond what can be answered.
    MALFORMED_CLIENT,
    /// A frame was begun and went on too slowly.
    SLOW_FRAME,
    /// What was begun or not taken by all together reached its bound, and this connection's share was the oldest.
    HELD_TOO_LONG,
    /// The system would give no connection, for want of file descriptors or memory.
    NOT_ACCEPTED
}
