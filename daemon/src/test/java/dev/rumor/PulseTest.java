package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration LATER = Duration.ofSeconds(9);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aLoopThatTurnsIsNotSilent() {
        try (Pulse pulse = pulse(CompletableFuture.completedFuture(LATER.toNanos()))) {
            now.set(LATER.toNanos());
            assertThat(pulse.silence()).isEqualTo(LATER);
            pulse.start();
            await().untilAsserted(() -> assertThat(pulse.silence()).isZero());
        }
    }

    @Test
    void aLoopThatDoesNotAnswerIsSilentAndIsAskedOnce() {
        try (Pulse pulse = pulse(new CompletableFuture<>())) {
            pulse.start();
            await().until(() -> asked.get() == 1);
            now.set(LATER.toNanos());
            assertThat(pulse.silence()).isEqualTo(LATER);
            assertThat(asked).hasValue(1);
        }
    }

    private Pulse pulse(CompletableFuture<Long> turn) {
        return new Pulse(
                () -> {
                    asked.incrementAndGet();
                    return turn;
                },
                now::get);
    }
}
