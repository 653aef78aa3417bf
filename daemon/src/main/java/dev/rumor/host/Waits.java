package dev.rumor.host;

import dev.rumor.core.View;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.Quorum;
import dev.rumor.wire.Reply.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// Broadcasts whose senders wait for other members to hold them. Nothing is sent for that: members tell what they hold
/// anyway, and here it is looked at again after whatever happened to the node; once in a millisecond, however much that
/// was, and not at all while nobody waits.
///
/// Those that wait for the same quorum are answered in the order of their records, as members come to hold them. So a
/// look costs what it answers and one more, however many wait.
///
/// Lives on the node's loop.
public final class Waits {

    /// How many may wait at a time.
    public static final int MOST = 4_096;

    private static final long PAUSE_MILLIS = 1;

    /// Who broadcasts and waits; exactly one of the two happens, on the loop, unless it leaves before.
    public interface Sender {

        /// The records are durable here; and held by a quorum, or the time is over.
        void settled(Range records, Outcome outcome);

        /// Nothing of them was kept.
        ///
        /// @param why a sentence for a person
        void refused(String why);
    }

    private final Function<Range, View.Holders> holders;
    private final Supplier<View> view;
    private final ScheduledExecutorService loop;
    private final Map<Quorum, SequencedSet<Waiting>> waiting = new HashMap<>();
    private int size;
    private boolean looking;

    public Waits(Function<Range, View.Holders> holders, Supplier<View> view, ScheduledExecutorService loop) {
        this.holders = holders;
        this.view = view;
        this.loop = loop;
    }

    /// Why a broadcast may not wait for this quorum, if so: a sentence that names the limit. While nobody is active
    /// yet, the cluster is starting, and may come to have as many members as are asked for.
    public Optional<String> refusal(Quorum quorum) {
        Optional<String> unknown =
                quorum.isLocal() ? Optional.empty() : view.get().withoutReceipts();
        if (quorum.isLocal() || unknown.isPresent()) {
            return unknown;
        } else if (size >= MOST) {
            return Optional.of(MOST + " broadcasts wait for members to hold them already, which is the limit here");
        }
        long active = quorum.kind() == Quorum.Kind.COUNT ? active() : 0;
        return active > 0 && quorum.members() > active
                ? Optional.of("it cannot wait for " + quorum.members() + " members: " + active
                        + (active == 1 ? " is active" : " are active"))
                : Optional.empty();
    }

    private long active() {
        return view.get().members().stream()
                .map(View.Member::register)
                .filter(Register::isActive)
                .count();
    }

    /// A place for a broadcast that is not refused. The time runs from now.
    ///
    /// @param count how many records
    public Waiting enter(Quorum quorum, Duration within, int count, Sender sender) {
        return new Waiting(quorum, within, count, sender);
    }

    /// How many wait.
    public int size() {
        return size;
    }

    /// Something happened: perhaps a member holds more than it did.
    public void stir() {
        if (!waiting.isEmpty() && !looking) {
            looking = true;
            loop.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        looking = false;
        for (SequencedSet<Waiting> alike : List.copyOf(waiting.values())) {
            boolean reached = true;
            while (reached && !alike.isEmpty()) {
                reached = alike.getFirst().settleIfReached();
            }
        }
    }

    /// Answers all that wait with what is known now.
    public void close() {
        for (SequencedSet<Waiting> alike : List.copyOf(waiting.values())) {
            List.copyOf(alike).forEach(Waiting::expire);
        }
    }

    /// One broadcast, until its sender is answered or leaves.
    public final class Waiting implements Offer {
        private final Quorum quorum;
        private final long deadline;
        private final int count;
        private final Sender sender;
        private boolean over;
        private Range records;
        private Future<?> timer;

        private Waiting(Quorum quorum, Duration within, int count, Sender sender) {
            this.quorum = quorum;
            this.deadline = System.nanoTime() + within.toNanos();
            this.count = count;
            this.sender = sender;
            size++;
        }

        @Override
        public void acknowledged(Stream stream, long first) {
            records = new Range(stream, first, first + count - 1);
            if (!over && !settleIfReached()) {
                waiting.computeIfAbsent(quorum, any -> new LinkedHashSet<>()).add(this);
                timer = loop.schedule(this::expire, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void refused(String why) {
            if (!over) {
                leave();
                sender.refused(why);
            }
        }

        private boolean settleIfReached() {
            Outcome outcome = outcome();
            if (outcome.reached()) {
                settle(outcome);
            }
            return outcome.reached();
        }

        private void expire() {
            settle(outcome());
        }

        private void settle(Outcome outcome) {
            leave();
            sender.settled(records, outcome);
        }

        private Outcome outcome() {
            View.Holders found = holders.apply(records);
            List<View.Holder> active = found.active();
            long holding = active.stream().filter(View.Holder::holds).count();
            boolean reached = found.known() && holding >= quorum.among(active.size());
            return new Outcome(reached, reached ? List.of() : active);
        }

        /// The sender is gone, and is not to be told anything.
        public void leave() {
            if (over) {
                return;
            }
            over = true;
            size--;
            if (timer != null) {
                timer.cancel(false);
                SequencedSet<Waiting> alike = waiting.get(quorum);
                alike.remove(this);
                if (alike.isEmpty()) {
                    waiting.remove(quorum);
                }
            }
        }
    }
}
