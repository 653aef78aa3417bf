package dev.rumor.storage;

import dev.rumor.core.stream.Run;
import java.util.List;

/// What the loop hands to the [Writer], and what the writer hands back when it is durable.
sealed interface Entry {

    /// A run, and those parts of it that were missing. The writer says where they are.
    final class Keep implements Entry {
        final Run run;
        final List<Run> missing;
        final long cost;
        final int[] at;
        Segment segment;

        Keep(Run run, List<Run> missing) {
            this.run = run;
            this.missing = missing;
            this.at = new int[missing.size()];
            long sum = 0;
            for (Run part : missing) {
                sum += part.cost();
            }
            this.cost = sum;
        }
    }

    /// Something else to remember.
    ///
    /// @param gone segments that nobody needs once it is durable
    /// @param then what the loop does then
    record Note(List<Change> changes, List<Segment> gone, Runnable then) implements Entry {}

    /// Begins a new segment, unless the present one holds no run.
    ///
    /// @param then what the loop does then
    record Turn(Runnable then) implements Entry {}

    /// The last one.
    record End() implements Entry {}
}
