package dev.rumor.core.message;

import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// One member's entry in the roster: raised by its owner only, evictions excepted, and merged by highest (epoch,
/// version), ties by the graver state, then by text. The roster is outside the data streams and never trimmed.
///
/// That a disk has ended is never unsaid: of two registers of one name the higher is taken, with the disks that either
/// lists. So an owner that raises its register while somebody evicts it is evicted all the same.
///
/// @param version grows with each change within an epoch, from 1
/// @param disk what its receipts belong to, together with the name
/// @param addresses `host:port` under which others may dial it, most general first
/// @param protocolMin lowest protocol version it speaks
/// @param protocolMax highest protocol version it speaks
/// @param software release of the program, for people
/// @param ends where its own earlier, unretired epochs end; empty epochs are not listed
/// @param ended disks of this name that left or were evicted, in order; they count for nothing any more
public record Register(
        String name,
        long epoch,
        long version,
        State state,
        DiskId disk,
        List<String> addresses,
        int protocolMin,
        int protocolMax,
        String software,
        List<End> ends,
        List<DiskId> ended)
        implements Comparable<Register> {

    /// 128 random bits born with a data directory, or with the process when nothing is kept. What a node claims to hold
    /// it claims for a (name, disk id): a node that comes back with an empty disk is the same member with none of
    /// its former receipts.
    public record DiskId(long high, long low) implements Comparable<DiskId> {

        /// Of a member that was not heard of yet.
        public static final DiskId NONE = new DiskId(0, 0);

        public static DiskId random(RandomGenerator dice) {
            return new DiskId(dice.nextLong(), dice.nextLong());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof DiskId that && high == that.high && low == that.low;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(high);
        }

        @Override
        public int compareTo(DiskId other) {
            int byHigh = Long.compareUnsigned(high, other.high);
            return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
        }

        @Override
        public String toString() {
            return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        }
    }

    /// In the order in which ties are decided: the later one wins.
    public enum State {
        JOINING,
        ACTIVE,
        LEFT,
        EVICTED
    }

    /// Where an earlier epoch ends: a lower bound, settled at the highest sequence any active member holds.
    ///
    /// @param last last sequence of the epoch, [#UNKNOWN] after a lost disk
    public record End(long epoch, long last) {
        public static final long UNKNOWN = -1;
    }

    /// A name may list so many earlier epochs and ended disks; what is more is left out: the oldest, and the lowest but
    /// its own.
    public static final int MAX_LISTED = 64;

    /// And so many addresses, so that the registers of a whole roster fit one frame.
    public static final int MAX_ADDRESSES = 8;

    public Register {
        if (!Stream.isName(name) || epoch < 1 || version < 1) {
            throw new IllegalArgumentException("not a register: " + name + " " + epoch + " " + version);
        }
        if (addresses.size() > MAX_ADDRESSES || ends.size() > MAX_LISTED || ended.size() > MAX_LISTED) {
            throw new IllegalArgumentException(
                    "a register lists at most " + MAX_ADDRESSES + " addresses and " + MAX_LISTED + " of the rest");
        }
        addresses = List.copyOf(addresses);
        ends = List.copyOf(ends);
        ended = ended.stream().sorted().distinct().toList();
    }

    /// The same register, raised: one version on, in another state.
    public Register raised(State next) {
        return new Register(
                name, epoch, version + 1, next, disk, addresses, protocolMin, protocolMax, software, ends, ended);
    }

    /// The same register, raised: one version on, with other ends.
    public Register raised(List<End> next) {
        return new Register(
                name, epoch, version + 1, state, disk, addresses, protocolMin, protocolMax, software, next, ended);
    }

    /// The same register, raised for the last time: this (name, disk) left or was evicted.
    ///
    /// @param last where its epoch ends for all that is known, 0 if nothing of it is
    public Register departed(State departure, long last) {
        List<End> all = new ArrayList<>(ends);
        if (last > 0) {
            all.add(new End(epoch, last));
        }
        return new Register(
                        name,
                        epoch,
                        version + 1,
                        departure,
                        disk,
                        addresses,
                        protocolMin,
                        protocolMax,
                        software,
                        newest(all),
                        ended)
                .withEnded(List.of(disk));
    }

    /// What follows from two registers of one name, in whatever order registers are heard.
    public Register merge(Register other) {
        return compareTo(other) < 0 ? other.withEnded(ended) : withEnded(other.ended);
    }

    private Register withEnded(List<DiskId> more) {
        if (ended.containsAll(more)) {
            return this;
        }
        TreeSet<DiskId> all = new TreeSet<>(ended);
        all.addAll(more);
        while (all.size() > MAX_LISTED) {
            all.remove(all.first().equals(disk) ? all.higher(disk) : all.first());
        }
        return new Register(
                name,
                epoch,
                version,
                state,
                disk,
                addresses,
                protocolMin,
                protocolMax,
                software,
                ends,
                List.copyOf(all));
    }

    /// As many of the last of these as a register may list.
    public static List<End> newest(List<End> all) {
        return all.subList(Math.max(0, all.size() - MAX_LISTED), all.size());
    }

    /// Whether it counts for commits.
    public boolean isActive() {
        return standing() == State.ACTIVE;
    }

    /// Whether it is expected to be there: neither left nor evicted.
    public boolean isMember() {
        return standing() == State.ACTIVE || standing() == State.JOINING;
    }

    /// The state; or evicted, where the owner did not know of it when it last raised this.
    public State standing() {
        boolean overtaken = state.compareTo(State.LEFT) < 0 && ended.contains(disk);
        return overtaken ? State.EVICTED : state;
    }

    /// To the letter what a record says of itself: digests are over it. That takes a fifth of a small node's start,
    /// because its form is made up at run time; this one is there when the program is built.
    @Override
    public String toString() {
        return "Register[name=" + name + ", epoch=" + epoch + ", version=" + version + ", state=" + state + ", disk="
                + disk + ", addresses=" + addresses + ", protocolMin=" + protocolMin + ", protocolMax=" + protocolMax
                + ", software=" + software + ", ends=" + ends + ", ended=" + ended + "]";
    }

    @Override
    public int compareTo(Register other) {
        int order = Long.compare(epoch, other.epoch);
        order = order == 0 ? Long.compare(version, other.version) : order;
        order = order == 0 ? state.compareTo(other.state) : order;
        return order == 0 && !equals(other) ? toString().compareTo(other.toString()) : order;
    }
}
