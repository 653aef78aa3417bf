package dev.rumor.host;

import dev.rumor.core.View;
import dev.rumor.core.stream.Cursor;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.core.stream.Walk;
import dev.rumor.storage.Store;
import dev.rumor.wire.CursorText;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The readers of a node, whatever brings them: where each begins, and what they are told of.
///
/// Lives on the node's loop.
public final class Readings {

    /// Where a reader begins that has no cursor: at the oldest record that is retained, or behind the newest.
    public static final String START = "start";

    public static final String NOW = "now";

    private final Supplier<View> view;
    private final Supplier<Machine> machine;
    private final Store store;
    private final Reader reader;
    private final ScheduledExecutorService loop;
    private final Executor run;

    /// Those that follow.
    private final Set<Reading> readings = new LinkedHashSet<>();

    private CursorText text;
    private boolean waking;
    private boolean beating;
    private boolean closed;

    /// @param run runs at once what it is given on the loop, and hands over to it what it is given elsewhere
    public Readings(
            Supplier<View> view,
            Supplier<Machine> machine,
            Store store,
            Reader reader,
            ScheduledExecutorService loop,
            Executor run) {
        this.view = view;
        this.machine = machine;
        this.store = store;
        this.reader = reader;
        this.loop = loop;
        this.run = run;
    }

    /// A new reader.
    ///
    /// @param from a cursor, or [#START], or [#NOW]; empty for the start
    /// @param topic only records of this topic; without it, of every topic
    /// @param limit at most so many records
    /// @param follows whether it goes on with what is shown from now on, and has no end
    /// @throws Malformed with a sentence for the reader, if that is no cursor
    public Reading open(String from, Optional<String> topic, long limit, boolean follows) throws Malformed {
        View now = view.get();
        text = text == null ? new CursorText(now.settings().cluster()) : text;
        Walk walk = new Walk(
                switch (from) {
                    case "", START -> oldest(now.delivered());
                    case NOW -> newest(now.delivered());
                    default -> text.parse(from);
                });
        for (Claim claim : now.delivered()) {
            if (!claim.held().isEmpty()) {
                walk.add(new Range(claim.stream(), 1, claim.held().last()), 0);
            }
        }
        now.delivered().forEach(claim -> settle(walk, claim.stream().origin()));
        Reading reading = new Reading(this, walk, topic, limit, follows);
        if (follows && !closed) {
            readings.add(reading);
            beat();
        }
        return reading;
    }

    /// As [#open], for who is not on the loop.
    public CompletableFuture<Reading> begin(String from, Optional<String> topic, long limit, boolean follows) {
        try {
            return CompletableFuture.completedFuture(open(from, topic, limit, follows));
        } catch (Malformed wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
    }

    /// One record, if it is retained and may be shown.
    public CompletableFuture<Optional<StoredRecord>> one(Range record) {
        long sequence = record.from();
        boolean shown = view.get().delivered().stream()
                .anyMatch(each ->
                        each.stream().equals(record.stream()) && each.held().contains(sequence, sequence));
        CompletableFuture<Optional<StoredRecord>> found = new CompletableFuture<>();
        if (shown) {
            reader.read(
                    record,
                    0,
                    chunk -> found.complete(chunk.runs().stream()
                            .flatMap(run -> RunCodec.shown(run).stream())
                            .findFirst()));
        } else {
            found.complete(Optional.empty());
        }
        return found;
    }

    /// Behind everything that is shown here.
    private Cursor newest(List<Claim> delivered) {
        Cursor cursor = Cursor.ORIGIN;
        for (Claim claim : delivered) {
            String origin = claim.stream().origin();
            cursor = cursor.settled(origin, mark(origin))
                    .advanced(claim.stream(), claim.held().last());
        }
        return cursor;
    }

    /// Before everything that is retained: what was let go of before is no gap to who comes now.
    private Cursor oldest(List<Claim> delivered) {
        Map<Stream, Long> first = new HashMap<>();
        Map<String, Long> oldest = new HashMap<>();
        for (Range kept : store.retained()) {
            first.merge(kept.stream(), kept.from(), Math::min);
            oldest.merge(kept.stream().origin(), kept.stream().epoch(), Math::min);
        }
        Cursor cursor = Cursor.ORIGIN;
        for (Claim claim : delivered) {
            String origin = claim.stream().origin();
            long last = claim.held().last();
            cursor = cursor.settled(origin, Math.min(mark(origin), oldest.getOrDefault(origin, Long.MAX_VALUE)))
                    .advanced(claim.stream(), Math.min(last, first.getOrDefault(claim.stream(), last + 1) - 1));
        }
        return cursor;
    }

    private long mark(String origin) {
        return machine.get().mark(origin);
    }

    void settle(Walk walk, String origin) {
        walk.settle(origin, mark(origin));
    }

    /// These records are shown, or can be had no more: which of them, the log tells.
    public void tell(Range range) {
        long mark = mark(range.stream().origin());
        readings.forEach(each -> each.walk().add(range, mark));
        if (!waking && !readings.isEmpty()) {
            waking = true;
            loop.execute(this::wake);
        }
    }

    private void wake() {
        waking = false;
        List.copyOf(readings).forEach(Reading::proceed);
    }

    /// Looks twice in a beat, and not at all while nobody reads.
    private void beat() {
        if (!beating && !readings.isEmpty()) {
            beating = true;
            loop.schedule(
                    () -> {
                        beating = false;
                        List.copyOf(readings).forEach(Reading::beat);
                        beat();
                    },
                    Reading.BEAT.toMillis() / 2,
                    TimeUnit.MILLISECONDS);
        }
    }

    /// How many follow.
    public int size() {
        return readings.size();
    }

    /// Ends them all.
    void close() {
        closed = true;
        List.copyOf(readings).forEach(Reading::close);
    }

    // --- for its readers

    void run(Runnable task) {
        run.execute(task);
    }

    ScheduledExecutorService loop() {
        return loop;
    }

    Reader reader() {
        return reader;
    }

    CursorText text() {
        return text;
    }

    Intervals absent(Stream stream) {
        return machine.get().absent(stream);
    }

    void left(Reading reading) {
        readings.remove(reading);
    }
}
