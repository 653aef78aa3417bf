package dev.rumor.storage;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// Reads the whole log, checks every byte of it, and finds out what there is, what should be and is not,
/// and where the log goes on.
///
/// What fails its check above the highest offset known to be forced was never acknowledged, and is cut.
/// What fails below it was whole once. It is passed over, and what it was is known all the same: its group
/// named it, or the beginning of the next segment does. Where neither does, [State#isComplete] says so.
final class Recovery {
    private final Disk disk;
    private final State state = new State();
    private final TreeMap<Stream, Shelf> shelves = new TreeMap<>();
    private final List<Segment> segments = new ArrayList<>();
    private long newest;
    private long endOffset;
    private long cutBytes;
    private Scan open;

    private Recovery(Disk disk) {
        this.disk = disk;
    }

    /// @throws IOException with a sentence for the user if a file cannot be opened, or is of a newer format
    static Recovery of(Disk disk) throws IOException {
        Recovery recovery = new Recovery(disk);
        TreeSet<Long> numbers = new TreeSet<>();
        for (String name : disk.names()) {
            if (Tail.isUnfinished(name)) {
                disk.delete(name);
            } else if (Segment.number(name) > 0) {
                numbers.add(Segment.number(name));
            }
        }
        for (long number : numbers) {
            recovery.read(number, number == numbers.last());
        }
        recovery.removeLeftovers();
        if (!recovery.state.isComplete()) {
            recovery.state.disown();
            recovery.damaged().forEach(recovery.state::forget);
        }
        return recovery;
    }

    private void read(long number, boolean last) throws IOException {
        if (number != newest + 1) {
            state.lose();
        }
        newest = number;
        try (Disk.File file = disk.open(Segment.fileName(number))) {
            Window window = new Window(file);
            Segment segment = Segment.read(window, number);
            if (segment == null) {
                state.lose();
                endOffset += window.size();
                return;
            }
            segments.add(segment);
            Scan scan = new Scan(segment, window);
            long end = scan.run(last);
            endOffset = segment.base + end;
            if (last && window.size() > end) {
                cutBytes = window.size() - end;
                file.truncate(end);
                file.force();
            }
            open = last && scan.beginsWhole && state.isComplete() ? scan : null;
        }
    }

    /// Files that were to be deleted when the process ended, and those that never got a run.
    private void removeLeftovers() throws IOException {
        for (Segment segment : List.copyOf(segments)) {
            if (segment.number != newest && isAbsent(segment)) {
                disk.delete(segment.fileName());
                segments.remove(segment);
                shelves.values().forEach(shelf -> shelf.removeAll(List.of(segment)));
            }
        }
    }

    private boolean isAbsent(Segment segment) {
        for (var each : shelves.entrySet()) {
            if (!state.absent(each.getKey()).containsAll(each.getValue().in(segment))) {
                return false;
            }
        }
        return true;
    }

    /// The end of the log, to go on with it: that of the newest segment, if it begins as it should.
    Tail tail(LongSupplier salts) throws IOException {
        return open != null
                ? Tail.reopen(disk, open.segment, open.end, open.expected)
                : Tail.create(disk, new Segment(newest + 1, endOffset, salts.getAsLong()), state);
    }

    State state() {
        return state;
    }

    TreeMap<Stream, Shelf> shelves() {
        return shelves;
    }

    /// Oldest first.
    List<Segment> segments() {
        return segments;
    }

    /// How much was cut from an unfinished end.
    long cutBytes() {
        return cutBytes;
    }

    /// What should be there to read and is not.
    TreeMap<Stream, Intervals> damaged() {
        TreeMap<Stream, Intervals> damaged = new TreeMap<>();
        for (Claim claim : state.claims()) {
            Shelf shelf = shelves.get(claim.stream());
            Intervals found = shelf == null ? Intervals.NONE : shelf.held();
            Intervals lost = claim.held().minus(state.absent(claim.stream())).minus(found);
            if (!lost.isEmpty()) {
                damaged.put(claim.stream(), lost);
            }
        }
        return damaged;
    }

    /// One segment, group by group. A group counts when the next one is met, or the segment ends.
    private final class Scan {
        private record Placed(RunLayout.Found found, int at) {}

        private final Segment segment;
        private final Window window;
        private long end = Segment.HEADER_BYTES;
        private int expected;
        private boolean beginsWhole;

        // The group that is being read.
        private int head;
        private long start = end;
        private int last = -1;
        private boolean headless;
        private boolean bad;
        private boolean unknown;
        private boolean stateNamed;
        private List<Change> changes;
        private final List<Claim> named = new ArrayList<>();
        private final List<Placed> runs = new ArrayList<>();

        Scan(Segment segment, Window window) {
            this.segment = segment;
            this.window = window;
        }

        /// @param newest whether nothing follows this segment, so that it may end in the middle of a group
        /// @return where what counts of it ends
        long run(boolean newest) {
            for (Block block = Block.from(window, segment.salt, end);
                    block != null;
                    block = Block.from(window, segment.salt, block.end())) {
                if (block.ordinal() > expected) {
                    missed(block);
                }
                take(block);
                expected = block.ordinal() + 1;
                end = block.end();
            }
            if (newest && !isWhole()) {
                expected = head;
                end = start;
            } else {
                count();
            }
            return end;
        }

        private boolean isWhole() {
            return !headless && !bad && expected == last + 1;
        }

        /// Blocks are missing before this one. Those that the group named are damaged; what others were,
        /// nobody knows. If they are of groups before its own, they were forced when it was written, unless
        /// there was but one: groups of one block are seals.
        private void missed(Block next) {
            int unnamed = Math.max(expected, last + 1);
            bad |= expected <= last;
            if (next.group() == head) {
                unknown |= headless;
                return;
            }
            if (next.group() - unnamed > 1) {
                state.lose();
            }
            if (next.kind() != Block.Kind.GROUP) {
                count();
                begin(next.group(), end);
                headless = true;
                unknown = next.ordinal() - next.group() > 1;
            }
        }

        private void take(Block block) {
            switch (block.kind()) {
                case GROUP -> group(block);
                case RUN -> {
                    if (block.head() != null) {
                        RunLayout.Found found = RunLayout.read(block);
                        runs.add(new Placed(found, (int) block.position()));
                        bad |= !found.bad().isEmpty();
                    } else {
                        bad = true;
                        unknown |= headless;
                    }
                }
                case STATE -> {
                    stateNamed = true;
                    if (block.head() == null) {
                        bad = true;
                    } else {
                        changes = Change.decode(block.head());
                    }
                }
            }
        }

        private void group(Block block) {
            Tail.Head read = block.head() == null ? null : Tail.Head.read(block.head());
            if (read == null || isWhole() || segment.base + start < read.forced()) {
                count();
            }
            begin(block.ordinal(), block.position());
            headless = read == null;
            if (read != null) {
                last = block.ordinal() + read.blocks();
                stateNamed = read.withState();
                named.addAll(read.ranges());
            }
        }

        private void begin(int ordinal, long position) {
            head = ordinal;
            start = position;
            last = ordinal;
            named.clear();
            runs.clear();
            changes = null;
            stateNamed = false;
            bad = false;
            unknown = false;
        }

        /// The group counts, and what of it was not found is damaged.
        private void count() {
            if (unknown) {
                state.lose();
            }
            named.forEach(claim -> state.apply(new Change.Held(claim)));
            runs.forEach(this::count);
            if (changes != null) {
                changes.forEach(state::apply);
                beginsWhole |= head == 0;
            } else if (stateNamed && head > 0) {
                state.lose();
            }
        }

        private void count(Placed placed) {
            Run run = placed.found.run();
            Intervals whole = Intervals.of(run.first(), run.last());
            state.apply(new Change.Held(new Claim(run.stream(), run.tag(), whole)));
            Intervals good = whole.minus(placed.found.bad());
            Shelf shelf = shelves.computeIfAbsent(run.stream(), stream -> new Shelf());
            for (int k = 0; k < good.size(); k++) {
                shelf.store(segment, good.from(k), good.to(k), placed.at);
            }
            segment.count(run);
        }
    }
}
