package dev.rumor.simulator;

import dev.rumor.simulator.time.Agenda;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Whom a process dials, and when: every name that it wants a link to, for ever, with the daemon's back-off. One that
/// an operator gave it as a seed it dials even when it does not want a link any more, now and then.
final class Contacts {

    private static final long BACKOFF_BASE_NANOS = 100_000_000;
    private static final long BACKOFF_CAP_NANOS = 2_000_000_000;
    private static final long REST_NANOS = 30_000_000_000L;

    private static final class Target {
        private final String name;
        private int attempts;
        private boolean dialling;
        private boolean dropped;

        private Target(String name) {
            this.name = name;
        }
    }

    private final Agenda agenda;
    private final RandomGenerator dice;
    private final Predicate<String> linked;
    private final Consumer<String> dial;
    private final Map<String, Target> targets = new HashMap<>();
    private final Set<String> seeds = new HashSet<>();
    private boolean closed;

    Contacts(Agenda agenda, RandomGenerator dice, Predicate<String> linked, Consumer<String> dial) {
        this.agenda = agenda;
        this.dice = dice;
        this.linked = linked;
        this.dial = dial;
    }

    void reach(String name) {
        wake(targets.computeIfAbsent(name, Target::new));
    }

    void seed(String name) {
        seeds.add(name);
        reach(name);
    }

    void leave(String name) {
        Target target = targets.remove(name);
        if (target != null) {
            target.dropped = true;
        }
        if (seeds.contains(name)) {
            agenda.after(REST_NANOS, () -> reach(name));
        }
    }

    /// The dial to this name failed, or the wire that it brought is gone.
    void ended(String name) {
        Target target = targets.get(name);
        if (target != null) {
            target.dialling = false;
        }
    }

    /// The last link to this name is gone.
    void lost(String name) {
        Target target = targets.get(name);
        if (target != null) {
            wake(target);
        }
    }

    void close() {
        closed = true;
    }

    private void wake(Target target) {
        if (target.attempts == 0 && !linked.test(target.name)) {
            target.attempts = 1;
            schedule(target);
        }
    }

    private void schedule(Target target) {
        long ceiling = BACKOFF_BASE_NANOS << Math.min(target.attempts - 1, 10);
        agenda.after(dice.nextLong(Math.min(ceiling, BACKOFF_CAP_NANOS)), () -> attempt(target));
    }

    private void attempt(Target target) {
        if (closed || target.dropped) {
            return;
        }
        if (linked.test(target.name)) {
            target.attempts = 0;
            return;
        }
        target.attempts++;
        schedule(target);
        if (!target.dialling) {
            target.dialling = true;
            dial.accept(target.name);
        }
    }
}
