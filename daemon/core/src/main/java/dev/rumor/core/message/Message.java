package dev.rumor.core.message;

import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;

/// Everything that peers say to each other. Before a link is admitted only [NameQuery], [NameReply], [Hello] and
/// [Refusal] are listened to.
public sealed interface Message {

    /// The lowest protocol version spoken here, and the highest.
    int PROTOCOL_MIN = 1;

    int PROTOCOL_MAX = 1;

    /// "What do you know of this name?" A starting node asks before it chooses its epoch.
    ///
    /// @param disk the disk it came back with
    record NameQuery(String cluster, int protocolMin, int protocolMax, String name, DiskId disk) implements Message {}

    /// @param highestEpoch the highest epoch known for the name, 0 for none
    /// @param claimed what (name, disk) was known to hold durably; more than the asker holds means a restored disk
    /// @param ended whether (name, disk) left or was evicted
    record NameReply(long highestEpoch, List<Claim> claimed, boolean ended) implements Message {}

    /// Who I am. Said by the side that dialled, and answered in kind by the side that accepts.
    ///
    /// @param tag random per epoch; in frontier entries and run headers too
    /// @param nonce random per process; one's own, met, is a dial to oneself
    /// @param established whether this process was ever admitted by a peer; one that was not yields to an incumbent
    record Hello(
            String cluster,
            int protocolMin,
            int protocolMax,
            String name,
            long epoch,
            int tag,
            long nonce,
            DiskId disk,
            boolean established,
            String software)
            implements Message {

        /// What stands for a hello on a host without links.
        public static Hello of(String cluster, String name, long epoch, int tag, DiskId disk) {
            return new Hello(cluster, PROTOCOL_MIN, PROTOCOL_MAX, name, epoch, tag, 0, disk, true, "");
        }
    }

    /// Why the link is not admitted, in words for a person.
    ///
    /// @param name who refuses; empty if it will not say
    record Refusal(Reason reason, String text, String name) implements Message {
        public enum Reason {
            WRONG_CLUSTER,
            WRONG_PROTOCOL,
            NAME_TAKEN,
            /// The dialler reached itself.
            SELF,
            /// The two processes have a better link already.
            DUPLICATE,
            /// Said before hello, or nonsense after it.
            MALFORMED
        }
    }

    record Ping() implements Message {}

    record Pong() implements Message {}

    /// Roster registers: all of them when a link is new, later those that changed.
    record Registers(List<Register> registers) implements Message {}

    /// Opens a gossip round: the digests of what the sender durably holds and of its roster. Whatever differs is told
    /// whole: [Claims], [Registers].
    record Round(Digest held, Digest roster) implements Message {}

    /// Answers a round of a large cluster: where a digest differs, those of its sections
    /// ([dev.rumor.core.stream.Sections]). What differs is told: [Claims], [Registers].
    ///
    /// @param held of what the sender durably holds; empty if that need not be compared
    /// @param roster of its roster; empty likewise
    /// @param answer whether the receiver should answer with its own
    record Sections(List<Digest> held, List<Digest> roster, boolean answer) implements Message {}

    /// Answers a round: both hold the same. Where the rosters differ, that is told besides.
    record Agreement() implements Message {}

    /// What the sender durably holds: a receipt, and what the receiver compares to find what it lacks.
    ///
    /// @param whole whether this is the sender's whole frontier, not what changed
    /// @param answer whether the receiver should answer with its own whole frontier
    record Claims(List<Claim> claims, List<Mark> marks, boolean whole, boolean answer) implements Message {}

    /// "Send me these." At most one is under way from one node on one link.
    ///
    /// @param wants may be empty, where only the other matters
    /// @param hold whether the sender discards what is pushed to it, for want of room: nothing is to be pushed on
    ///     this link before a pull says otherwise
    record Pull(List<Range> wants, boolean hold) implements Message {}

    /// Runs, pushed or pulled.
    record Runs(List<Run> runs) implements Message {}

    /// Tells what is not to be had here any more, at the end of a pull or in place of a push.
    ///
    /// @param gaps what was trimmed or waived here
    /// @param done whether this ends the answer to a pull: what could be sent was sent
    record Served(List<Range> gaps, boolean done) implements Message {}

    // --- where records are collected, and on hosts without links

    /// Goes before whatever else is said in the same turn: who speaks, and when.
    ///
    /// A host without links carries it with everything; it stands for the hello. Elsewhere it goes with the batches
    /// that are collected through a relay.
    ///
    /// @param relay through whom the sender lets its records be collected, its own name if through nobody
    /// @param windowNanos how often the sender sends on what it collected, 0 when it collects nothing
    /// @param phaseNanos how long before this its last such moment was
    /// @param sentAt in the sender's own time, which nobody else can read
    record Stamp(
            long epoch,
            int tag,
            DiskId disk,
            String relay,
            long windowNanos,
            long phaseNanos,
            long sentAt,
            List<Echo> echoes)
            implements Message {}

    /// The stamp of somebody else comes back to it: what is left of the time since, when the time that it was held is
    /// taken off, is a round trip.
    ///
    /// @param to whose stamp it was
    /// @param sentAt as it stood there
    /// @param heldNanos from its arrival to this stamp
    record Echo(String to, long sentAt, long heldNanos) {}

    /// "All of these hold all of this." Spares members of a relay from telling each other.
    record Confirmed(List<Witness> by, List<Claim> held) implements Message {}

    /// Whose claims were counted.
    record Witness(String name, long epoch, DiskId disk) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Witness that
                    && epoch == that.epoch
                    && name.equals(that.name)
                    && disk.equals(that.disk);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Long.hashCode(epoch);
        }
    }
}
