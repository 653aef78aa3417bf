package dev.rumor.core;

import java.util.random.RandomGenerator;

/// 128 random bits born with a data directory, or with the process when nothing is kept. What a node claims to hold
/// it claims for a (name, disk id): a node that comes back with an empty disk is the same member with none of its
/// former receipts.
public record DiskId(long high, long low) implements Comparable<DiskId> {

    public static DiskId random(RandomGenerator dice) {
        return new DiskId(dice.nextLong(), dice.nextLong());
    }

    @Override
    public int compareTo(DiskId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
