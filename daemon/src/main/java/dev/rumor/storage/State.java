package dev.rumor.storage;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What the log says, without the runs: the sum of all changes. Each segment begins with it, so that older
/// ones can go at any time.
///
/// What is damaged stands nowhere: it is what is held, less what is absent, less what was found.
final class State {

    private static final class Entry {
        private final int tag;
        private Intervals held = Intervals.NONE;
        private Intervals absent = Intervals.NONE;

        Entry(int tag) {
            this.tag = tag;
        }
    }

    private final TreeMap<Stream, Entry> streams = new TreeMap<>();
    private final TreeMap<String, Mark> marks = new TreeMap<>();
    private final TreeMap<String, Register> roster = new TreeMap<>();
    private DiskId disk = DiskId.NONE;
    private long epoch;
    private boolean complete = true;
    private boolean stopped;

    void apply(Change change) {
        stopped = false;
        switch (change) {
            case Change.Everything _ -> complete = true;
            case Change.Opened it -> {
                disk = it.disk();
                epoch = Math.max(epoch, it.epoch());
            }
            case Change.Held it -> hold(it.claim());
            case Change.Absent it -> {
                Entry entry = hold(it.claim());
                entry.absent = entry.absent.plus(it.claim().held());
            }
            case Change.Marked it -> marks.put(it.mark().origin(), it.mark());
            case Change.Registered it -> roster.put(it.register().name(), it.register());
            case Change.Stopped _ -> stopped = true;
        }
    }

    private Entry hold(Claim claim) {
        Entry entry = streams.computeIfAbsent(claim.stream(), stream -> new Entry(claim.tag()));
        entry.held = entry.held.plus(claim.held());
        return entry;
    }

    /// Something of the log is lost of which nobody can say what it was.
    void lose() {
        complete = false;
    }

    /// Whether the log is known to say all that was ever written to it.
    boolean isComplete() {
        return complete;
    }

    /// Whether a clean stop is the last thing it says.
    boolean isStopped() {
        return stopped;
    }

    DiskId disk() {
        return disk;
    }

    /// The last epoch that was opened, 0 for none.
    long epoch() {
        return epoch;
    }

    List<Mark> marks() {
        return List.copyOf(marks.values());
    }

    List<Register> roster() {
        return List.copyOf(roster.values());
    }

    List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        streams.forEach((stream, entry) -> claims.add(new Claim(stream, entry.tag, entry.held)));
        return claims;
    }

    List<Claim> absent() {
        List<Claim> claims = new ArrayList<>();
        streams.forEach((stream, entry) -> {
            if (!entry.absent.isEmpty()) {
                claims.add(new Claim(stream, entry.tag, entry.absent));
            }
        });
        return claims;
    }

    /// What of this stream is held in name only.
    Intervals absent(Stream stream) {
        Entry entry = streams.get(stream);
        return entry == null ? Intervals.NONE : entry.absent;
    }

    /// These count as held no more.
    void forget(Stream stream, Intervals lost) {
        Entry entry = streams.get(stream);
        entry.held = entry.held.minus(lost);
        if (entry.held.isEmpty()) {
            streams.remove(stream);
        }
    }

    /// This disk's id is not to be used again.
    void disown() {
        disk = DiskId.NONE;
    }

    /// All of it, as the first block of a segment says it.
    List<Change> everything() {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Everything());
        changes.add(new Change.Opened(disk, epoch));
        claims().forEach(claim -> changes.add(new Change.Held(claim)));
        absent().forEach(claim -> changes.add(new Change.Absent(claim)));
        marks.values().forEach(mark -> changes.add(new Change.Marked(mark)));
        roster.values().forEach(register -> changes.add(new Change.Registered(register)));
        return changes;
    }
}
