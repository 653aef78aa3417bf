package dev.rumor.core.stream;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// For each stream the set of sequences held. It is the dedup structure, the acknowledgement, the digest and the
/// cursor, all in one. Grows only; the digest is kept up to date as it grows.
///
/// Per origin it carries a *retired mark*: "I hold, or have waived, every epoch below it". The entries below
/// it are remembered aside, for a peer whose mark is lower; in the digest, and in what is told to peers, the mark
/// stands for them.
public final class Frontier {

    /// A frontier has no more live entries than this, so that the whole of it fits one frame; what would add one is
    /// left out, and found missing later.
    public static final int MAX_STREAMS = 4_096;

    /// And no more retired ones than this.
    public static final int MAX_RETIRED = 65_536;

    /// What is held of one stream.
    ///
    /// @param tag the epoch's random tag, see [Run]
    public record Claim(Stream stream, int tag, Intervals held) {

        /// This, if the other says nothing new; else what both say. The other itself where it says all: of what is told
        /// to many there is one copy.
        private Claim plus(Claim other) {
            if (held.containsAll(other.held)) {
                return this;
            }
            boolean all = other.held.containsAll(held);
            return all && tag == other.tag ? other : new Claim(stream, tag, all ? other.held : held.plus(other.held));
        }

        @Override
        public String toString() {
            return stream + ":" + held;
        }
    }

    /// "I hold, or have waived, every epoch of `origin` below `epoch`."
    ///
    /// @param digest over the entries that the mark stands for: where two have set the same mark and it differs,
    ///     one of them did not know of all epochs, and they tell each other
    public record Mark(String origin, long epoch, long digest) {
        public Mark {
            if (!Stream.isName(origin) || epoch < 1) {
                throw new IllegalArgumentException("not a mark: " + origin + " below " + epoch);
            }
        }
    }

    /// 128 bits that are equal when two frontiers (and rosters) are, and else differ but for one chance in 2^128.
    /// Sums of mixed hashes: each entry enters and leaves on its own. No defence against a member that lies.
    public record Digest(long high, long low) {
        public static final Digest ZERO = new Digest(0, 0);

        public Digest plus(Digest other) {
            return new Digest(high + other.high, low + other.low);
        }

        public Digest minus(Digest other) {
            return new Digest(high - other.high, low - other.low);
        }

        /// A digest of any text, for what is compared beside the streams (the roster).
        public static Digest of(String text) {
            return new Digest(Hash.mix(Hash.of(text, Hash.HIGH)), Hash.mix(Hash.of(text, Hash.LOW)));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Digest that && high == that.high && low == that.low;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(high);
        }

        @Override
        public String toString() {
            return String.format("%08x", high >>> 32);
        }
    }

    /// Where the live entry of a stream is.
    private static final class Place {
        private final int section;
        private Claim claim;

        Place(Stream stream) {
            section = Sections.of(stream.origin());
        }
    }

    /// In order; and to look one up, or change it, which is what is done most.
    private final TreeMap<Stream, Place> ordered = new TreeMap<>();

    private final LinkedHashMap<Stream, Place> live = new LinkedHashMap<>();

    private final TreeMap<Stream, Claim> retired = new TreeMap<>();
    private final TreeMap<String, Mark> marks = new TreeMap<>();

    /// The digest, and those by sections; null until they are asked for.
    private Digest digest;

    private Sections sections;

    /// What is held of `stream`, retired or not.
    public Intervals held(Stream stream) {
        Claim claim = claim(stream);
        return claim == null ? Intervals.NONE : claim.held;
    }

    /// The entry of `stream`, retired or not; null if nothing is known of it.
    public Claim claim(Stream stream) {
        Place place = live.get(stream);
        return place != null ? place.claim : retired.isEmpty() ? null : retired.get(stream);
    }

    /// Unites with what `claim` says; the tag of the first entry stays. A sequence beyond a retired end reopens that
    /// epoch.
    ///
    /// @return whether anything was new, and there was room for it
    public boolean add(Claim claim) {
        return add(claim, Integer.MAX_VALUE);
    }

    /// The same, unless the entry would come to be in more than so many pieces.
    public boolean add(Claim claim, int mostIntervals) {
        Claim known = claim(claim.stream);
        Claim next = known == null ? claim : known.plus(claim);
        boolean room = known != null || places() > 0;
        if (next == known || !room || next.held.size() > mostIntervals) {
            return false;
        }
        put(next);
        return true;
    }

    /// What was held before a restart. What is retired takes no place from what is live.
    public void recover(List<Claim> claims, List<Mark> below) {
        Map<String, Long> epochs = new TreeMap<>();
        below.forEach(mark -> epochs.merge(mark.origin, mark.epoch, Math::max));
        for (Claim claim : claims) {
            if (claim.stream.epoch() < epochs.getOrDefault(claim.stream.origin(), 0L)) {
                retired.put(claim.stream, claim);
            } else {
                put(claim);
            }
        }
        epochs.forEach(this::mark);
    }

    private void put(Claim claim) {
        if (!retired.isEmpty() && retired.remove(claim.stream) != null) {
            mark(claim.stream.origin(), mark(claim.stream.origin()));
        }
        Place place = live.get(claim.stream);
        if (place == null) {
            place = new Place(claim.stream);
            live.put(claim.stream, place);
            ordered.put(claim.stream, place);
        } else {
            drop(place.claim);
        }
        place.claim = claim;
        if (isDigested()) {
            enter(claim.stream.origin(), Hash.digest(claim));
        }
    }

    private void drop(Claim claim) {
        if (isDigested()) {
            leave(claim.stream.origin(), Hash.digest(claim));
        }
    }

    /// Sets the mark of `origin` and puts aside what lies below it, reopened epochs too. A lower mark than the present
    /// one changes nothing.
    ///
    /// @return whether anything changed
    public boolean retire(String origin, long epoch) {
        long before = mark(origin);
        List<Claim> below = epoch < before || epoch < 1 ? List.of() : claims(epochsBelow(ordered, origin, epoch));
        if (epoch <= before && below.isEmpty()) {
            return false;
        }
        for (Claim claim : below) {
            ordered.remove(claim.stream);
            live.remove(claim.stream);
            drop(claim);
            retired.put(claim.stream, claim);
        }
        mark(origin, epoch);
        return true;
    }

    private void mark(String origin, long epoch) {
        Mark mark = new Mark(origin, epoch, digest(origin, Long.MAX_VALUE));
        Mark before = marks.put(origin, mark);
        if (isDigested()) {
            enter(origin, Hash.digest(mark));
            if (before != null) {
                leave(origin, Hash.digest(before));
            }
        }
    }

    /// Whether anybody has asked for a digest: that of what a peer told, nobody does.
    private boolean isDigested() {
        return digest != null || sections != null;
    }

    private void enter(String origin, Digest entry) {
        if (digest != null) {
            digest = digest.plus(entry);
        }
        if (sections != null) {
            sections.add(Sections.of(origin), entry);
        }
    }

    private void leave(String origin, Digest entry) {
        if (digest != null) {
            digest = digest.minus(entry);
        }
        if (sections != null) {
            sections.remove(Sections.of(origin), entry);
        }
    }

    /// Whether what is held here of all epochs below somebody's mark is what it stands for there.
    ///
    /// @param reopened what of these it does not stand for there
    public boolean holdsAll(Mark mark, Predicate<Stream> reopened) {
        long digest = 0;
        for (Claim claim : all(mark.origin)) {
            boolean below = claim.stream.epoch() < mark.epoch && !reopened.test(claim.stream);
            digest += below ? Hash.of(claim, Hash.LOW) : 0;
        }
        return digest == mark.digest;
    }

    private long digest(String origin, long epoch) {
        long digest = 0;
        for (Claim claim : epochsBelow(retired, origin, epoch).values()) {
            digest += Hash.of(claim, Hash.LOW);
        }
        return digest;
    }

    /// Whether what is retired here below this mark, which may be lower than the own one, is what it stands for.
    public boolean standsFor(Mark mark) {
        return mark.epoch <= mark(mark.origin) && mark.digest == digest(mark.origin, mark.epoch);
    }

    /// Every epoch of `origin` below this is held or waived; 0 for no mark.
    public long mark(String origin) {
        Mark mark = marks.get(origin);
        return mark == null ? 0 : mark.epoch;
    }

    /// Whether `stream` lies below the mark of its origin and was not reopened.
    public boolean isRetired(Stream stream) {
        return stream.epoch() < mark(stream.origin()) && !live.containsKey(stream);
    }

    /// Live entries, in order.
    public List<Claim> claims() {
        return claims(ordered);
    }

    private static List<Claim> claims(Map<Stream, Place> places) {
        List<Claim> claims = new ArrayList<>(places.size());
        places.values().forEach(each -> claims.add(each.claim));
        return Collections.unmodifiableList(claims);
    }

    /// Live entries in these sections, in order.
    public List<Claim> claims(BitSet sections) {
        List<Claim> claims = new ArrayList<>();
        for (Place each : ordered.values()) {
            if (sections.get(each.section)) {
                claims.add(each.claim);
            }
        }
        return claims;
    }

    /// Live entries of one origin, in order of epochs.
    public List<Claim> claims(String origin) {
        return claims(epochsBelow(ordered, origin, Long.MAX_VALUE));
    }

    /// The newest live epoch of one origin, 0 for none.
    public long lastEpoch(String origin) {
        List<Claim> live = claims(origin);
        return live.isEmpty() ? 0 : live.getLast().stream.epoch();
    }

    /// Every entry of one origin, live and retired.
    public List<Claim> all(String origin) {
        List<Claim> both =
                new ArrayList<>(epochsBelow(retired, origin, Long.MAX_VALUE).values());
        both.addAll(claims(origin));
        return both;
    }

    /// Retired entries of `origin`, of epochs from this to below that.
    public List<Claim> retired(String origin, long from, long below) {
        List<Claim> found = new ArrayList<>();
        for (Claim claim : epochsBelow(retired, origin, below).values()) {
            if (claim.stream.epoch() >= from) {
                found.add(claim);
            }
        }
        return found;
    }

    /// Every entry, live and retired, in order.
    public List<Claim> all() {
        TreeMap<Stream, Claim> both = new TreeMap<>(retired);
        ordered.forEach((stream, place) -> both.put(stream, place.claim));
        return List.copyOf(both.values());
    }

    public List<Mark> marks() {
        return List.copyOf(marks.values());
    }

    /// How many live entries there are.
    public int size() {
        return live.size();
    }

    /// How many more entries there is room for.
    public int places() {
        return retired.size() < MAX_RETIRED ? MAX_STREAMS - live.size() : 0;
    }

    /// How many retired entries there are.
    public int retired() {
        return retired.size();
    }

    public Digest digest() {
        if (digest == null) {
            digest = Digest.ZERO;
            claims().forEach(each -> digest = digest.plus(Hash.digest(each)));
            marks.values().forEach(each -> digest = digest.plus(Hash.digest(each)));
        }
        return digest;
    }

    public Frontier copy() {
        Frontier copy = new Frontier();
        all().forEach(copy::put);
        return copy;
    }

    /// Whether all that the other holds is held here.
    public boolean covers(Frontier other) {
        return other.live.values().stream().allMatch(each -> holds(each.claim))
                && other.retired.values().stream().allMatch(this::holds);
    }

    private boolean holds(Claim claim) {
        return held(claim.stream).containsAll(claim.held);
    }

    /// What both hold, with the tags of this one.
    public Frontier and(Frontier other) {
        Frontier both = new Frontier();
        all().forEach(each -> both.put(new Claim(each.stream, each.tag, each.held.and(other.held(each.stream)))));
        return both;
    }

    /// The digests of live entries and marks by sections.
    public Sections sections() {
        if (sections == null) {
            sections = new Sections();
            claims().forEach(each -> sections.add(Sections.of(each.stream.origin()), Hash.digest(each)));
            marks.values().forEach(each -> sections.add(Sections.of(each.origin), Hash.digest(each)));
        }
        return sections;
    }

    private static <V> Map<Stream, V> epochsBelow(TreeMap<Stream, V> map, String origin, long epoch) {
        return map.subMap(new Stream(origin, 1), new Stream(origin, epoch));
    }
}
