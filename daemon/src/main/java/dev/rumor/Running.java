package dev.rumor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Nodes that run until something ends them. A signal to stop ends them in good order, and the process with
/// 0; a node that ends for a reason of its own ends the process with an error.
final class Running {

    private final List<Rumor> nodes;
    private final Thread onSignal = new Thread(this::stopForSignal, "rumor-stop");

    Running(List<Rumor> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /// From here on a signal stops the nodes.
    void heedSignals() {
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /// Waits until a node ends by itself.
    ///
    /// @throws IllegalStateException with a sentence that says why it ended
    void await() {
        CompletableFuture<?>[] ends = nodes.stream().map(Rumor::ended).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.anyOf(ends).join();
        } catch (CompletionException ended) {
            Runtime.getRuntime().removeShutdownHook(onSignal);
            close();
            throw new IllegalStateException(ended.getCause().getMessage(), ended.getCause());
        }
    }

    void close() {
        nodes.stream().map(Rumor::stop).toList().forEach(CompletableFuture::join);
    }

    /// Halts, because a JVM that ends by a signal would otherwise report the signal as a failure.
    private void stopForSignal() {
        close();
        Runtime.getRuntime().halt(0);
    }
}
