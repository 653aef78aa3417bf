package dev.rumor.metrics;

import dev.rumor.core.View;
import dev.rumor.core.View.Liveness;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Stream;
import dev.rumor.host.Queue;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// How the node stands, as seen at the last look: gauges over a [View] and over the host's queues.
final class Standing {

    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final MultiGauge links;
    private final MultiGauge members;
    private final MultiGauge blocker;
    private final Map<Queue.Unit, MultiGauge> depths = new EnumMap<>(Queue.Unit.class);
    private final Map<Queue.Unit, MultiGauge> bounds = new EnumMap<>(Queue.Unit.class);
    private volatile View view;

    Standing(Meters meters) {
        links = meters.gauges(
                "links",
                "",
                "Other members by how they can be reached: linked, suspected (silent for a while), unreachable, "
                        + "distant (not linked, because in a cluster larger than the mesh others are its neighbours).");
        members = meters.gauges("members", "", "Members of the roster by state, this node included.");
        blocker = meters.gauges(
                "committed.blocker",
                "",
                "1 for the member that lacks most of what is not committed; absent when nothing lags.");
        for (Queue.Unit unit : Queue.Unit.values()) {
            String name = Meters.label(unit);
            depths.put(unit, meters.gauges("queue", name, "How full each bounded queue is; of several, the fullest."));
            bounds.put(unit, meters.gauges("queue.limit", name, "Where this queue refuses, drops or waits."));
        }
        gauge(meters, "open", "", "1 once the node has its epoch and takes broadcasts.", v -> v.open() ? 1 : 0);
        gauge(meters, "records", "", "Records retained here.", View::records);
        gauge(meters, "records.waiting", "", "Records offered here and not yet being written.", View::waiting);
        gauge(
                meters,
                "log.retain",
                "bytes",
                "Beyond this in queue=\"log\" committed records are trimmed (--retain-bytes).",
                v -> v.settings().retainBytes());
        gauge(
                meters,
                "committed.lag.records",
                "",
                "Records held here that not every active member holds; NaN in a cluster larger than the mesh, where "
                        + "that is not known.",
                Standing::lag);
        gauge(
                meters,
                "committed.lag",
                "seconds",
                "For how long somebody has held up commits; 0 if nobody does, NaN where that is not known.",
                v -> v.isMesh() ? v.blocker().map(View.Blocker::sinceNanos).orElse(0L) / NANOS_PER_SECOND : Double.NaN);
        gauge(
                meters,
                "streams.live",
                "",
                "Streams of which the frontier tells what is held.",
                v -> v.durable().size());
        gauge(meters, "streams.retired", "", "Former epochs that a mark stands for.", View::retired);
    }

    private void gauge(Meters meters, String name, String unit, String description, ToDoubleFunction<View> value) {
        meters.gauge(name, unit, description, () -> view == null ? Double.NaN : value.applyAsDouble(view));
    }

    /// From now on this is how the node stands.
    void look(View now, List<Queue> queues) {
        view = now;
        Meters.set(links, "state", countLinks(now));
        Meters.set(members, "state", countMembers(now));
        Map<String, Integer> blockers = new HashMap<>();
        now.blocker().ifPresent(blocking -> blockers.put(blocking.name(), 1));
        Meters.set(blocker, "member", blockers);
        for (Queue.Unit unit : Queue.Unit.values()) {
            Meters.set(depths.get(unit), "queue", of(unit, queues, Queue::depth));
            Meters.set(bounds.get(unit), "queue", of(unit, queues, Queue::bound));
        }
    }

    private static Map<String, Double> of(Queue.Unit unit, List<Queue> queues, ToDoubleFunction<Queue> value) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Queue each : queues) {
            if (each.unit() == unit) {
                values.put(each.name(), value.applyAsDouble(each));
            }
        }
        return values;
    }

    private static Map<String, Long> countLinks(View view) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Liveness each : Liveness.values()) {
            if (each != Liveness.SELF && each != Liveness.GONE) {
                counts.put(
                        Meters.label(each),
                        view.members().stream()
                                .filter(member -> member.liveness() == each)
                                .count());
            }
        }
        return counts;
    }

    private static Map<String, Long> countMembers(View view) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Register.State each : Register.State.values()) {
            counts.put(
                    Meters.label(each),
                    view.members().stream()
                            .filter(member -> member.register().standing() == each)
                            .count());
        }
        return counts;
    }

    private static double lag(View view) {
        if (!view.isMesh()) {
            return Double.NaN;
        }
        Map<Stream, Long> committed = new HashMap<>();
        view.committed()
                .forEach(claim -> committed.put(claim.stream(), claim.held().count()));
        long lag = 0;
        for (Claim claim : view.durable()) {
            lag += claim.held().count() - committed.getOrDefault(claim.stream(), 0L);
        }
        return Math.max(0, lag);
    }
}
