package dev.rumor.core.stream;

import dev.rumor.core.stream.Frontier.Digest;
import java.util.ArrayList;
import java.util.List;

/// How far a reader has read, in words that every node understands: per origin which epochs it is done with, and how
/// far it is in the others. It is a frontier without holes, because a stream is shown in its order, and without what
/// can be known from an origin's mark. So it stays small however often nodes were started: in the long run one place
/// for each origin, with one epoch in it.
///
/// An origin is named by 64 bits of a hash, so that long names make no long cursors.
///
/// What is found of an epoch after it was retired (somebody was evicted, and came back with records that nobody else
/// had) is shown to those who follow at that time, and to nobody who comes later with a cursor that is done with it.
///
/// @param places in the order of their origins, each once
public record Cursor(List<Place> places) {

    /// Before the first record of every stream.
    public static final Cursor ORIGIN = new Cursor(List.of());

    /// @param origin see [#key]
    /// @param mark every epoch below this is read to its end
    /// @param epochs how far the others are read, in their order; of those left out nothing is
    public record Place(long origin, long mark, List<Epoch> epochs) {
        public Place {
            epochs = List.copyOf(epochs);
            long before = Math.max(mark, 1) - 1;
            boolean ordered = mark >= 0;
            for (Epoch each : epochs) {
                ordered &= each.number > before;
                before = each.number;
            }
            if (!ordered || mark == 0 && epochs.isEmpty()) {
                throw new IllegalArgumentException("not a place: epochs " + epochs + " from " + mark + " on");
            }
        }

        private long upTo(long epoch) {
            return epoch < mark
                    ? Long.MAX_VALUE
                    : epochs.stream()
                            .filter(each -> each.number == epoch)
                            .mapToLong(Epoch::upTo)
                            .findFirst()
                            .orElse(0);
        }

        private Place advanced(long epoch, long upTo) {
            List<Epoch> moved = new ArrayList<>(epochs.size() + 1);
            epochs.stream().filter(each -> each.number < epoch).forEach(moved::add);
            moved.add(new Epoch(epoch, upTo));
            epochs.stream().filter(each -> each.number > epoch).forEach(moved::add);
            return new Place(origin, mark, moved);
        }

        private Place settled(long newMark) {
            return new Place(
                    origin,
                    newMark,
                    epochs.stream().filter(each -> each.number >= newMark).toList());
        }
    }

    /// @param upTo the last sequence read; all before it are, too
    public record Epoch(long number, long upTo) {
        public Epoch {
            if (number < 1 || upTo < 1 || upTo == Long.MAX_VALUE) {
                throw new IllegalArgumentException("not a place: " + upTo + " of epoch " + number);
            }
        }
    }

    /// @throws IllegalArgumentException if the places are not in order
    public Cursor {
        places = List.copyOf(places);
        for (int k = 1; k < places.size(); k++) {
            if (places.get(k - 1).origin >= places.get(k).origin) {
                throw new IllegalArgumentException("not in the order of origins: " + places);
            }
        }
    }

    /// What stands for an origin's name.
    public static long key(String origin) {
        return Digest.of(origin).high();
    }

    /// The sequence up to which a stream is read; 0 for nothing of it, [Long#MAX_VALUE] for all that there will be.
    public long upTo(Stream stream) {
        int at = find(key(stream.origin()));
        return at < 0 ? 0 : places.get(at).upTo(stream.epoch());
    }

    /// The same, and this stream read up to there; never less far than it was.
    public Cursor advanced(Stream stream, long upTo) {
        if (upTo <= upTo(stream)) {
            return this;
        }
        long origin = key(stream.origin());
        int at = find(origin);
        return at < 0
                ? with(at, new Place(origin, 0, List.of(new Epoch(stream.epoch(), upTo))))
                : with(at, places.get(at).advanced(stream.epoch(), upTo));
    }

    /// The same, and every epoch of this origin below `mark` read to its end.
    public Cursor settled(String origin, long mark) {
        long key = key(origin);
        int at = find(key);
        if (mark <= (at < 0 ? 0 : places.get(at).mark)) {
            return this;
        }
        return with(
                at, at < 0 ? new Place(key, mark, List.of()) : places.get(at).settled(mark));
    }

    private Cursor with(int at, Place place) {
        List<Place> changed = new ArrayList<>(places);
        if (at < 0) {
            changed.add(-at - 1, place);
        } else {
            changed.set(at, place);
        }
        return new Cursor(changed);
    }

    /// Where this origin is among the places; if it is in none, -1 less where it would be.
    private int find(long origin) {
        int low = 0;
        int high = places.size() - 1;
        while (low <= high) {
            int middle = (low + high) / 2;
            int order = Long.compare(places.get(middle).origin, origin);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -low - 1;
    }
}
