package dev.rumor.core.holding;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.End;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Stream;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where the former epochs of one origin end, for all that is known: the highest sequence that anyone holds, and
/// no less than the origin listed. One that was lost with a disk is not settled by whoever is alone.
///
/// @param last by epoch; 0 where nothing is known of one that may have held something
public record Ends(String origin, TreeMap<Long, Long> last, boolean unheard) {

    /// @param mark epochs below this
    /// @param durable what is held here
    public static Ends of(Register member, long mark, Holdings holdings, Frontier durable) {
        TreeSet<Long> epochs = holdings.epochs(member.name());
        TreeMap<Long, Long> least = new TreeMap<>();
        for (End end : member.ends()) {
            epochs.add(end.epoch());
            least.put(end.epoch(), end.last());
        }
        durable.all(member.name()).forEach(claim -> epochs.add(claim.stream().epoch()));
        TreeMap<Long, Long> last = new TreeMap<>();
        boolean unheard = false;
        for (long epoch : epochs.headSet(mark)) {
            Stream stream = new Stream(member.name(), epoch);
            long listed = least.getOrDefault(epoch, 0L);
            long known = Math.max(durable.held(stream).last(), holdings.last(stream));
            last.put(epoch, Math.max(known, listed));
            unheard |= Math.max(known, listed) == 0 && listed == End.UNKNOWN && !holdings.anyoneReported();
        }
        return new Ends(member.name(), last, unheard);
    }

    /// Whether there are any, and all of them are held to their end.
    public boolean areReached(Frontier held) {
        return !last.isEmpty()
                && !unheard
                && last.entrySet().stream()
                        .allMatch(end -> end.getValue() <= 0
                                || held.held(new Stream(origin, end.getKey())).contains(1, end.getValue()));
    }
}
