package dev.rumor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Whether a loop turns: it is asked once a second from a thread that may wait for the answer for ever.
final class Pulse implements AutoCloseable {

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Supplier<CompletableFuture<Long>> turn;
    private final LongSupplier clock;
    private final Thread thread = Thread.ofVirtual().name("rumor-pulse").unstarted(this::run);
    private volatile long turnedAt;

    /// @param turn answers on the loop with the time there
    /// @param clock that time, in monotonic nanoseconds
    Pulse(Supplier<CompletableFuture<Long>> turn, LongSupplier clock) {
        this.turn = turn;
        this.clock = clock;
        this.turnedAt = clock.getAsLong();
    }

    void start() {
        thread.start();
    }

    /// How long ago the loop last turned, give or take the second between two questions.
    Duration silence() {
        return Duration.ofNanos(clock.getAsLong() - turnedAt);
    }

    private void run() {
        try {
            while (true) {
                turnedAt = turn.get().get();
                Thread.sleep(BEAT);
            }
        } catch (InterruptedException | ExecutionException ended) {
            // The loop has ended, or nobody wants to know any more.
            return;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
