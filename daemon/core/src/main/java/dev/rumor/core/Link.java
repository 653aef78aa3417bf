package dev.rumor.core;

import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.stream.Stream;
import java.util.TreeSet;

/// One connection, or a standing link where the host has none. What the parts of the node remember for it lives and
/// dies
/// with it.
final class Link {
    final long id;
    final boolean dialled;
    final long since;

    // --- the handshake

    Hello hello;
    boolean asked;
    boolean greeted;
    boolean admitted;
    long challengedUntil = Long.MAX_VALUE;
    Link challenger;

    // --- the transport

    boolean clogged;
    long heardAt;

    /// Whether what comes now was said by an earlier process of the peer, and is left unheard.
    boolean stale;

    /// Half of the shortest true round trip of late; -1 before the first.
    long latencyNanos = -1;

    // --- what the peer knows

    /// Whether the peer has told its whole frontier on this link.
    boolean told;

    /// When a round was last opened with the peer, -1 if it was answered; how many were not, and for a host without
    /// links, which of our stamps the peer had heard last. When the last was answered, and how long it took.
    long roundAt = -1;

    int roundsOpen;
    long heardOfUsAt = -1;

    long comparedAt = Long.MIN_VALUE;
    long roundTripNanos;

    /// What this node holds and did not say on this link yet.
    final TreeSet<Stream> dirty = new TreeSet<>();

    final Bulletin.State bulletin = new Bulletin.State();
    final Push.State push = new Push.State();
    final Repair.State repair = new Repair.State();

    Link(long id, boolean dialled, long now) {
        this.id = id;
        this.dialled = dialled;
        this.since = now;
        this.heardAt = now;
    }

    String name() {
        return hello.name();
    }

    /// What the peer broadcasts in its present epoch.
    Stream stream() {
        return new Stream(hello.name(), hello.epoch());
    }
}
