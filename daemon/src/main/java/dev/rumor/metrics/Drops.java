package dev.rumor.metrics;

import dev.rumor.core.message.Message.Refusal.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// What was dropped, refused or cut off, by reason.
final class Drops {

    private static final String NAME = "drops";
    private static final String DESCRIPTION =
            "Records, broadcasts, frames, links and connections that were dropped, refused or cut off, by reason.";

    private final Meters meters;
    private final Map<Reason, Count> refused = new EnumMap<>(Reason.class);

    /// Records that found no place, mostly because the log is full; they are pulled later.
    final Count records;

    /// Broadcasts that the node refused, for want of room or because it starts or stops.
    final Count broadcasts;

    /// Times that a link took no more, so that nothing was pushed on it until it drained.
    final Count clogs;

    Drops(Meters meters) {
        this.meters = meters;
        records = reason("record_discarded");
        broadcasts = reason("broadcast_refused");
        clogs = reason("link_clogged");
        for (Reason each : Reason.values()) {
            refused.put(each, reason("refused_" + Meters.label(each)));
        }
    }

    /// Peers that the node refused, at hello or for what they said later.
    Count refused(Reason reason) {
        return refused.get(reason);
    }

    private Count reason(String reason) {
        return meters.counter(NAME, DESCRIPTION, "reason", reason);
    }

    /// A reason that is counted elsewhere.
    void add(String reason, LongSupplier count) {
        meters.counter(NAME, "", DESCRIPTION, count, "reason", reason);
    }
}
