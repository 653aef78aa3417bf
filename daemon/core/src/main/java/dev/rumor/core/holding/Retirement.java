package dev.rumor.core.holding;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.End;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Stream;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which epochs of an origin are settled: all active members hold them to their end, and so does this node. The end is
/// the highest sequence that anyone holds; no less than the origin listed, until it told all that it holds itself: of a
/// disk that was replaced by an older copy it may list what nobody has. An end that was lost with a disk is not settled
/// by whoever is alone. Retirement is compression: a sequence beyond the end would reopen the epoch.
///
/// @param held what is durable here
/// @param committed what every active member holds
public record Retirement(Frontier held, Frontier committed, Holdings holdings) {

    /// Below which epoch of a member all are settled; 0 if none is. One that is not settled holds up no earlier ones:
    /// else they would be retired where this was done before it was known, and nowhere else.
    ///
    /// @param end below this its epochs have ended
    /// @param told whether the process of that register has told all that it holds, or never will
    public long settled(Register member, long end, boolean told) {
        TreeSet<Long> epochs = holdings.epochs(member.name());
        TreeMap<Long, Long> listed = new TreeMap<>();
        for (End each : member.ends()) {
            epochs.add(each.epoch());
            listed.put(each.epoch(), each.last());
        }
        held.all(member.name()).forEach(claim -> epochs.add(claim.stream().epoch()));
        boolean anything = false;
        for (long epoch : epochs.headSet(end)) {
            Stream stream = new Stream(member.name(), epoch);
            if (!isStillRetired(stream) && !isSettled(stream, listed.getOrDefault(epoch, 0L), told)) {
                return anything ? epoch : 0;
            }
            anything = true;
        }
        return anything ? end : 0;
    }

    /// Whether it was settled before, and nobody showed more of it since.
    private boolean isStillRetired(Stream stream) {
        return held.isRetired(stream)
                && holdings.last(stream) <= held.held(stream).last();
    }

    /// @param listed where it ends by what its origin listed, 0 if it did not
    private boolean isSettled(Stream stream, long listed, boolean told) {
        long known = Math.max(held.held(stream).last(), holdings.last(stream));
        long last = told ? known : Math.max(known, listed);
        boolean unheard = last == 0 && listed == End.UNKNOWN && !holdings.anyoneReported();
        return !unheard && (last == 0 || committed.held(stream).contains(1, last));
    }
}
