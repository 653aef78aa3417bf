package dev.rumor.core.holding;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/// Asks of all members, one after the other, whether they hold what is known here of a stream. Where one does not, the
/// others need not be asked before it does; then the call goes on from there.
public final class Rollcall {

    /// What of this a member holds as well.
    @FunctionalInterface
    public interface Answer {
        Intervals of(Register member, Stream stream, Intervals others);
    }

    /// Who did not hold what is `known`; all before it hold `common`.
    private record Stop(Register member, Intervals known, Intervals common) {}

    private final LinkedHashMap<Stream, Stop> stops = new LinkedHashMap<>();

    /// Whether anything may come of asking, now that this member holds more of the stream.
    public boolean waitsFor(String name, Stream stream) {
        Stop stop = stops.get(stream);
        return stop == null || stop.member.name().equals(name);
    }

    /// So much is committed by other accounts. Where all hold by that what somebody was waited for to hold, nobody is
    /// waited for any more, and others may have come to hold more meanwhile.
    ///
    /// @return whether that is so
    public boolean committed(Stream stream, Intervals committed) {
        Stop stop = stops.get(stream);
        return stop != null && committed.containsAll(stop.common) && stops.remove(stream, stop);
    }

    /// Called again after more has come of it, until no more does: somebody may hold more than when it was asked.
    ///
    /// @param before what all hold anyhow
    /// @param members in the order of their names
    /// @return what all hold; `before` itself if that is no more, or if there is nobody to be asked
    public Intervals call(Stream stream, Intervals known, Intervals before, List<Register> members, Answer answer) {
        Stop stop = stops.get(stream);
        boolean goesOn = stop != null && stop.known == known && !before.containsAll(stop.common);
        if (before.containsAll(known)) {
            return before;
        }
        // More is known than when the call stopped: mostly the same member lacks that, too.
        if (stop != null && !goesOn && before.containsAll(answer.of(stop.member, stream, known))) {
            return before;
        }
        Intervals common = goesOn ? stop.common : known;
        boolean anybody = goesOn;
        for (Register member : members) {
            if (goesOn && member.name().compareTo(stop.member.name()) < 0) {
                continue;
            }
            anybody |= member.isActive();
            Intervals both = answer.of(member, stream, common);
            if (before.containsAll(both)) {
                stops.put(stream, new Stop(member, known, common));
                return before;
            }
            common = both;
        }
        if (common != known) {
            stops.remove(stream);
        }
        return anybody ? common : before;
    }

    /// Members, or what they held, are not what they were.
    public void restart() {
        stops.clear();
    }

    /// Of these streams nobody asks any more.
    public void forget(Predicate<Stream> retired) {
        stops.keySet().removeIf(retired);
    }
}
