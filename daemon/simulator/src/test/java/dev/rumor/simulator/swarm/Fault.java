package dev.rumor.simulator.swarm;

/// What may go wrong. Each seed draws how likely each of them is, and most of them not at all.
enum Fault {
    /// A process is gone from one moment to the next, and its system tells the others.
    KILL,
    /// A whole machine is gone, and nobody tells.
    POWER_OFF,
    /// A process ends in good order.
    STOP,
    /// A process stands still for a while, and the world does not.
    PAUSE,
    /// A wall clock is set forward or back.
    SKEW,
    /// Some do not hear others, in one of five shapes, until the next cut or for good.
    CUT,
    /// One direction between two stands still for a while.
    STALL,
    /// One direction between two carries very little.
    CRAWL,
    /// A connection breaks, with what is under way on it.
    RESET,
    /// Part of what a disk holds changes, so that its checksum fails.
    ROT,
    /// A disk is full, and its process stops.
    FULL,
    /// A disk becomes slow, or fast again.
    DRAG,
    /// A disk is gone; an empty one is in its place.
    LOSE,
    /// A disk is replaced by an older copy of itself.
    RESTORE,
    /// As before, and the store finds out by itself.
    REVEAL,
    /// A second process of the same name is started on a copy of the disk.
    CLONE,
    /// A member leaves for good.
    LEAVE,
    /// A member is evicted.
    EVICT;

    /// Whether something that was acknowledged may be nowhere afterwards.
    boolean costsDisks() {
        return this == LOSE || this == RESTORE || this == REVEAL;
    }

    boolean isDeparture() {
        return this == LEAVE || this == EVICT;
    }

    /// Whether it can happen where there are no links, no disks that are missed, and a roster that is fixed.
    boolean isOfAnyHost() {
        return switch (this) {
            case PAUSE, SKEW, CUT, DRAG -> true;
            default -> false;
        };
    }
}
