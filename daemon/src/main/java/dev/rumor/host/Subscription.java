package dev.rumor.host;

import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/// One reader of all that a node delivers: each record once, within a stream in its order. The listener is
/// called on a virtual thread, one call at a time, and may take as long as it likes: what it has not yet seen
/// waits in the log and not in a queue. What the log lets go of before it is read is told as a gap.
public final class Subscription implements AutoCloseable {

    /// Whom a subscription tells. What it throws ends the subscription.
    public interface Listener {
        void received(StoredRecord record);

        /// These records can no longer be had, here or anywhere.
        void missed(Range gap);
    }

    private final Walk walk;
    private final Listener listener;
    private final Executor loop;
    private final Logger log;
    private boolean telling;
    private volatile boolean closed;

    /// @param loop where the walk lives; [#proceed] begins
    public Subscription(Walk walk, Listener listener, Executor loop, Logger log) {
        this.walk = walk;
        this.listener = listener;
        this.loop = loop;
        this.log = log;
    }

    /// These records may be shown; on the loop.
    public void add(Range range) {
        walk.add(range);
        proceed();
    }

    public boolean isClosed() {
        return closed;
    }

    /// After this the listener is not called any more, but for a call that is under way.
    @Override
    public void close() {
        closed = true;
    }

    /// Tells what lies ahead, if nothing is being told; on the loop.
    public void proceed() {
        if (!telling && !closed && !walk.isDone()) {
            telling = true;
            walk.next(chunk -> Thread.ofVirtual().name("rumor-subscriber").start(() -> tell(chunk)));
        }
    }

    private void tell(Reader.Chunk chunk) {
        try {
            chunk.gap().filter(gap -> !closed).ifPresent(listener::missed);
            chunk.runs().forEach(this::tell);
        } catch (RuntimeException | Error thrown) {
            log.error("a subscriber failed and is told no more", thrown);
            close();
        }
        loop.execute(() -> {
            telling = false;
            proceed();
        });
    }

    private void tell(Run run) {
        for (StoredRecord record : RunCodec.shown(run)) {
            if (closed) {
                return;
            }
            listener.received(record);
        }
    }
}
