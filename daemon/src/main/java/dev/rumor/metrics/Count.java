package dev.rumor.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A counter with one writer, the node's loop, and readers anywhere. The border is crossed with each record that is
/// broadcast, and counters made for many writers would double what observing it costs.
final class Count implements LongSupplier {

    private final AtomicLong value = new AtomicLong();

    void add(long more) {
        value.setRelease(value.getPlain() + more);
    }

    void increment() {
        add(1);
    }

    @Override
    public long getAsLong() {
        return value.get();
    }
}
