package dev.rumor.metrics;

import dev.rumor.core.Message.Refusal.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// What was dropped, refused or cut off, by reason.
final class Drops {

    private static final String NAME = "drops";
    private static final String DESCRIPTION =
            "Records, broadcasts, frames, links and connections that were dropped, refused or cut off, by reason.";

    private final Meters meters;
    private final Map<Reason, Count> peers = new EnumMap<>(Reason.class);

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
            peers.put(each, reason("peer_" + Meters.label(each)));
        }
    }

    /// Peers that were refused at hello, or hung up on for what they said.
    Count peers(Reason reason) {
        return peers.get(reason);
    }

    private Count reason(String reason) {
        return meters.counter(NAME, DESCRIPTION, "reason", reason);
    }

    /// A reason that is counted elsewhere.
    void add(String reason, LongSupplier count) {
        meters.counter(NAME, "", DESCRIPTION, count, "reason", reason);
    }
}
