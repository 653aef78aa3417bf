package dev.rumor.core;

import dev.rumor.core.membership.Latency;
import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Pace;
import dev.rumor.core.stream.Ranges;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// One connection, or a standing link where the host has none. What the parts of the node remember for it lives
/// and dies with it.
final class Link {

    /// A peer that was stopped for a while answers late; no more than this is taken for its round trip.
    private static final long MAX_ROUND_TRIP_NANOS = Duration.ofSeconds(2).toNanos();

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

    final Latency latency = new Latency();

    // --- what the peer knows

    /// Whether the peer has told its whole frontier on this link.
    boolean told;

    /// When a round was last opened with the peer, -1 if it was answered, and what was held then; how many were not,
    /// and for a host without links, which of our stamps the peer had heard last. When the last was answered, and
    /// how long it took.
    long roundAt = -1;

    Digest roundHeld = Digest.ZERO;
    int roundsOpen;
    long heardOfUsAt = -1;

    long comparedAt = Long.MIN_VALUE;
    long roundTripNanos;

    /// What this node holds and did not say on this link yet.
    final TreeSet<Stream> dirty = new TreeSet<>();

    final Bulletin.State bulletin = new Bulletin.State();
    final Overlay.State overlay = new Overlay.State();
    final Pushes push = new Pushes();
    final Pulls pulls = new Pulls();

    /// Where the push of one stream to one peer is.
    static final class Cursor {
        final Pace pace = new Pace();
        boolean behind;
        long next = 1;
        boolean sending;
        long sendingFrom;
        long sentAt;
    }

    /// What [Push] remembers of what is pushed and served here.
    static final class Pushes {
        final TreeMap<Stream, Cursor> relayed = new TreeMap<>();
        Cursor own = new Cursor();
        boolean open;
        boolean held;

        // What the peer pulls.
        final ArrayDeque<Range> asked = new ArrayDeque<>();
        final List<Range> gaps = new ArrayList<>();
        final Pace pace = new Pace();
        int chunksLeft;
        boolean serving;
        boolean busy;
        boolean stale;

        /// The peer told what it holds, so it is known where to begin.
        void open() {
            open = true;
        }

        /// Whether what is pushed would leave at once.
        boolean isReady(Link link) {
            return open && !held && !link.clogged;
        }

        /// Whether the peer takes no pushes.
        boolean isHeld() {
            return held;
        }

        void woke(long now) {
            pace.woke(now);
            own.pace.woke(now);
        }

        /// When a rest is over.
        long alarm() {
            return Math.min(pace.alarm(), own.pace.alarm());
        }

        /// What the peer did not confirm is sent again.
        void repeat() {
            own.next = 1;
        }

        /// It is not known any more what the peer holds: it will tell.
        void close() {
            reset();
            open = false;
        }

        /// There is another process at the other end, which was sent nothing.
        void reset() {
            own = new Cursor();
            relayed.clear();
            held = false;
        }
    }

    /// What [Repair] remembers of what is pulled here.
    static final class Pulls {
        final Ranges unavailable = new Ranges();
        long pullUntil = Long.MAX_VALUE;

        /// How many pulls were not answered to their end: over a link each is, in order, so that of what is answered
        /// late it is known that it is no answer to the last.
        int unanswered;

        boolean holding;

        boolean isPulling() {
            return pullUntil != Long.MAX_VALUE;
        }
    }

    Link(long id, boolean dialled, long now) {
        this.id = id;
        this.dialled = dialled;
        this.since = now;
        this.heardAt = now;
    }

    /// Who the peer says it is; empty before it has said so.
    String name() {
        return hello == null ? "" : hello.name();
    }

    /// The peer answered after so long.
    void answeredAfter(long nanos) {
        roundTripNanos = Math.min(MAX_ROUND_TRIP_NANOS, nanos);
    }

    /// Takes the place of another link. Who asks for its name still waits for an answer where it is of the same
    /// process, or an earlier one than who asks: what was said here long ago proves nothing.
    void succeed(Link other) {
        boolean waits = other.challenger != null && other.challenger.hello.epoch() > hello.epoch();
        if (waits || other.hello.nonce() == hello.nonce()) {
            challenger = other.challenger;
            challengedUntil = other.challengedUntil;
            other.challenger = null;
            other.challengedUntil = Long.MAX_VALUE;
        }
    }

    /// What the peer broadcasts in its present epoch.
    Stream stream() {
        return new Stream(hello.name(), hello.epoch());
    }
}
