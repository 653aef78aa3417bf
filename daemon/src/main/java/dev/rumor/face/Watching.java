package dev.rumor.face;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.client.cli.text.Json;
import dev.rumor.core.View;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.http.Answer;
import dev.rumor.http.Outlet;
import dev.rumor.http.Question;
import dev.rumor.tcp.TcpHost;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Those who watch the cluster through this node: server-sent events, which the page at `/` draws.
final class Watching {

    private static final long TICK_MILLIS = 100;
    private static final long PICTURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /// Who lags is looked at for so many streams that not all hold; for what is beyond, nobody seems to.
    private static final int MOST_STREAMS = 64;

    private final TcpHost host;
    private final Watch watch;
    private final boolean readOnly;
    private String picture = "";
    private long drawnAt = System.nanoTime() - PICTURE_NANOS;

    Watching(TcpHost host, Watch watch, boolean readOnly) {
        this.host = host;
        this.watch = watch;
        this.readOnly = readOnly;
        watch.open(
                host::holdersNow,
                task -> host.onLoop(() -> {
                    task.run();
                    return null;
                }));
    }

    Answer watch(Question question) {
        return new Answer.Streamed(Answer.EVENTS, this::pour);
    }

    private void pour(Outlet outlet) throws InterruptedException {
        watch.enter();
        try {
            String shown = "";
            long upTo = 0;
            while (true) {
                String now = picture();
                if (!now.equals(shown)) {
                    outlet.write(event("cluster", now));
                    shown = now;
                }
                for (Watch.Spread each : watch.seen()) {
                    if (each.version() > upTo) {
                        outlet.write(event("spread", json(each)));
                    }
                }
                upTo = watch.seen().stream()
                        .mapToLong(Watch.Spread::version)
                        .max()
                        .orElse(upTo);
                outlet.flush();
                Thread.sleep(TICK_MILLIS);
            }
        } finally {
            watch.leave();
        }
    }

    private static byte[] event(String name, Object data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(UTF_8);
    }

    private static Json json(Watch.Spread spread) {
        Json at = new Json();
        spread.atNanos().forEach((name, nanos) -> at.put(name, nanos / 1_000 / 1e3));
        return new Json()
                .put("id", Terms.first(spread.record()).toString())
                .put("origin", spread.record().stream().origin())
                .put("at_ms", at)
                .put("waiting", spread.waiting());
    }

    /// The same for all that watch, and drawn twice in a second.
    private synchronized String picture() throws InterruptedException {
        if (System.nanoTime() - drawnAt >= PICTURE_NANOS) {
            picture = Api.soon(host.onLoop(this::draw)).toString();
            drawnAt = System.nanoTime();
        }
        return picture;
    }

    /// On the loop.
    private Json draw() {
        View view = host.viewNow();
        Map<String, Long> lacks = lacks(view);
        List<Json> members = view.members().stream()
                .filter(each -> each.register().isMember())
                .map(each -> member(each, lacks.getOrDefault(each.register().name(), 0L)))
                .toList();
        return new Json()
                .put("name", view.settings().name())
                .put("cluster", view.settings().cluster())
                .put("version", view.settings().software())
                .put("writes", !readOnly)
                .put("records", view.records())
                .put("bytes", view.bytes())
                .put("broadcast", watch.broadcast())
                .put("shown", watch.shown())
                .put("members", members)
                .put(
                        "blocked_by",
                        view.blocker()
                                .map(each -> new Json()
                                        .put("name", each.name())
                                        .put("records", each.records())
                                        .put("since_ms", TimeUnit.NANOSECONDS.toMillis(each.sinceNanos())))
                                .orElse(null));
    }

    private static Json member(View.Member member, long lacks) {
        return new Json()
                .put("name", member.register().name())
                .put("state", member.register().standing().name().toLowerCase(Locale.ROOT))
                .put("liveness", member.liveness().name().toLowerCase(Locale.ROOT))
                .put("lacks", lacks)
                .put("silent_ms", TimeUnit.NANOSECONDS.toMillis(member.silentNanos()));
    }

    /// How many records each member is not known to hold. What all hold need not be looked at.
    private Map<String, Long> lacks(View view) {
        Map<Stream, Intervals> committed = new HashMap<>();
        view.committed().forEach(each -> committed.put(each.stream(), each.held()));
        Map<String, Long> lacks = new HashMap<>();
        int left = MOST_STREAMS;
        for (Claim each : view.durable()) {
            boolean byAll =
                    committed.getOrDefault(each.stream(), Intervals.NONE).containsAll(each.held());
            if (!byAll && left-- > 0) {
                Range range = new Range(each.stream(), 1, each.held().last());
                host.holdersNow(range)
                        .members()
                        .forEach(member -> lacks.merge(member.register().name(), member.lacks(), Long::sum));
            }
        }
        return lacks;
    }
}
