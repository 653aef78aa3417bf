package dev.rumor.host;

import java.util.concurrent.atomic.AtomicLongArray;

/// Counts by reason what this node dropped, and says so in the log: of each reason one line a minute, however
/// many strangers call. Counted on the loop; the counts may be read anywhere.
public final class Drops {

    private final AtomicLongArray counts = new AtomicLongArray(Drop.values().length);
    private final Warnings warnings;

    public Drops(Warnings warnings) {
        this.warnings = warnings;
    }

    /// @param sentence what was done to whom, and why; names the limit if there is one
    public void add(Drop reason, String sentence) {
        counts.incrementAndGet(reason.ordinal());
        warnings.say(reason, sentence);
    }

    /// How often since the start.
    public long count(Drop reason) {
        return counts.get(reason.ordinal());
    }
}
