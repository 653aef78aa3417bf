package dev.rumor.core.holding;

import dev.rumor.core.message.Message.Witness;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// The holders by name, each on the last disk that it was met on.
public final class Holdings {

    private final TreeMap<String, Holder> holders = new TreeMap<>();

    /// Whom a relay last named as holding something together, and what they were said to hold since: kept once, and
    /// not for each of them.
    private List<Witness> witnesses = List.of();

    private Frontier joint = new Frontier();

    // --- the holders

    /// What was known of a peer counts only if it is still on the same disk.
    public Holder met(String name, DiskId disk) {
        Holder known = holders.get(name);
        if (known == null || !known.isOn(disk)) {
            known = new Holder(disk);
            holders.put(name, known);
        }
        return known;
    }

    /// Whoever has this name, on whatever disk; null if nobody was met.
    public Holder of(String name) {
        return holders.get(name);
    }

    /// Whoever has this name, on this disk; null if nobody was met there.
    public Holder of(String name, DiskId disk) {
        Holder holder = holders.get(name);
        return holder != null && holder.isOn(disk) ? holder : null;
    }

    /// Whoever has this name, on whatever disk; on this one, if nobody was met.
    public Holder ofAny(String name, DiskId disk) {
        return holders.computeIfAbsent(name, any -> new Holder(disk));
    }

    public void forget(String name) {
        holders.remove(name);
    }

    /// @param gone whether a name's disk is
    public void forgetIf(BiPredicate<String, DiskId> gone) {
        holders.entrySet()
                .removeIf(each -> gone.test(each.getKey(), each.getValue().disk()));
    }

    // --- what some hold together

    /// These hold together what is added from now on; but not who was met on another disk, of which the relay has not
    /// heard, or which it does not know yet to be gone.
    ///
    /// @param isPresent whether a witness is on the disk that it was counted for
    /// @return whether they are others than before
    public boolean confirmedBy(List<Witness> others, Predicate<Witness> isPresent) {
        if (others.equals(witnesses)) {
            return false;
        }
        part();
        witnesses = others;
        others.stream()
                .filter(isPresent)
                .filter(each -> !isElsewhere(each))
                .forEach(each -> met(each.name(), each.disk()).join(joint));
        return true;
    }

    private boolean isElsewhere(Witness witness) {
        Holder known = holders.get(witness.name());
        return known != null && !known.isOn(witness.disk()) && !known.isOn(DiskId.NONE);
    }

    /// Nobody holds anything together any more; what some did is kept for each of them.
    public void part() {
        holders.values().stream().filter(each -> each.holdsJointly(joint)).forEach(Holder::part);
        witnesses = List.of();
        joint = new Frontier();
    }

    /// All witnesses hold this.
    ///
    /// @return whether that was news, and not too much in pieces
    public boolean addJointly(Claim claim) {
        return joint.add(claim, Intervals.MAX_INTERVALS);
    }

    public Intervals heldJointly(Stream stream) {
        return joint.held(stream);
    }

    public boolean isWitness(String name) {
        Holder holder = holders.get(name);
        return holder != null && holder.holdsJointly(joint);
    }

    // --- what anybody holds

    public boolean anyoneHolds(Stream stream, Intervals asked) {
        return holders.values().stream().anyMatch(each -> each.known(stream).containsAll(asked));
    }

    public boolean anyoneReported() {
        return holders.values().stream().anyMatch(Holder::hasReported);
    }

    /// The highest sequence of a stream that anyone is known to hold, 0 for none.
    public long last(Stream stream) {
        long last = joint.held(stream).last();
        for (Holder each : holders.values()) {
            last = Math.max(last, each.told().held(stream).last());
        }
        return last;
    }

    /// The epochs of an origin of which anyone is known to hold anything.
    public TreeSet<Long> epochs(String origin) {
        TreeSet<Long> epochs = new TreeSet<>();
        joint.all(origin).forEach(claim -> epochs.add(claim.stream().epoch()));
        for (Holder each : holders.values()) {
            each.told().all(origin).forEach(claim -> epochs.add(claim.stream().epoch()));
        }
        return epochs;
    }
}
