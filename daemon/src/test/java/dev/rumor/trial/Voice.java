package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// A client that broadcasts through one daemon at a steady pace while it is there, and comes back when it was not. It
/// sends nothing twice: of a record whose acknowledgement did not come, it is not known whether it was taken.
public final class Voice implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AWAY = Duration.ofMillis(50);

    private final int client;
    private final Address daemon;
    private final Duration pause;
    private final Ledger ledger;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Thread thread;
    private volatile boolean silent;

    /// @param client its number, see [Ledger#voice]
    /// @param pause between one record and the next
    public Voice(int client, String daemon, Duration pause, Ledger ledger) {
        this.client = client;
        this.daemon = Address.parse(daemon);
        this.pause = pause;
        this.ledger = ledger;
        this.thread = Thread.ofVirtual().name("voice " + client).start(this::run);
    }

    /// Waits until each of these was acknowledged another record.
    static void awaitAcknowledgements(List<Voice> voices) {
        List<Integer> before =
                voices.stream().map(each -> each.acknowledged.get()).toList();
        await("every client acknowledged something")
                .atMost(Duration.ofMinutes(2))
                .until(() -> IntStream.range(0, voices.size())
                        .allMatch(k -> voices.get(k).acknowledged.get() > before.get(k)));
    }

    private void run() {
        while (!silent) {
            try (RumorClient connection = RumorClient.connect(daemon, PATIENCE)) {
                speak(connection);
            } catch (RumorException away) {
                pause(AWAY);
            }
        }
    }

    /// Until there is nobody to speak to, or it is told to stop; then it waits for what is under way.
    private void speak(RumorClient connection) {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        while (!silent && !isLost(last)) {
            int number = ledger.offer();
            last = connection
                    .broadcastAsync("", List.of(Ledger.payload(client, number)))
                    .thenAccept(taken -> note(number, taken));
            pause(pause);
        }
        last.exceptionally(gone -> null).join();
    }

    private static boolean isLost(CompletableFuture<?> last) {
        return last.isCompletedExceptionally()
                && !(last.exceptionNow() instanceof RumorException refused
                        && refused.kind() == RumorException.Kind.FAILED);
    }

    private void note(int number, Acknowledgement taken) {
        ledger.acknowledged(number, taken.first());
        acknowledged.incrementAndGet();
    }

    static void pause(Duration span) {
        try {
            Thread.sleep(span);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says no more, and returns when all that it will be told of what it said is noted.
    @Override
    public void close() {
        silent = true;
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
