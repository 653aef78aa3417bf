package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aLoopThatTurnsIsNotSilent() {
        now.set(Duration.ofSeconds(9).toNanos());
        try (Pulse pulse = pulse(CompletableFuture.completedFuture(now.get()))) {
            await().until(() -> asked.get() == 1);
            assertThat(pulse.silence()).isZero();
        }
    }

    @Test
    void aLoopThatDoesNotAnswerIsSilentAndIsAskedOnce() {
        try (Pulse pulse = pulse(new CompletableFuture<>())) {
            await().until(() -> asked.get() == 1);
            now.set(Duration.ofSeconds(9).toNanos());
            assertThat(pulse.silence()).isEqualTo(Duration.ofSeconds(9));
            assertThat(asked).hasValue(1);
        }
    }

    private Pulse pulse(CompletableFuture<Long> turn) {
        Pulse pulse = new Pulse(
                () -> {
                    asked.incrementAndGet();
                    return turn;
                },
                now::get);
        pulse.start();
        return pulse;
    }
}
