package dev.rumor.metrics;

import dev.rumor.core.Effect;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How long it takes until so many of the active members durably hold a record, as their claims tell.
///
/// Watched are records broadcast here: the last of a run, and a hundred in a second at most. (Of others' records
/// the origin measures the same from the start, and claims of them may come before they do.) At most [#MOST] are
/// watched at a time; when there would be more, every second one is let go of, so that both a flood and a day of
/// waiting for a member are measured.
final class Coverage {

    static final int MOST = 64;

    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final int[] SHARES = {50, 90, 99, 100};
    private static final double[] BUCKETS_MILLIS = {
        0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 600_000, 3_600_000
    };

    private static final class Watched {
        private final long sequence;
        private final long since;
        private final Set<String> holders = new HashSet<>();

        /// How many of [#SHARES] are reached.
        private int reached;

        private Watched(long sequence, long since) {
            this.sequence = sequence;
            this.since = since;
        }
    }

    private final LongSupplier clock;
    private final List<Timer> timers;
    private final Set<String> active = new HashSet<>();
    private final List<Watched> watched = new ArrayList<>();
    private Stream own;

    /// @param clock monotonic nanoseconds
    Coverage(Meters meters, LongSupplier clock) {
        this.clock = clock;
        this.timers =
                Arrays.stream(SHARES).mapToObj(share -> timer(meters, share)).toList();
    }

    private static Timer timer(Meters meters, int share) {
        return meters.histogram(
                "coverage",
                "Time from when a record broadcast here was numbered until this share of the active members, in "
                        + "percent, durably held it. Sampled; while members are away the higher shares count less.",
                Arrays.stream(BUCKETS_MILLIS)
                        .mapToObj(millis -> Duration.ofNanos(Math.round(millis * 1e6)))
                        .toArray(Duration[]::new),
                "share",
                String.valueOf(share));
    }

    void opened(Stream stream) {
        own = stream;
    }

    void broadcast(Effect.AppendOwn run) {
        long now = clock.getAsLong();
        if (!watched.isEmpty() && now - watched.getLast().since < PAUSE_NANOS) {
            return;
        }
        if (watched.size() == MOST) {
            for (int k = MOST - 1; k > 0; k -= 2) {
                watched.remove(k);
            }
        }
        long count = run.drafts().stream().mapToLong(Run.Draft::count).sum();
        watched.add(new Watched(run.first() + count - 1, now));
    }

    void registered(Register member) {
        boolean changed = member.isActive() ? active.add(member.name()) : active.remove(member.name());
        if (changed) {
            watched.forEach(this::look);
            forgetCovered();
        }
    }

    void appended(Stream stream, long from, long to) {
        if (stream.equals(own)) {
            holds(own.origin(), Intervals.of(from, to));
        }
    }

    void claimed(String member, List<Claim> claims) {
        for (Claim claim : claims) {
            if (claim.stream().equals(own)) {
                holds(member, claim.held());
            }
        }
    }

    /// What a relay says of others. Names that it may have made up are not remembered.
    void confirmed(Message.Confirmed said) {
        said.by().stream()
                .map(Message.Witness::name)
                .filter(active::contains)
                .forEach(each -> claimed(each, said.held()));
    }

    private void holds(String member, Intervals held) {
        for (Watched each : watched) {
            if (held.contains(each.sequence, each.sequence) && each.holders.add(member)) {
                look(each);
            }
        }
        forgetCovered();
    }

    private void look(Watched record) {
        long holding = record.holders.stream().filter(active::contains).count();
        while (record.reached < SHARES.length && isReached(SHARES[record.reached], holding)) {
            timers.get(record.reached++).record(clock.getAsLong() - record.since, TimeUnit.NANOSECONDS);
        }
    }

    private boolean isReached(int share, long holding) {
        return !active.isEmpty() && holding * 100 >= (long) share * active.size();
    }

    private void forgetCovered() {
        watched.removeIf(each -> each.reached == SHARES.length);
    }
}
