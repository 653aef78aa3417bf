package dev.rumor.face;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Observer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Sees records spread while anybody watches: when this node learned which member holds them. Watched are the last
/// [#MOST], and twenty in a second at most; of a run the last record stands for all.
///
/// It lives on the node's loop. What it saw last may be had on any thread.
public final class Watch implements Observer {

    static final int MOST = 24;

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    /// One record on its way.
    ///
    /// @param atNanos for each member that holds it, in the order in which that was learned: how long after it was
    ///     first seen here
    /// @param waiting active members that are not known to hold it
    /// @param version grows with each change, over all records
    record Spread(Range record, long sinceNanos, Map<String, Long> atNanos, List<String> waiting, long version) {}

    private final LongSupplier clock;
    private final AtomicInteger watchers = new AtomicInteger();
    private final Deque<Spread> spreads = new ArrayDeque<>();
    private Function<Range, View.Holders> holders;
    private volatile Executor loop;
    private Stream own;
    private boolean looking;
    private long versions;
    private volatile long broadcast;
    private volatile long shown;
    private volatile List<Spread> seen = List.of();

    /// @param clock monotonic nanoseconds
    public Watch(LongSupplier clock) {
        this.clock = clock;
    }

    /// @param who tells on the loop who durably holds a record
    /// @param inTurn runs what it is given on the loop, in a turn of its own
    void open(Function<Range, View.Holders> who, Executor inTurn) {
        holders = who;
        loop = inTurn;
    }

    // --- for those who watch, on any thread

    void enter() {
        watchers.incrementAndGet();
    }

    void leave() {
        watchers.decrementAndGet();
    }

    /// The last records, the oldest first.
    List<Spread> seen() {
        return seen;
    }

    /// How many records were broadcast here since the start.
    long broadcast() {
        return broadcast;
    }

    /// And how many were shown here, whoever broadcast them.
    long shown() {
        return shown;
    }

    // --- on the loop

    @Override
    public void observe(Event event, List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Ready ready -> own = ready.stream();
                case Effect.AppendOwn run -> broadcast(run);
                case Effect.Deliver deliver -> shown(deliver.range());
                default -> {}
            }
        }
        boolean learned = event instanceof Event.Heard || event instanceof Event.Appended;
        if (learned && !looking && loop != null && !spreads.isEmpty()) {
            looking = true;
            loop.execute(this::look);
        }
    }

    private void broadcast(Effect.AppendOwn run) {
        long count = run.drafts().stream().mapToLong(Run.Draft::count).sum();
        broadcast += count;
        follow(run.stream(), run.first() + count - 1);
    }

    private void shown(Range range) {
        shown += range.to() - range.from() + 1;
        if (!range.stream().equals(own)) {
            follow(range.stream(), range.to());
        }
    }

    private void follow(Stream stream, long sequence) {
        long now = clock.getAsLong();
        if (watchers.get() == 0) {
            forget();
        } else if (spreads.isEmpty() || now - spreads.getLast().sinceNanos >= PAUSE_NANOS) {
            spreads.add(new Spread(new Range(stream, sequence, sequence), now, Map.of(), List.of(), ++versions));
            if (spreads.size() > MOST) {
                spreads.remove();
            }
        }
    }

    private void forget() {
        if (!spreads.isEmpty()) {
            spreads.clear();
            seen = List.of();
        }
    }

    private void look() {
        looking = false;
        if (watchers.get() == 0) {
            forget();
            return;
        }
        boolean changed = false;
        for (int left = spreads.size(); left > 0; left--) {
            Spread before = spreads.remove();
            Spread after = look(before);
            changed |= after != before;
            spreads.add(after);
        }
        if (changed) {
            seen = List.copyOf(spreads);
        }
    }

    private Spread look(Spread spread) {
        if (spread.waiting.isEmpty() && !spread.atNanos.isEmpty()) {
            return spread;
        }
        long after = clock.getAsLong() - spread.sinceNanos;
        Map<String, Long> at = new LinkedHashMap<>(spread.atNanos);
        List<String> waiting = new ArrayList<>();
        for (View.Holder each : holders.apply(spread.record).members()) {
            Register member = each.register();
            if (each.holds()) {
                at.putIfAbsent(member.name(), after);
            } else if (member.isActive()) {
                waiting.add(member.name());
            }
        }
        boolean same = at.size() == spread.atNanos.size() && waiting.equals(spread.waiting);
        return same ? spread : new Spread(spread.record, spread.sinceNanos, at, waiting, ++versions);
    }
}
