package dev.rumor.storage;

import dev.rumor.core.stream.Run;
import java.util.ArrayList;
import java.util.List;

/// What one read is answered with: consecutive records that cost at most so many bytes, but one at least.
final class Portion {
    private final List<Run> runs = new ArrayList<>();
    private long left;

    Portion(long maxBytes) {
        this.left = maxBytes;
    }

    List<Run> runs() {
        return runs;
    }

    /// Takes as much from the start of the run as fits.
    ///
    /// @return whether that was all of it, so that more may follow
    boolean take(Run run) {
        Run taken = start(run);
        if (!runs.isEmpty() && taken.cost() > left) {
            return false;
        }
        runs.add(taken);
        left -= taken.cost();
        return taken == run;
    }

    /// As many records from the start of the run as fit, one at least.
    private Run start(Run run) {
        if (run.cost() <= left) {
            return run;
        }
        int count = 1;
        long cost = Run.RUN_OVERHEAD_BYTES + Run.RECORD_OVERHEAD_BYTES + run.length(0);
        while (count < run.count()) {
            cost += Run.RECORD_OVERHEAD_BYTES + run.length(count);
            if (cost > left) {
                break;
            }
            count++;
        }
        return run.slice(run.first(), run.first() + count - 1);
    }
}
