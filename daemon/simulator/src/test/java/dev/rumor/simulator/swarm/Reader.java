package dev.rumor.simulator.swarm;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.stream.Cursor;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.core.stream.Walk;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Observer;
import dev.rumor.simulator.Simulation;
import dev.rumor.simulator.referee.Foul;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Reads what a node shows, a little at a time, and goes on at another one from its cursor, whenever it likes or must.
/// Wherever it was, in the end it has read everything, each record once, those of a stream in their order.
///
/// Where disks are lost, so are records; and what somebody who was evicted brings back of a retired epoch is shown to
/// those who are there, and no cursor tells of it: then it need only come to the end.
final class Reader implements Observer {

    private static final int PORTION_BYTES = 10_000;

    /// How often it looks again for what is damaged, and is mended by others.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int PATIENCE = 60;

    private final Simulation simulation;
    private final SplittableRandom dice;
    private final boolean exact;
    private final Map<Stream, Long> read = new HashMap<>();
    private Walk walk = Walk.from(Cursor.ORIGIN, List.of(), origin -> 0);
    private Host at;
    private long records;

    /// @param exact whether it must have read each record
    Reader(Simulation simulation, SplittableRandom dice, boolean exact) {
        this.simulation = simulation;
        this.dice = dice;
        this.exact = exact;
    }

    @Override
    public void handled(Host host, Event event, List<Effect> effects) {
        if (host != at) {
            return;
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Deliver shown) {
                walk.add(shown.range(), mark(shown.range().stream()));
            }
        }
    }

    @Override
    public void ended(Host host, String why) {
        if (host == at) {
            at = null;
        }
    }

    /// Reads on, here or elsewhere.
    void step() {
        if (at == null || dice.nextInt(8) == 0) {
            hop();
        }
        for (int portions = dice.nextInt(6); at != null && portions > 0; portions--) {
            readPortion();
        }
    }

    /// Reads to the end, at three nodes one after the other.
    ///
    /// @return how many records it has read in all
    long finish() {
        for (int hop = 0; hop < 3; hop++) {
            hop();
            for (int k = 0; k < PATIENCE && !walk.isDone(); k++) {
                while (readPortion()) {
                    // On to the end, or to what is damaged.
                }
                simulation.run(PAUSE);
            }
            Foul.unless(walk.isDone(), "a reader at %s does not get %s", at, walk.isDone() ? "" : walk.next());
        }
        for (Claim shown : exact ? at.view().delivered() : List.<Claim>of()) {
            long last = shown.held().isEmpty() ? 0 : shown.held().last();
            long got = read.getOrDefault(shown.stream(), 0L);
            Foul.unless(got == last, "a reader has read %d of %s, of which %d are shown", got, shown.stream(), last);
        }
        return records;
    }

    private void hop() {
        List<Host> up = simulation.hosts().stream().filter(Host::isUp).toList();
        at = up.isEmpty() ? null : up.get(dice.nextInt(up.size()));
        if (at != null) {
            walk = Walk.from(walk.cursor(), at.view().delivered(), at.node()::mark);
        }
    }

    /// @return whether there was anything
    private boolean readPortion() {
        if (walk.isDone()) {
            return false;
        }
        Range next = walk.next();
        List<Run> runs = at.read(next, 1 + dice.nextInt(PORTION_BYTES));
        if (!runs.isEmpty()) {
            passed(next, runs.getLast().last());
            records += runs.getLast().last() - next.from() + 1;
            return true;
        }
        Intervals gone = at.node().absent(next.stream()).and(Intervals.of(next.from(), next.to()));
        boolean isGone = !gone.isEmpty() && gone.from(0) == next.from();
        if (isGone) {
            passed(next, gone.to(0));
        }
        return isGone;
    }

    private void passed(Range next, long upTo) {
        Stream stream = next.stream();
        Long before = read.put(stream, upTo);
        long last = before == null ? 0 : before;
        Foul.unless(
                !exact || next.from() == last + 1, "a reader at %s is given %s, and has read up to %d", at, next, last);
        walk.passed(upTo);
        walk.settle(stream.origin(), mark(stream));
        int places = walk.cursor().places().size();
        Foul.unless(places <= simulation.hosts().size(), "a cursor has %d places", places);
    }

    private long mark(Stream stream) {
        return at.node().mark(stream.origin());
    }
}
