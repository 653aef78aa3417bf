package dev.rumor.host;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Keeps the log short whatever others do: in a minute it says one sentence of each kind, and a hundred kinds. How many
/// it left unsaid is said with the next of their kind. A peer that is refused comes again every second, and a stranger
/// a thousand times a second.
///
/// Lives on the node's loop.
public final class Warnings {

    static final int MOST_KINDS = 100;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Object OTHERS = new Object();

    private final Consumer<String> log;
    private final LongSupplier clock;
    private long since;

    /// How many of each kind that was said this minute were left unsaid, and of those of the last minute that had any.
    private Map<Object, Long> unsaid = new HashMap<>();
    private Map<Object, Long> unsaidBefore = new HashMap<>();

    /// @param log where a sentence goes
    /// @param clock monotonic nanoseconds
    public Warnings(Consumer<String> log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    /// A sentence that is a kind of its own.
    public void say(String sentence) {
        say(sentence, sentence);
    }

    public void say(Object kind, String sentence) {
        renew();
        if (unsaid.containsKey(kind)) {
            unsaid.merge(kind, 1L, Long::sum);
        } else if (unsaid.size() < MOST_KINDS) {
            first(kind, sentence);
        } else if (!unsaid.containsKey(OTHERS)) {
            first(OTHERS, "more than " + MOST_KINDS + " kinds of sentences in a minute: others are left unsaid");
        }
    }

    private void first(Object kind, String sentence) {
        long before = unsaidBefore.getOrDefault(kind, 0L);
        log.accept(before == 0 ? sentence : sentence + " (and " + before + " more like it before)");
        unsaid.put(kind, 0L);
    }

    private void renew() {
        if (clock.getAsLong() - since >= MINUTE_NANOS) {
            since = clock.getAsLong();
            unsaidBefore = unsaid;
            unsaid = new HashMap<>();
        }
    }
}
