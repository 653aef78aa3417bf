package dev.rumor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/// Nodes that run until something ends them. A signal to stop ends them in good order, and the process with 0; so
/// do the nodes when the last of them was told to leave.
final class Running {

    private final List<Rumor> nodes;
    private final Runnable before;
    private final Runnable after;
    private final Thread onSignal = new Thread(this::stopForSignal, "rumor-stop");

    Running(List<Rumor> nodes) {
        this(nodes, () -> {}, () -> {});
    }

    /// @param before is run before the nodes are closed
    /// @param after is run when they are
    Running(List<Rumor> nodes, Runnable before, Runnable after) {
        this.nodes = List.copyOf(nodes);
        this.before = before;
        this.after = after;
    }

    /// From here on a signal stops the nodes.
    void heedSignals() {
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /// Waits until all nodes have their epoch.
    ///
    /// @throws IllegalStateException with a sentence that says why, if one ends before
    void awaitReady() throws InterruptedException {
        await(CompletableFuture.allOf(all(Rumor::ready)));
    }

    /// Tells of each node that ends for a reason of its own, when it does; the others go on.
    void tell(Consumer<String> told) {
        for (Rumor each : nodes) {
            each.ended().whenComplete((done, failure) -> {
                if (failure != null) {
                    told.accept(each.name() + " ended: " + failure.getCause().getMessage());
                }
            });
        }
    }

    /// Waits until all nodes have ended.
    ///
    /// @throws IllegalStateException with a sentence that says why, if one did for a reason of its own
    void awaitEnd() throws InterruptedException {
        await(CompletableFuture.allOf(all(Rumor::ended)));
    }

    void close() {
        before.run();
        nodes.stream().map(Rumor::stop).toList().forEach(CompletableFuture::join);
        after.run();
    }

    private CompletableFuture<?>[] all(Function<Rumor, CompletableFuture<?>> moment) {
        return nodes.stream().map(moment).toArray(CompletableFuture<?>[]::new);
    }

    private void await(CompletableFuture<?> moment) throws InterruptedException {
        try {
            moment.join();
        } catch (CompletionException ended) {
            if (onSignal.isAlive()) {
                onSignal.join();
            }
            Runtime.getRuntime().removeShutdownHook(onSignal);
            close();
            throw new IllegalStateException(ended.getCause().getMessage(), ended.getCause());
        }
    }

    /// Halts, because a JVM that ends by a signal would otherwise report the signal as a failure.
    private void stopForSignal() {
        close();
        Runtime.getRuntime().halt(0);
    }
}
