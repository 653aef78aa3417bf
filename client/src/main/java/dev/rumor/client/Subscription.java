package dev.rumor.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A reader that goes on: it is told each record once, those of a stream in their order, and waits for the next. Where
/// its daemon is lost it goes on at another, or at the same when that is back, after the last record that it has
/// taken; so it misses nothing and sees nothing twice.
///
/// ```java
/// List<Address> nodes = List.of(Address.parse("127.0.0.1:7400"), Address.parse("127.0.0.1:7401"));
/// Selection missed = Selection.after(cursor).topic("orders");
/// try (Subscription orders = Subscription.open(missed, nodes, Duration.ofSeconds(10), System.err::println)) {
///     while (orders.hasNext()) {
///         switch (orders.next()) {
///             case Told.Received(ReceivedRecord record, String after) -> handle(record, after);
///             case Told.Gap gap -> System.err.println(gap.ids() + " can no longer be had");
///         }
///     }
/// }
/// ```
///
/// Who keeps the cursor together with what it has made of the record (in the same transaction) has made each record's
/// effect once, whatever fails in between.
///
/// It reads ahead one reply, about 256 KiB. Who is slow is waited for by the daemon, in whose log the rest is; if the
/// log must let go of records before they are read, a gap is told in their place.
///
/// For one thread; another may close it.
public final class Subscription implements Iterator<Told>, AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final List<Address> nodes;
    private final Duration timeout;
    private final Consumer<String> journal;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Selection selection;
    private long taken;
    private int at;
    private volatile Reading reading;

    private Subscription(Selection selection, List<Address> nodes, Duration timeout, Consumer<String> journal) {
        this.selection = selection;
        this.nodes = List.copyOf(nodes);
        this.timeout = timeout;
        this.journal = journal;
    }

    /// Begins at the first of these nodes that can be reached. When this returns, the reader has its place: what is
    /// broadcast from then on comes after `now`.
    ///
    /// @param nodes one or more daemons of a cluster, in the order in which they are tried
    /// @param timeout as in [RumorClient#connect]
    /// @param journal is told, in a sentence, when a node is lost and where it goes on
    /// @throws RumorException if none can be reached, or the cursor is refused
    public static Subscription open(
            Selection selection, List<Address> nodes, Duration timeout, Consumer<String> journal) {
        Subscription subscription = new Subscription(selection, nodes, timeout, journal);
        Optional<RumorException> failure = subscription.begin();
        if (failure.isPresent()) {
            throw failure.get();
        }
        return subscription;
    }

    /// Tries each node once, from the present one on.
    ///
    /// @return what went wrong with the first, if with all
    private Optional<RumorException> begin() {
        RumorException first = null;
        for (int tries = 0; tries < nodes.size(); tries++) {
            try {
                reading = Reading.start(Connection.open(nodes.get(at), timeout), selection, true);
                if (isClosed()) {
                    reading.close();
                }
                reading.receive();
                return Optional.empty();
            } catch (RumorException failed) {
                unlessPassing(failed);
                first = first == null ? failed : first;
                at = (at + 1) % nodes.size();
            }
        }
        return Optional.ofNullable(first);
    }

    /// Waits until there is something, or this is closed, or the limit is reached.
    ///
    /// @throws RumorException if a daemon refuses to go on from here, and would again
    @Override
    public boolean hasNext() {
        while (!isClosed()) {
            try {
                return reading.hasNext();
            } catch (RumorException lost) {
                resume(lost);
            }
        }
        return false;
    }

    private void resume(RumorException lost) {
        reading.close();
        if (isClosed()) {
            return;
        }
        unlessPassing(lost);
        selection = new Selection(
                reading.cursor(), selection.topic(), selection.limit() == 0 ? 0 : selection.limit() - taken);
        taken = 0;
        at = (at + 1) % nodes.size();
        journal.accept(lost.getMessage() + "; trying " + nodes.get(at));
        Duration pause = FIRST_PAUSE;
        while (begin().isPresent() && !waitUntilClosed(pause)) {
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
        if (!isClosed()) {
            journal.accept("going on at " + nodes.get(at));
        }
    }

    private static void unlessPassing(RumorException failure) {
        if (!failure.isPassing()) {
            throw failure;
        }
    }

    private boolean waitUntilClosed(Duration atMost) {
        try {
            return closed.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RumorException.failed("interrupted while waiting for a daemon");
        }
    }

    @Override
    public Told next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Told next = reading.next();
        taken += next instanceof Told.Received ? 1 : 0;
        return next;
    }

    /// Whether [#next] would not have to wait.
    public boolean isReady() {
        return !isClosed() && reading.isReady();
    }

    /// The cursor after what was taken last, and after what was passed over since as of another topic.
    public String cursor() {
        return reading.cursor();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// Ends it, also while it waits.
    @Override
    public void close() {
        closed.countDown();
        reading.close();
    }
}
