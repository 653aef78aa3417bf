package dev.rumor.core.stream;

import java.util.ArrayList;
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

    private final TreeMap<Stream, Claim> claims = new TreeMap<>();
    private final TreeMap<Stream, Claim> retired = new TreeMap<>();
    private final TreeMap<String, Mark> marks = new TreeMap<>();
    private final Hash hash = new Hash();

    /// The digests by sections; null until they are asked for.
    private Sections sections;

    /// What is held of `stream`, retired or not.
    public Intervals held(Stream stream) {
        Claim claim = claim(stream);
        return claim == null ? Intervals.NONE : claim.held;
    }

    /// The entry of `stream`, retired or not; null if nothing is known of it.
    public Claim claim(Stream stream) {
        Claim claim = claims.get(stream);
        return claim != null ? claim : retired.get(stream);
    }

    /// Unites with what `claim` says; the tag of the first entry stays. A sequence beyond a retired end reopens that
    /// epoch.
    ///
    /// @return whether anything was new, and there was room for it
    public boolean add(Claim claim) {
        Claim known = claim(claim.stream);
        if (known == null) {
            boolean room = places() > 0;
            if (room) {
                put(claim);
            }
            return room;
        }
        Intervals union = known.held.plus(claim.held);
        if (union == known.held || union.equals(known.held)) {
            return false;
        }
        put(new Claim(claim.stream, known.tag, union));
        return true;
    }

    private void put(Claim claim) {
        if (retired.remove(claim.stream) != null) {
            mark(claim.stream.origin(), mark(claim.stream.origin()));
        }
        Claim before = claims.put(claim.stream, claim);
        if (before != null) {
            drop(before);
        }
        hash.add(claim);
        if (sections != null) {
            sections.add(Sections.of(claim.stream.origin()), Hash.digest(claim));
        }
    }

    private void drop(Claim claim) {
        hash.remove(claim);
        if (sections != null) {
            sections.remove(Sections.of(claim.stream.origin()), Hash.digest(claim));
        }
    }

    /// Sets the mark of `origin` and puts aside what lies below it, reopened epochs too. A lower mark than the present
    /// one changes nothing.
    ///
    /// @return whether anything changed
    public boolean retire(String origin, long epoch) {
        long before = mark(origin);
        List<Claim> below = epoch < before || epoch < 1
                ? List.of()
                : List.copyOf(epochsBelow(claims, origin, epoch).values());
        if (epoch <= before && below.isEmpty()) {
            return false;
        }
        for (Claim claim : below) {
            claims.remove(claim.stream);
            drop(claim);
            retired.put(claim.stream, claim);
        }
        mark(origin, epoch);
        return true;
    }

    private void mark(String origin, long epoch) {
        Mark mark = new Mark(origin, epoch, digest(origin, Long.MAX_VALUE));
        Mark before = marks.put(origin, mark);
        if (before != null) {
            hash.remove(before);
        }
        hash.add(mark);
        if (sections != null) {
            int section = Sections.of(origin);
            sections.add(section, Hash.digest(mark));
            if (before != null) {
                sections.remove(section, Hash.digest(before));
            }
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
        return stream.epoch() < mark(stream.origin()) && !claims.containsKey(stream);
    }

    /// Live entries, in order.
    public List<Claim> claims() {
        return List.copyOf(claims.values());
    }

    /// Live entries of one origin, in order of epochs.
    public List<Claim> claims(String origin) {
        return List.copyOf(epochsBelow(claims, origin, Long.MAX_VALUE).values());
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
        both.addAll(epochsBelow(claims, origin, Long.MAX_VALUE).values());
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
        both.putAll(claims);
        return List.copyOf(both.values());
    }

    public List<Mark> marks() {
        return List.copyOf(marks.values());
    }

    /// How many live entries there are.
    public int size() {
        return claims.size();
    }

    /// How many more entries there is room for.
    public int places() {
        return retired.size() < MAX_RETIRED ? MAX_STREAMS - claims.size() : 0;
    }

    /// How many retired entries there are.
    public int retired() {
        return retired.size();
    }

    public Digest digest() {
        return new Digest(hash.high, hash.low);
    }

    public Frontier copy() {
        Frontier copy = new Frontier();
        all().forEach(copy::add);
        return copy;
    }

    /// Whether all that the other holds is held here.
    public boolean covers(Frontier other) {
        return other.all().stream().allMatch(each -> held(each.stream).containsAll(each.held));
    }

    /// What both hold, with the tags of this one.
    public Frontier and(Frontier other) {
        Frontier both = new Frontier();
        all().forEach(each -> both.add(new Claim(each.stream, each.tag, each.held.and(other.held(each.stream)))));
        return both;
    }

    /// The digests of live entries and marks by sections.
    public Sections sections() {
        if (sections == null) {
            sections = new Sections();
            claims.values().forEach(each -> sections.add(Sections.of(each.stream.origin()), Hash.digest(each)));
            marks.values().forEach(each -> sections.add(Sections.of(each.origin), Hash.digest(each)));
        }
        return sections;
    }

    private static Map<Stream, Claim> epochsBelow(TreeMap<Stream, Claim> map, String origin, long epoch) {
        return map.subMap(new Stream(origin, 1), new Stream(origin, epoch));
    }

    /// The running sums. Each entry is hashed twice from different starts (FNV-1a over the name, the finalizer of
    /// SplitMix64 over the rest), so that the halves are independent.
    private static final class Hash {
        private long high;
        private long low;

        void add(Claim claim) {
            high += of(claim, HIGH);
            low += of(claim, LOW);
        }

        void remove(Claim claim) {
            high -= of(claim, HIGH);
            low -= of(claim, LOW);
        }

        static Digest digest(Claim claim) {
            return new Digest(of(claim, HIGH), of(claim, LOW));
        }

        static Digest digest(Mark mark) {
            return new Digest(of(mark, HIGH), of(mark, LOW));
        }

        void add(Mark mark) {
            high += of(mark, HIGH);
            low += of(mark, LOW);
        }

        void remove(Mark mark) {
            high -= of(mark, HIGH);
            low -= of(mark, LOW);
        }

        private static final long HIGH = 0xcbf29ce484222325L;
        private static final long LOW = 0x9e3779b97f4a7c15L;

        private static long of(Claim claim, long start) {
            long sum = mix(of(claim.stream.origin(), start) ^ claim.stream.epoch());
            sum = mix(sum ^ claim.tag);
            for (int k = 0; k < claim.held.size(); k++) {
                sum = mix(sum ^ claim.held.from(k));
                sum = mix(sum ^ claim.held.to(k));
            }
            return sum;
        }

        private static long of(Mark mark, long start) {
            return mix(mix(of(mark.origin, ~start) ^ mark.epoch) ^ mark.digest);
        }

        private static long of(String text, long start) {
            long sum = start;
            for (int k = 0; k < text.length(); k++) {
                sum = (sum ^ text.charAt(k)) * 0x100000001b3L;
            }
            return sum;
        }

        private static long mix(long z) {
            long a = (z + 0x9e3779b97f4a7c15L ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
            return b ^ b >>> 31;
        }
    }
}
