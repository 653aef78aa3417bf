package dev.rumor.metrics;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The ways of records: broadcast here, received, pushed on, pulled.
final class Records {

    private final Count broadcast;
    private final Count received;
    private final Count pulled;
    private final Count duplicates;
    private final Count discarded;
    private final Count pushed;
    private final Count served;
    private final Count waived;
    private final Count trimmed;

    /// What of each stream was received before, to know what comes twice. As many streams as the node itself takes.
    private final Map<Stream, Intervals> held = new HashMap<>();

    private Stream own;

    Records(Meters meters, Count discarded) {
        this.discarded = discarded;
        broadcast = meters.counter("records.broadcast", "Records broadcast here and acknowledged.");
        received =
                meters.counter("records.received", "Records of other origins that were new here, however they came.");
        pulled = meters.counter(
                "records.pulled", "Records received that this node had to pull, because they were not pushed to it.");
        duplicates = meters.counter("records.duplicate", "Records that came though they were here already.");
        pushed = meters.counter(
                "records.pushed",
                "Records of this node handed to the transport without being asked for; once for each peer.");
        served = meters.counter(
                "records.served", "Records handed to the transport because a peer pulled them; once for each peer.");
        waived = meters.counter("records.waived", "Records given up, because nobody has them any more.");
        trimmed = meters.counter("records.trimmed", "Records let go of, once every active member held them.");
    }

    void recovered(List<Claim> claims) {
        claims.forEach(claim -> held.put(claim.stream(), claim.held()));
    }

    void opened(Stream stream) {
        own = stream;
    }

    void acknowledged(int count) {
        broadcast.add(count);
    }

    /// @param effects of which [Effect.Append] tells what was new
    void heard(Peer from, List<Run> runs, List<Effect> effects) {
        long fresh = 0;
        for (Run run : runs) {
            long twice = countHeld(run);
            duplicates.add(twice);
            fresh += run.count() - twice;
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Append append) {
                Run run = append.run();
                hold(run.range());
                received.add(run.count());
                pulled.add(from.pushes(run.stream()) ? 0 : run.count());
                fresh -= run.count();
            }
        }
        discarded.add(Math.max(0, fresh));
    }

    private long countHeld(Run run) {
        Intervals here = held.getOrDefault(run.stream(), Intervals.NONE);
        return here.last() < run.first()
                ? 0
                : Intervals.of(run.first(), run.last()).and(here).count();
    }

    private void hold(Range range) {
        held.put(
                range.stream(),
                held.getOrDefault(range.stream(), Intervals.NONE).plus(range.from(), range.to()));
    }

    void waived(Range range) {
        hold(range);
        waived.add(range.count());
    }

    void trimmed(List<Range> ranges) {
        ranges.forEach(each -> trimmed.add(each.count()));
    }

    /// To whom it is sent it will have been sent as far as [Event.Sent] says.
    void sending(Peer to, Range range) {
        if (range.stream().equals(own) && !to.holds) {
            to.pushing = range;
        } else {
            to.serving = range;
        }
    }

    void sent(Peer to, Event.Sent sent) {
        if (to.pushing != null && to.pushing.stream().equals(sent.stream())) {
            pushed.add(sent.upTo() - to.pushing.from() + 1);
            to.pushing = null;
        } else if (to.serving != null && to.serving.stream().equals(sent.stream())) {
            served.add(sent.upTo() - to.serving.from() + 1);
            to.serving = null;
        }
    }
}
