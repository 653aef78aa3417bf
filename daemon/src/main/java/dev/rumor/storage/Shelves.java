package dev.rumor.storage;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.storage.Writer.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What can be read, of all streams; which segments there are; and which runs are in memory as well. On the
/// loop.
final class Shelves {

    /// What is kept in memory of runs that are durable.
    private static final long CACHE_BYTES = 16 << 20;

    private final TreeMap<Stream, Shelf> shelves;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final Deque<Run> cached = new ArrayDeque<>();
    private long cachedBytes;

    Shelves(TreeMap<Stream, Shelf> shelves, List<Segment> segments) {
        this.shelves = shelves;
        segments.forEach(this::begin);
    }

    /// There is this segment.
    void begin(Segment segment) {
        segments.put(segment.number, segment);
    }

    /// The one that may still grow.
    Segment newest() {
        return segments.lastEntry().getValue();
    }

    /// Takes the run, which can be read from now on.
    ///
    /// @return those parts of it that were not here yet
    List<Run> add(Run run) {
        return shelves.computeIfAbsent(run.stream(), stream -> new Shelf()).add(run);
    }

    /// It is durable.
    void store(Entry.Keep keep) {
        Shelf shelf = shelves.get(keep.run.stream());
        for (int k = 0; k < keep.at.length; k++) {
            Run part = keep.missing.get(k);
            begin(keep.segment);
            keep.segment.count(part);
            shelf.store(keep.segment, part.first(), part.last(), keep.at[k]);
            cached.add(part);
            cachedBytes += part.cost();
        }
        while (cachedBytes > CACHE_BYTES) {
            Run oldest = cached.remove();
            cachedBytes -= oldest.cost();
            Shelf keeper = shelves.get(oldest.stream());
            if (keeper != null) {
                keeper.evict(oldest);
            }
        }
    }

    // --- what is read

    Intervals held(Stream stream) {
        Shelf shelf = shelves.get(stream);
        return shelf == null ? Intervals.NONE : shelf.held();
    }

    List<Stream.Range> retained() {
        List<Stream.Range> ranges = new ArrayList<>();
        shelves.forEach((stream, shelf) -> addRanges(stream, shelf.held(), ranges));
        return ranges;
    }

    static void addRanges(Stream stream, Intervals held, List<Stream.Range> ranges) {
        for (int k = 0; k < held.size(); k++) {
            ranges.add(new Stream.Range(stream, held.from(k), held.to(k)));
        }
    }

    /// What of the start of the range is in memory.
    List<Run> recent(Stream.Range range, int maxBytes) {
        Shelf shelf = shelves.get(range.stream());
        return shelf == null ? List.of() : shelf.recent(range.from(), range.to(), maxBytes);
    }

    /// Where the start of the range is on disk: as many runs as could cost so much.
    List<Stretch> places(Stream.Range range, int maxBytes) {
        Shelf shelf = shelves.get(range.stream());
        int mostRuns = maxBytes / (Run.RUN_OVERHEAD_BYTES + Run.RECORD_OVERHEAD_BYTES) + 1;
        return shelf == null ? List.of() : shelf.places(range.from(), range.to(), mostRuns);
    }

    /// Lets go of what was found damaged; what was let go meanwhile, or was found before and replaced, is
    /// not.
    ///
    /// @return what is damaged
    List<Stream.Range> quarantine(Stream stream, DiskReader.Fetched fetched) {
        Shelf shelf = shelves.get(stream);
        List<Stream.Range> damaged = new ArrayList<>();
        Intervals bad = shelf == null ? Intervals.NONE : fetched.bad();
        for (int k = 0; k < bad.size(); k++) {
            if (shelf.isAt(bad.from(k), fetched.segment(), fetched.at())) {
                shelf.remove(Intervals.of(bad.from(k), bad.to(k)));
                damaged.add(new Stream.Range(stream, bad.from(k), bad.to(k)));
            }
        }
        return damaged;
    }

    // --- what is let go

    /// What is too much: committed runs in whole segments, the oldest first, until what stays costs at most
    /// `keepBytes`, and those that are older than `oldestMillis` anyway.
    record Excess(List<Claim> committed, long keepBytes, long oldestMillis) {}

    /// @param claims and ranges: what lay in these segments
    record Removed(List<Segment> segments, List<Claim> claims, List<Stream.Range> ranges, long bytes) {}

    /// Whether this segment holds anything, and may go.
    boolean isExcess(Segment segment, Excess excess) {
        return segment.cost() > 0 && removable(excess).contains(segment);
    }

    /// A segment with a run that is not committed is pinned, and holds up no other.
    private List<Segment> removable(Excess excess) {
        TreeMap<Stream, Intervals> committed = new TreeMap<>();
        excess.committed.forEach(claim -> committed.put(claim.stream(), claim.held()));
        Set<Segment> pinned = new HashSet<>();
        shelves.forEach((stream, shelf) -> {
            Intervals free = committed.getOrDefault(stream, Intervals.NONE);
            for (Stretch each : shelf.stretches()) {
                if (!free.contains(each.first(), each.last())) {
                    pinned.add(each.segment());
                }
            }
        });
        long bytes = 0;
        for (Segment each : segments.values()) {
            bytes += each.cost();
        }
        List<Segment> removable = new ArrayList<>();
        for (Segment each : segments.values()) {
            boolean mayGo = bytes > excess.keepBytes || each.isBefore(excess.oldestMillis) || each.cost() == 0;
            if (mayGo && !pinned.contains(each)) {
                removable.add(each);
                bytes -= each.cost();
            }
        }
        return removable;
    }

    /// Lets go of it, but for the newest segment.
    Removed remove(Excess excess) {
        List<Segment> gone = removable(excess);
        gone.remove(newest());
        List<Claim> claims = new ArrayList<>();
        List<Stream.Range> ranges = new ArrayList<>();
        for (Claim claim : excess.committed) {
            Shelf shelf = shelves.get(claim.stream());
            Intervals lost = shelf == null ? Intervals.NONE : shelf.removeAll(gone);
            if (!lost.isEmpty()) {
                claims.add(new Claim(claim.stream(), claim.tag(), lost));
                addRanges(claim.stream(), lost, ranges);
            }
        }
        shelves.values().removeIf(Shelf::isEmpty);
        long bytes = 0;
        for (Segment each : gone) {
            segments.remove(each.number);
            bytes += each.cost();
        }
        return new Removed(gone, claims, ranges, bytes);
    }
}
