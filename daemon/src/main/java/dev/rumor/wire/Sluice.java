package dev.rumor.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// Shuts when what came in piles up behind it, and opens when half of that has gone: nothing is read meanwhile from any
/// of the connections that share it, so that their peers wait instead of this node's memory filling.
///
/// Lives on the loop of those connections.
public final class Sluice {

    private final LongSupplier level;
    private final long mostBytes;
    private final Executor loop;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;

    /// @param level how much has come in and not gone, in bytes
    /// @param mostBytes beyond this it shuts
    /// @param loop runs what it is given in a turn of its own
    public Sluice(LongSupplier level, long mostBytes, Executor loop) {
        this.level = level;
        this.mostBytes = mostBytes;
        this.loop = loop;
    }

    /// Always open.
    public static Sluice open() {
        return new Sluice(() -> 0, 0, Runnable::run);
    }

    public boolean isShut() {
        return shut;
    }

    /// Looks at the level, which may have changed.
    ///
    /// @return whether it shuts now
    public boolean look() {
        long bytes = level.getAsLong();
        if (shut && bytes <= mostBytes / 2) {
            shut = false;
            loop.execute(this::release);
        } else if (!shut && bytes > mostBytes) {
            shut = true;
            return true;
        }
        return false;
    }

    /// Runs this when it is open. In between it may shut again, and be awaited again.
    void await(Runnable next) {
        waiting.add(next);
    }

    private void release() {
        while (!shut && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
