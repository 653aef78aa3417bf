package dev.rumor.core.membership;

import dev.rumor.core.stream.Frontier.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Whom a member of a large cluster keeps links to: the next and the one before on four rings, on each of which
/// all names stand in an order of their own, that of a hash. The union of such rings is a random graph of degree
/// eight, and as good an expander (Law and Siu, "Distributed Construction of Random Expander Networks", 2003). All
/// who know the same names choose alike, so a link is kept by both of its ends and nobody has to ask; any one ring
/// alone connects all.
///
/// Where the next one is not there, the one after it is kept as well, and so on, up to four in each direction.
public final class Rings {

    public static final int COUNT = 4;

    /// In each direction so many are known, the nearest first.
    private static final int DEPTH = 4;

    private final String self;
    private final long[] here = new long[COUNT];
    private final List<List<Neighbour>> ways = new ArrayList<>();

    /// @param distance from here to there, unsigned
    private record Neighbour(String name, long distance) {}

    public Rings(String self) {
        this.self = self;
        for (int ring = 0; ring < COUNT; ring++) {
            here[ring] = place(Digest.of(self), ring);
            ways.add(new ArrayList<>());
            ways.add(new ArrayList<>());
        }
    }

    private static long place(Digest name, int ring) {
        long z = name.high() + ring * name.low();
        return (z ^ z >>> 31) * 0x94d049bb133111ebL;
    }

    /// One more stands on the rings; nothing changes if it does already.
    public void add(String name) {
        if (name.equals(self)) {
            return;
        }
        Digest digest = Digest.of(name);
        for (int ring = 0; ring < COUNT; ring++) {
            long onwards = place(digest, ring) - here[ring];
            insert(ways.get(2 * ring), new Neighbour(name, onwards));
            insert(ways.get(2 * ring + 1), new Neighbour(name, -onwards));
        }
    }

    private static void insert(List<Neighbour> way, Neighbour one) {
        int place = 0;
        while (place < way.size() && Long.compareUnsigned(way.get(place).distance(), one.distance()) < 0) {
            place++;
        }
        if (place < DEPTH && (place == way.size() || !way.get(place).equals(one))) {
            way.add(place, one);
            if (way.size() > DEPTH) {
                way.removeLast();
            }
        }
    }

    /// One stands there no more.
    ///
    /// @param others those who still do
    public void remove(String name, Collection<String> others) {
        boolean near =
                ways.stream().flatMap(List::stream).anyMatch(each -> each.name().equals(name));
        if (near) {
            ways.forEach(List::clear);
            others.forEach(this::add);
        }
    }

    /// Whom to keep links to: in each direction the nearest, and those behind it up to the first that is not
    /// absent.
    public TreeSet<String> kept(Predicate<String> isAbsent) {
        TreeSet<String> kept = new TreeSet<>();
        for (List<Neighbour> way : ways) {
            for (Neighbour each : way) {
                kept.add(each.name());
                if (!isAbsent.test(each.name())) {
                    break;
                }
            }
        }
        return kept;
    }
}
