package dev.rumor.core.stream;

import java.util.TreeMap;

/// Where the search stands for what is missing of one stream, or damaged, and held elsewhere. Links are known by their
/// numbers.
public final class Gap {

    private static final long NOBODY = Long.MIN_VALUE;

    /// How long what is missing may be collected somewhere.
    private long graceNanos;

    private long since;
    private long reached;
    private long end;
    private long source = NOBODY;
    private Intervals asked = Intervals.NONE;

    /// The links on which nothing came of a pull, and what was to be had there for all that is known.
    private final TreeMap<Long, Intervals> barren = new TreeMap<>();

    /// What peers let go of that are not linked any more; in a mesh they will be linked again, and are asked.
    private Intervals gone = Intervals.NONE;

    /// What everybody is asked for, or was, before it is given up.
    private Intervals called = Intervals.NONE;

    private boolean paused;
    private long pauseNanos;
    private long hopelessSince = Long.MAX_VALUE;

    /// @param reached all up to this is there
    public Gap(long now, long graceNanos, long reached) {
        this.graceNanos = graceNanos;
        this.since = now + graceNanos;
        this.reached = reached;
    }

    // --- what is missing

    /// Something is missing up to here at least.
    ///
    /// @param grace how long what is missing may be collected, for all that is known now; in nanoseconds
    public void extend(long now, long grace, long to) {
        end = Math.max(end, to);
        if (grace < graceNanos) {
            graceNanos = grace;
            since = paused || isAsked() ? since : Math.min(since, now + grace);
        }
    }

    /// All up to `contiguous` is there now. What is still missing, if that is more than before, is perhaps under way.
    ///
    /// @return whether nothing is missing any more
    public boolean arrived(long contiguous, long now) {
        if (contiguous <= reached) {
            return false;
        }
        reached = contiguous;
        since = now + graceNanos;
        pauseNanos = 0;
        return contiguous >= end && !isAsked();
    }

    // --- when to ask

    /// When somebody is to be asked; `Long.MAX_VALUE` while somebody is.
    ///
    /// @param patience how long what is missing may be on its way
    public long dueAt(long patience) {
        return isAsked() ? Long.MAX_VALUE : since + patience;
    }

    /// Once more from now on.
    public void defer(long now) {
        since = now;
    }

    /// Nobody has it now; then all are asked again.
    public void pause(long now, long leastNanos, long mostNanos) {
        paused = true;
        pauseNanos = Math.min(mostNanos, Math.max(leastNanos, 2 * pauseNanos));
        since = now + pauseNanos;
    }

    /// A pause ends when somebody turns up with what was not asked for in vain.
    public void hasten(long link, Intervals there, long now) {
        if (paused && !there.isEmpty() && !isBarren(link, there)) {
            since = Math.min(since, now);
        }
    }

    // --- whom

    public void begin() {
        if (paused) {
            barren.clear();
            called = Intervals.NONE;
        }
        paused = false;
    }

    public void ask(long link, Intervals what) {
        source = link;
        asked = what;
    }

    public boolean isAsked() {
        return source != NOBODY;
    }

    public boolean isAsked(long link) {
        return source == link;
    }

    public Intervals asked() {
        return asked;
    }

    public void unlinked(long link) {
        source = source == link ? NOBODY : source;
    }

    /// Whoever was asked has answered, or will not.
    ///
    /// @param next from when on patience is counted
    /// @param hope whether more may come
    public void release(long next, boolean hope) {
        source = NOBODY;
        since = next;
        hopelessSince = hope ? Long.MAX_VALUE : hopelessSince;
    }

    /// This one answered, and nothing came of it, though it is known to hold this.
    public void barren(long link, Intervals there) {
        barren.put(link, there);
    }

    /// Whether it was asked in vain, and no more has come to light there since.
    public boolean isBarren(long link, Intervals there) {
        Intervals known = barren.get(link);
        return known != null && known.containsAll(there);
    }

    // --- whether to give up

    /// These let go of this, and in an overlay need not be there when it is looked for again.
    public Intervals gone(Intervals more, Intervals received, boolean isMesh) {
        gone = isMesh ? Intervals.NONE : gone.plus(more).minus(received);
        return gone.plus(more);
    }

    /// Nobody who is linked can send it now.
    ///
    /// @return whether this has been so for long enough
    public boolean isHopeless(long now, long hopeNanos) {
        hopelessSince = Math.min(hopelessSince, now);
        return now >= hopelessSince + hopeNanos;
    }

    /// The last call: everybody is asked for this, once more and whatever is known of it. What was damaged there may be
    /// mended, and what it told last is perhaps long ago.
    public void callAll(long now, Intervals what) {
        called = what;
        barren.clear();
        since = now;
    }

    public Intervals called() {
        return called;
    }
}
