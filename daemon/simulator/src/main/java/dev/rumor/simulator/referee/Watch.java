package dev.rumor.simulator.referee;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.Host;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the referee remembers of one process.
final class Watch {
    final Host host;

    /// The highest epoch of its name of which somebody told it.
    long toldEpoch;

    /// How far each stream was shown to readers.
    final Map<Stream, Long> shown = new HashMap<>();

    /// What this process took up from others and did not hold before.
    final Map<Stream, Intervals> taken = new HashMap<>();

    /// What the node takes for committed.
    final Map<Stream, Intervals> committed = new HashMap<>();

    /// The streams of which it may come to take more for committed, in the order in which they came up.
    final Set<Stream> open = new LinkedHashSet<>();

    /// What became of the roster since the beginning.
    final Map<String, Register> registers = new TreeMap<>();

    Watch(Host host) {
        this.host = host;
    }

    void take(Run run) {
        taken.merge(run.stream(), Intervals.of(run.first(), run.last()), Intervals::plus);
    }

    /// Whether it has these, durably or not yet.
    boolean has(Range range) {
        Intervals durable = host.disk().held(range.stream());
        return durable.contains(range.from(), range.to())
                || durable.plus(taken.getOrDefault(range.stream(), Intervals.NONE))
                        .contains(range.from(), range.to());
    }

    Register register(String name) {
        Register later = registers.get(name);
        return later != null ? later : host.disk().register(name);
    }
}
