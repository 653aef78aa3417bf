package dev.rumor.storage;

import dev.rumor.core.Event;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A disk in memory whose power can be cut, and the stores that are opened on it; for tests in other rooms.
public final class FrailDisk {

    /// Small, so that there are many.
    private static final int SEGMENT_BYTES = 64 << 10;

    private final String name;
    private final Random dice;
    private final FaultyDisk disk = new FaultyDisk();

    public FrailDisk(String name, long seed) {
        this.name = name;
        dice = new Random(seed);
    }

    /// From here on a store that is open can neither write nor force.
    public void cut() {
        disk.failAfterWrites(0);
        disk.failAfterForces(0);
    }

    /// The store that finds what is left, once the one before has ended.
    public Store store(Consumer<Event> post, Executor loop) {
        disk.crash(dice);
        disk.heal();
        DurableStore.Ground ground = new DurableStore.Ground(
                name, disk, () -> {}, SEGMENT_BYTES, System::currentTimeMillis, dice::nextLong, DurableStore.PATIENCE);
        return new DurableStore(ground, post, loop);
    }
}
