package dev.rumor.core.stream;

import dev.rumor.core.stream.Frontier.Digest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Digests of a large set by parts, so that two who differ in little need not tell each other all: an entry
/// belongs to one of 128 sections by the hash of its name, and only sections that differ are told (a hash tree of
/// one level). They are sums, as [Digest] is: an entry enters and leaves on its own.
public final class Sections {

    /// What is said of one part of a thousand entries costs about as much as the digests do.
    public static final int COUNT = 128;

    private final long[] sums = new long[2 * COUNT];

    /// Where entries of this name belong, 0 to 127.
    public static int of(String name) {
        return (int) Digest.of(name).low() & COUNT - 1;
    }

    public void add(int section, Digest entry) {
        sums[2 * section] += entry.high();
        sums[2 * section + 1] += entry.low();
    }

    public void remove(int section, Digest entry) {
        sums[2 * section] -= entry.high();
        sums[2 * section + 1] -= entry.low();
    }

    public List<Digest> digests() {
        List<Digest> all = new ArrayList<>(COUNT);
        for (int k = 0; k < COUNT; k++) {
            all.add(new Digest(sums[2 * k], sums[2 * k + 1]));
        }
        return all;
    }

    /// Which sections differ from those of somebody else, who told all of theirs or nothing at all.
    public BitSet differing(List<Digest> theirs) {
        BitSet differing = new BitSet(COUNT);
        for (int k = 0; k < theirs.size(); k++) {
            Digest other = theirs.get(k);
            differing.set(k, sums[2 * k] != other.high() || sums[2 * k + 1] != other.low());
        }
        return differing;
    }
}
