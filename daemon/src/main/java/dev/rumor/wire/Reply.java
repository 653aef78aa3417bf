package dev.rumor.wire;

import dev.rumor.core.View;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;
import java.util.Optional;

/// What a client is answered.
public sealed interface Reply {

    /// The number of the request that this answers.
    long id();

    /// The request was refused or failed; nothing of it took effect.
    ///
    /// @param text a sentence for a person that names the limit
    /// @param record of a broadcast, which record (from 0) is at fault
    record Failed(long id, Code code, String text, int record) implements Reply {

        public enum Code {
            /// The request itself is wrong: oversize, malformed, out of range.
            INVALID,
            /// It cannot be taken now: a limit is reached, or the daemon is stopping.
            REFUSED,
            /// Nothing that is known here was asked.
            UNSUPPORTED,
            /// Nothing is known here of what was asked about.
            UNKNOWN
        }
    }

    /// The records are kept, and are numbered `first` to `first + count - 1`.
    ///
    /// @param outcome of the wait for others to hold them, if there was one
    record Accepted(long id, Stream stream, long first, int count, Optional<Outcome> outcome) implements Reply {}

    /// How a wait ended.
    ///
    /// @param reached whether a quorum holds the records; if not, the time was over or the node stops
    /// @param holders if not, the active members
    record Outcome(boolean reached, List<View.Holder> holders) {}

    record Holders(long id, View.Holders holders) implements Reply {}

    /// Part of the answer to a read: some records, or a gap, or only how far it has come.
    ///
    /// @param cursor before all this
    /// @param gap records that are not to be had here any more
    /// @param end whether this is the last part
    record Records(long id, String cursor, List<StoredRecord> records, Optional<Range> gap, boolean end)
            implements Reply {}

    /// This node has left the cluster.
    record Left(long id, String name) implements Reply {}

    /// That member is evicted.
    record Evicted(long id, String name) implements Reply {}

    /// @param wallMillis milliseconds since 1970, for when each member was last heard
    record Members(long id, View view, long wallMillis) implements Reply {}

    /// @param ephemeral whether records are kept in memory only
    record Status(long id, View view, boolean ephemeral) implements Reply {}
}
