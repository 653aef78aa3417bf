package dev.rumor.host;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.core.stream.Walk;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One reader of what a node shows, from its cursor on: each record once, within a stream in its order. It is given a
/// portion whenever it asks for one, and not before: a slow reader costs what its streams cost, and a portion, and not
/// what it has yet to read, which waits in the log.
///
/// A record whose bytes are found damaged is waited for, since it is mended by others, and only if that takes too long
/// told as a gap.
///
/// [#next] and [#close] may be called on any thread; all else is on the node's loop.
public final class Reading implements AutoCloseable {

    /// Who follows is given a portion at least so often, so that it can tell a silent node from a dead one.
    public static final Duration BEAT = Duration.ofSeconds(2);

    /// A portion is read from at most so many bytes, or from one record.
    static final int PORTION_BYTES = 256 << 10;

    private static final long MEND_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long MEND_PAUSE_MILLIS = 50;

    private final Readings readings;
    private final Walk walk;
    private final Optional<String> topic;
    private final boolean follows;
    private long left;
    private long givenAt = System.nanoTime();
    private long missingSince;
    private Consumer<Portion> reader;
    private boolean reads;
    private boolean closed;

    Reading(Readings readings, Walk walk, Optional<String> topic, long limit, boolean follows) {
        this.readings = readings;
        this.walk = walk;
        this.topic = topic;
        this.left = limit;
        this.follows = follows;
    }

    Walk walk() {
        return walk;
    }

    /// Gives the next portion, when there is one. Not called again before that was given, nor after the last.
    ///
    /// @param then runs on the loop; never, if this is closed
    public void next(Consumer<Portion> then) {
        readings.run(() -> {
            reader = then;
            proceed();
        });
    }

    /// Ends it. What was asked for is not given any more.
    @Override
    public void close() {
        readings.run(() -> {
            closed = true;
            readings.left(this);
        });
    }

    /// Goes on, if it is waited for and there is something to go on with.
    void proceed() {
        if (closed || reader == null || reads) {
            return;
        }
        if (isOver()) {
            give(here());
        } else if (!walk.isDone()) {
            reads = true;
            readings.reader().read(walk.next(), PORTION_BYTES, this::found);
        }
    }

    /// Gives an empty portion to who has waited for long.
    void beat() {
        if (!closed && reader != null && !reads && isDue()) {
            give(here());
        }
    }

    private boolean isDue() {
        return System.nanoTime() - givenAt >= BEAT.toNanos();
    }

    private void found(Reader.Chunk chunk) {
        reads = false;
        if (closed) {
            return;
        }
        if (chunk.gap().isPresent()) {
            missing(chunk.gap().get());
            return;
        }
        missingSince = 0;
        List<StoredRecord> records = chunk.runs().stream()
                .flatMap(run -> RunCodec.shown(run).stream())
                .filter(this::isWanted)
                .limit(left)
                .toList();
        left -= records.size();
        Run last = chunk.runs().getLast();
        long upTo = left == 0 ? records.getLast().sequence() : last.last();
        pass(records, Optional.empty(), upTo);
    }

    private boolean isWanted(StoredRecord record) {
        return topic.map(record.topic()::equals).orElse(true);
    }

    private void missing(Range range) {
        Intervals gone = readings.absent(range.stream()).and(Intervals.of(range.from(), range.to()));
        boolean isGone = !gone.isEmpty() && gone.from(0) == range.from();
        long now = System.nanoTime();
        missingSince = missingSince == 0 ? now : missingSince;
        if (isGone || now - missingSince >= MEND_NANOS) {
            missingSince = 0;
            long upTo = isGone ? gone.to(0) : gone.isEmpty() ? range.to() : gone.from(0) - 1;
            pass(List.of(), Optional.of(new Range(range.stream(), range.from(), upTo)), upTo);
        } else {
            readings.loop().schedule(this::proceed, MEND_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// What holds nothing for this reader is passed over in silence, for a while.
    private void pass(List<StoredRecord> records, Optional<Range> gap, long upTo) {
        boolean empty = records.isEmpty() && gap.isEmpty();
        String before = empty ? "" : cursor();
        String origin = walk.next().stream().origin();
        walk.passed(upTo);
        readings.settle(walk, origin);
        if (!empty) {
            give(new Portion(before, records, gap, isOver()));
        } else if (isOver() || isDue()) {
            give(here());
        } else {
            readings.loop().execute(this::proceed);
        }
    }

    private boolean isOver() {
        return left == 0 || walk.isDone() && !follows;
    }

    private Portion here() {
        return new Portion(cursor(), List.of(), Optional.empty(), isOver());
    }

    private String cursor() {
        return readings.text().write(walk.cursor());
    }

    private void give(Portion portion) {
        if (portion.end()) {
            readings.left(this);
        }
        Consumer<Portion> waiting = reader;
        reader = null;
        givenAt = System.nanoTime();
        waiting.accept(portion);
    }
}
