package dev.rumor.core.stream;

import dev.rumor.core.stream.Stream.Range;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// One reader's way through all that a node shows: each record once, those of a stream in their order, an origin's
/// epochs from the oldest on, the origins by turns.
///
/// What lies ahead is one range of each stream, however slow the reader is: the log is the queue. Because the oldest
/// epoch comes first, the cursor names few epochs also while many are read.
public final class Walk {

    private Cursor cursor;
    private final Map<String, TreeMap<Long, Range>> ahead = new LinkedHashMap<>();

    /// @param cursor where it begins; what lies ahead is still to be told by [#add]
    public Walk(Cursor cursor) {
        this.cursor = cursor;
    }

    /// How far it has come.
    public Cursor cursor() {
        return cursor;
    }

    public boolean isDone() {
        return ahead.isEmpty();
    }

    /// These records are shown here; ranges of a stream come in order and without a hole. What of it was read before,
    /// here or elsewhere, does not lie ahead.
    ///
    /// @param mark of its origin, here: what is shown of an epoch below it was not known when that was retired,
    ///     and no cursor tells of it
    public void add(Range shown, long mark) {
        Stream stream = shown.stream();
        long from = stream.epoch() < mark ? shown.from() : Math.max(shown.from(), after(stream));
        if (from <= shown.to()) {
            ahead.computeIfAbsent(stream.origin(), any -> new TreeMap<>())
                    .merge(
                            stream.epoch(),
                            new Range(stream, from, shown.to()),
                            (before, more) -> new Range(stream, before.from(), more.to()));
        }
    }

    /// The first record of the stream that is not read.
    private long after(Stream stream) {
        long upTo = cursor.upTo(stream);
        return upTo == Long.MAX_VALUE ? upTo : upTo + 1;
    }

    /// What to read next. Only while it is not done.
    public Range next() {
        return ahead.values().iterator().next().firstEntry().getValue();
    }

    /// The next range is read up to there, or what of it was not is not to be had.
    public void passed(long upTo) {
        Range range = next();
        Stream stream = range.stream();
        TreeMap<Long, Range> epochs = ahead.remove(stream.origin());
        epochs.remove(stream.epoch());
        if (upTo < range.to()) {
            epochs.put(stream.epoch(), new Range(stream, upTo + 1, range.to()));
        }
        if (!epochs.isEmpty()) {
            ahead.put(stream.origin(), epochs);
        }
        cursor = cursor.advanced(stream, upTo);
    }

    /// Every epoch of this origin below `mark` has come to its end, and is shown here: those that are read need no
    /// mention any more.
    public void settle(String origin, long mark) {
        TreeMap<Long, Range> epochs = ahead.get(origin);
        cursor = cursor.settled(origin, epochs == null ? mark : Math.min(mark, epochs.firstKey()));
    }
}
