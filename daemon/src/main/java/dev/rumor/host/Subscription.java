package dev.rumor.host;

import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.StoredRecord;
import org.slf4j.Logger;

/// A reader within this process. The listener is called on a virtual thread, one call at a time, and may take as
/// long as it likes: what it has not yet seen waits in the log and not in a queue. What the log lets go of before
/// it is read is told as a gap.
public final class Subscription implements AutoCloseable {

    /// Whom a subscription tells. What it throws ends the subscription.
    public interface Listener {

        /// @param cursor after this record
        void received(StoredRecord record, String cursor);

        /// These records can no longer be had, here or anywhere.
        ///
        /// @param cursor after the gap
        void missed(Range gap, String cursor);
    }

    private final Reading reading;
    private final Listener listener;
    private final Logger log;
    private volatile boolean closed;

    private Subscription(Reading reading, Listener listener, Logger log) {
        this.reading = reading;
        this.listener = listener;
        this.log = log;
    }

    public static Subscription start(Reading reading, Listener listener, Logger log) {
        Subscription subscription = new Subscription(reading, listener, log);
        subscription.proceed();
        return subscription;
    }

    public boolean isClosed() {
        return closed;
    }

    /// After this the listener is not called any more, but for a call that is under way.
    @Override
    public void close() {
        closed = true;
        reading.close();
    }

    /// Tells what there is, and from then on what comes.
    private void proceed() {
        reading.next(portion -> Thread.ofVirtual().name("rumor-subscriber").start(() -> tell(portion)));
    }

    private void tell(Portion portion) {
        try {
            portion.gap().filter(gap -> !closed).ifPresent(gap -> listener.missed(gap, portion.after(gap)));
            for (StoredRecord record : portion.records()) {
                if (closed) {
                    return;
                }
                listener.received(record, portion.after(record));
            }
        } catch (RuntimeException | Error thrown) {
            log.error("a subscriber failed and is told no more", thrown);
            close();
        }
        if (!closed && !portion.end()) {
            proceed();
        }
    }
}
