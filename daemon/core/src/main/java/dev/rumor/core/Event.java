package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;

/// Everything that can happen to a node, in the past tense.
///
/// `link` is the host's number for one connection, never used twice. A host without links numbers its peers.
public sealed interface Event {

    /// The first event of all: what the store found when it opened.
    ///
    /// @param disk the disk's id; ignored when nothing was found
    /// @param lastEpoch the last epoch made durable here, 0 for none
    /// @param claims what is durably held
    /// @param absent what of it is held in name only: trimmed, or waived
    /// @param damaged what of it was held until its bytes failed their check; it is quarantined, and to be had from
    ///     others
    /// @param marks the retired marks
    /// @param bytes what the held records cost
    /// @param roster the roster as last remembered
    /// @param wallMillis milliseconds since 1970
    record Recovered(
            Found found,
            DiskId disk,
            long lastEpoch,
            List<Claim> claims,
            List<Claim> absent,
            List<Stream.Range> damaged,
            List<Mark> marks,
            long bytes,
            List<Register> roster,
            long wallMillis)
            implements Event {

        public enum Found {
            /// No store, or an empty one: a new disk.
            NOTHING,
            /// Closed in good order.
            CLEAN,
            /// Stopped in the middle; an unfinished tail was cut.
            TORN,
            /// A copy from earlier: it may have claimed more than it now holds.
            OLD,
            /// Part of what was synced fails its check and is quarantined.
            DAMAGED
        }

        /// A node that starts with nothing.
        public static Recovered nothing(long wallMillis) {
            return new Recovered(
                    Found.NOTHING,
                    DiskId.NONE,
                    0,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    0,
                    List.of(),
                    wallMillis);
        }
    }

    /// The epoch asked for by [Effect.OpenEpoch] is durable.
    record EpochOpened() implements Event {}

    /// A connection stands; nothing was said on it yet.
    ///
    /// @param dialled whether this side opened it
    record Connected(long link, boolean dialled) implements Event {}

    record Disconnected(long link) implements Event {}

    /// The transport took all it can for now; until [Drained], what is sent on this link would only queue.
    record Clogged(long link) implements Event {}

    record Drained(long link) implements Event {}

    record Heard(long link, Message message) implements Event {}

    /// A client wants these records broadcast.
    ///
    /// @param ticket the host's number for the request, repeated in the answer
    /// @param wallMillis milliseconds since 1970, for the hybrid clock
    record Offered(long ticket, Run.Draft draft, long wallMillis) implements Event {}

    /// An operator wants this member to leave for good.
    ///
    /// @param within how long the others may take to hold what it holds
    record LeaveAsked(long ticket, Duration within) implements Event {}

    /// An operator wants that member to be waited for no longer.
    ///
    /// @param force whether no majority of the roster need be reachable
    record EvictAsked(long ticket, String name, boolean force) implements Event {}

    /// These records are durable here, or it is that they are waived.
    record Appended(Stream stream, long from, long to) implements Event {}

    /// Of a [Effect.SendRange], the part up to `upTo` was handed to the transport.
    record Sent(long link, Stream stream, long upTo) implements Event {}

    /// Of a [Effect.SendRange], the part from `from` to `to` is not to be read any more.
    record Unreadable(long link, Stream stream, long from, long to) implements Event {}

    /// The store let go of these records, which cost `bytes`; of none, if there was nothing to let go of.
    record Trimmed(List<Stream.Range> ranges, long bytes) implements Event {}

    /// The bytes of these records, which the store has held until now, fail their check: they are quarantined. Comes
    /// before the answer to whatever read found it.
    record Damaged(Stream stream, long from, long to) implements Event {}

    /// The store can write no more, and nothing that was not reported as durable ever will be; `why` is a sentence.
    record StoreFailed(String why) implements Event {}

    /// The one alarm rang, see [Effect.WakeAt].
    record Woke() implements Event {}

    /// The host was told to stop: nothing new is accepted, what is due is said.
    record Stopping() implements Event {}
}
