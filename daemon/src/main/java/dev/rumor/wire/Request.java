package dev.rumor.wire;

import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.Optional;

/// What a client asks.
public sealed interface Request {

    /// The client's number for the request, repeated in every reply to it.
    long id();

    /// Broadcast these records, all or none.
    ///
    /// @param draft each record encoded, ready for a run
    /// @param largestPayloadBytes the largest payload among them, for the host to judge
    /// @param largestIndex which record (from 0) has it
    /// @param quorum who must hold them before the answer
    /// @param within for how long at most the answer waits for that
    record Broadcast(
            long id, Run.Draft draft, int largestPayloadBytes, int largestIndex, Quorum quorum, Duration within)
            implements Request {}

    /// Who holds this record.
    record Holders(long id, Range record) implements Request {}

    /// What is shown here, from somewhere on.
    ///
    /// @param from a cursor; or the word for a place that needs none
    /// @param topic only records of this topic; without it, of every topic
    /// @param limit at most so many records; [Long#MAX_VALUE] for all
    /// @param follows whether what is shown from now on belongs to it, so that it has no end
    record Read(long id, String from, Optional<String> topic, long limit, boolean follows) implements Request {}

    record Members(long id) implements Request {}

    record Status(long id) implements Request {}

    /// Leave the cluster for good.
    ///
    /// @param within how long the others may take to hold what this node holds
    record Leave(long id, Duration within) implements Request {}

    /// Wait no longer for that member.
    ///
    /// @param force even if no majority of the members can be reached
    record Evict(long id, String name, boolean force) implements Request {}

    /// A request that can only be answered, and with nothing but this. The connection may go on.
    record Faulty(Reply.Failed answer) implements Request {
        @Override
        public long id() {
            return answer.id();
        }
    }
}
