package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.tcp.Clients.Turnstile;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnstileTest {

    private static final int MANY = 10 * Turnstile.PIECES_A_TURN;

    private final EventLoop loop = Loops.join().next();
    private final Turnstile turnstile = new Turnstile(loop);
    private final List<Integer> passed = new CopyOnWriteArrayList<>();
    private final List<Integer> passedBeforeTheNewcomer = new CopyOnWriteArrayList<>();

    @AfterEach
    void leave() {
        Loops.leave();
    }

    @Test
    void whoeverComesNewWaitsForAFewPiecesAndNotForAll() {
        loop.execute(() -> {
            IntStream.range(0, MANY).forEach(this::pass);
            loop.schedule(() -> loop.execute(this::serveNewcomer), 0, TimeUnit.NANOSECONDS);
        });
        await().until(() -> passed.size() == MANY);
        assertThat(passedBeforeTheNewcomer).isNotEmpty().hasSizeLessThan(MANY);
        assertThat(passed).isSorted();
    }

    @Test
    void aPieceThatHasAnotherLetsTheOthersGoFirst() {
        loop.execute(() -> {
            turnstile.pass(() -> pass(MANY));
            IntStream.range(0, MANY).forEach(this::pass);
        });
        await().until(() -> passed.size() == MANY + 1);
        assertThat(passed).isSorted();
    }

    private void serveNewcomer() {
        passedBeforeTheNewcomer.addAll(passed);
    }

    private void pass(int piece) {
        turnstile.pass(() -> passed.add(piece));
    }
}
