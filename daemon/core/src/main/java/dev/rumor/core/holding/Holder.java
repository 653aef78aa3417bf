package dev.rumor.core.holding;

import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What one peer is known to hold, by the disk it is on: what it told itself, and what a relay told of many.
public final class Holder {

    private static final Frontier NOTHING = new Frontier();
    private static final long NOBODY = -1;

    private final DiskId disk;
    private Frontier told = new Frontier();
    private Frontier joint = NOTHING;
    private long reporter = NOBODY;
    private List<Mark> agreed = List.of();
    private long behindSince = -1;

    Holder(DiskId disk) {
        this.disk = disk;
    }

    DiskId disk() {
        return disk;
    }

    public boolean isOn(DiskId other) {
        return disk.equals(other);
    }

    // --- what it told

    /// What the peer told itself.
    public Frontier told() {
        return told;
    }

    /// @return whether that was news, and not too much in pieces
    public boolean add(Claim claim) {
        return told.add(claim, Intervals.MAX_INTERVALS);
    }

    /// @return whether that was news
    public boolean retire(Mark mark) {
        return told.retire(mark.origin(), mark.epoch());
    }

    /// What it told before, and what was told of it, counts no more.
    public void forget() {
        told = new Frontier();
        joint = NOTHING;
        agreed = List.of();
    }

    /// Its marks are these, and stand for the same as ours.
    ///
    /// @return whether that was news
    public boolean agreed(List<Mark> marks) {
        boolean news = !agreed.equals(marks);
        agreed = marks;
        return news;
    }

    /// Whether the peer has told all that it holds.
    public boolean hasReported() {
        return reporter != NOBODY;
    }

    /// Whether it has since its process of this epoch started.
    public boolean hasReportedIn(long epoch) {
        return reporter >= epoch;
    }

    /// The process of this epoch has told all that the peer holds.
    public void reported(long epoch) {
        reporter = epoch;
    }

    /// What it told is not all.
    public void unreported() {
        reporter = NOBODY;
    }

    // --- what a relay told of it

    /// From now on it is one of those who hold `all` together.
    void join(Frontier all) {
        joint = all;
    }

    boolean holdsJointly(Frontier all) {
        return joint == all;
    }

    /// What it held together with others is kept for it alone.
    void part() {
        for (Claim claim : joint.all()) {
            add(claim);
        }
        joint = NOTHING;
    }

    // --- what it holds

    public boolean holds(Claim claim) {
        return known(claim.stream()).containsAll(claim.held());
    }

    /// What of a stream is known to be held.
    public Intervals known(Stream stream) {
        Intervals jointly = joint.held(stream);
        Intervals alone = told.held(stream);
        return jointly.containsAll(alone) ? jointly : alone.plus(jointly);
    }

    /// The same, with the tag; null if nothing is known of the stream.
    public Claim claim(Stream stream) {
        Claim alone = told.claim(stream);
        Claim jointly = joint.claim(stream);
        return alone == null ? jointly : jointly == null ? alone : new Claim(stream, alone.tag(), known(stream));
    }

    /// As many claims as this at most, of the newest epochs, of streams that it holds in one piece.
    public List<Claim> newest(int most) {
        List<Claim> all = new ArrayList<>(told.all());
        all.addAll(joint.all());
        return all.stream()
                .filter(claim -> claim.held().size() == 1)
                .sorted(Comparator.comparingLong((Claim claim) -> claim.stream().epoch())
                        .reversed())
                .limit(most)
                .toList();
    }

    // --- what it lacked when it was looked at

    public void behind(boolean is, long now) {
        behindSince = !is ? -1 : behindSince < 0 ? now : behindSince;
    }

    public boolean isBehind() {
        return behindSince >= 0;
    }

    /// For how long it has been behind, 0 if it is not.
    public long behindNanos(long now) {
        return isBehind() ? now - behindSince : 0;
    }
}
