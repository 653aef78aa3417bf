package dev.rumor.core;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Stream;
import java.util.List;
import java.util.Optional;

/// A read-only picture of a node at one moment, for status, gauges and invariants.
///
/// @param open whether the node has its epoch and accepts broadcasts
/// @param records how many records are held and not trimmed
/// @param bytes what they cost
/// @param durable what is durably held, live streams only
/// @param delivered how far each stream may be shown to readers, live and retired; waived records count as shown
/// @param committed what every active member holds, live and retired
/// @param members the roster, this node included, in order of names
/// @param waiting records offered and not yet being written
/// @param retired former epochs that are retired; their records are counted and not listed in `durable`
/// @param reconciled whether, since its process started, it has come to hold all that some live peer held when they met
public record View(
        Settings settings,
        boolean open,
        Stream stream,
        DiskId disk,
        long records,
        long bytes,
        List<Claim> durable,
        List<Claim> delivered,
        List<Claim> committed,
        List<Member> members,
        Optional<Blocker> blocker,
        int waiting,
        int retired,
        boolean reconciled) {

    public enum Liveness {
        SELF,
        LINKED,
        /// Linked and silent, or not linked for less than 15 s.
        SUSPECTED,
        UNREACHABLE,
        /// Not linked, and need not be: in a cluster larger than the mesh, others are its neighbours.
        DISTANT,
        /// Left or evicted: nobody waits for it.
        GONE
    }

    /// @param silentNanos since it was last heard, or since this node first knew of it
    public record Member(Register register, Liveness liveness, long silentNanos) {}

    /// The active member that lacks the most of what this node durably holds.
    ///
    /// @param records how many records it lacks
    /// @param sinceNanos how long it has blocked
    public record Blocker(String name, long records, long sinceNanos) {}

    /// Who durably holds some records, as far as this node knows.
    ///
    /// @param known whether it is known who holds what, see [View#isMesh]; if not, no members are listed
    /// @param committed whether every active member holds them, or did once
    /// @param members who is expected to be there, this node included, in order of names; nobody, if nothing
    ///     is known of the records
    public record Holders(boolean known, boolean committed, List<Holder> members) {

        /// Of a mesh, where that is known.
        public Holders(boolean committed, List<Holder> members) {
            this(true, committed, members);
        }

        public List<Holder> active() {
            return members.stream().filter(each -> each.register.isActive()).toList();
        }
    }

    /// @param lacks how many of the records it is not known to hold durably, 0 for none
    /// @param behindNanos if it lacks any, for how long it has been behind, whatever it lacked; 0 if that was not
    ///     noticed yet
    public record Holder(Register register, long lacks, long behindNanos) {

        public boolean holds() {
            return lacks == 0;
        }
    }

    /// How many members there are, those left out that left or were evicted.
    public int roster() {
        return (int) members.stream().filter(each -> each.register.isMember()).count();
    }

    /// Whether this node learns who holds what: beyond `mesh` members nobody does, and nothing is committed.
    public boolean isMesh() {
        return !settings.isLinked() || roster() <= settings.mesh();
    }

    /// Why nobody can be asked who holds what, if so: a sentence that names the limit.
    public Optional<String> withoutReceipts() {
        return isMesh()
                ? Optional.empty()
                : Optional.of("with " + roster() + " members it is not known which of them hold a record: receipts are "
                        + "offered up to " + settings.mesh() + " (mesh)");
    }

    public long linked() {
        return members.stream().filter(each -> each.liveness == Liveness.LINKED).count();
    }
}
