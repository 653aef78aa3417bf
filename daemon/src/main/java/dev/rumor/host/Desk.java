package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.stream.Run;
import dev.rumor.wire.Quorum;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// Where clients and embedders are served, whatever brings them: they offer records and are told what became
/// of them, and they read.
///
/// Lives on the node's loop.
public final class Desk {

    /// What may be offered by embedders before the node has its epoch, in bytes.
    public static final long MOST_EARLY_BYTES = 64L << 20;

    private record Early(Run.Draft draft, Offer offer) {}

    private final Consumer<Event> feed;
    private final Readings readings;
    private final Waits waits;
    private final Executor loop;
    private final Map<Long, Offer> offers = new HashMap<>();
    private final Map<Long, Wish> wishes = new HashMap<>();
    private final Deque<Early> early = new ArrayDeque<>();
    private long earlyBytes;
    private long lastTicket;
    private boolean open;
    private String closed = "";

    /// @param loop runs what it is given on the loop, in a turn of its own
    public Desk(Consumer<Event> feed, Readings readings, Waits waits, Executor loop) {
        this.feed = feed;
        this.readings = readings;
        this.waits = waits;
        this.loop = loop;
    }

    /// Offers records to the node, now.
    public void offer(Run.Draft draft, Offer offer) {
        if (!closed.isEmpty()) {
            offer.refused(closed);
            return;
        }
        offers.put(++lastTicket, offer);
        feed.accept(new Event.Offered(lastTicket, draft, System.currentTimeMillis()));
    }

    /// Offers records to the node as soon as it has its epoch, in the order of the calls.
    public void offerWhenOpen(Run.Draft draft, Offer offer) {
        if (!closed.isEmpty() || open && early.isEmpty()) {
            offer(draft, offer);
        } else if (earlyBytes + draft.size() > MOST_EARLY_BYTES) {
            offer.refused("the node is starting, and " + earlyBytes + " bytes wait for it already; the limit is "
                    + MOST_EARLY_BYTES);
        } else {
            early.add(new Early(draft, offer));
            earlyBytes += draft.size();
        }
    }

    /// The same, for a sender that waits for a quorum to hold the records.
    ///
    /// @return its place among those that wait, unless it was refused
    public Optional<Waits.Waiting> offerWhenOpen(Run.Draft draft, Quorum quorum, Duration within, Waits.Sender sender) {
        Optional<String> refusal = waits.refusal(quorum);
        if (refusal.isPresent()) {
            sender.refused(refusal.get());
            return Optional.empty();
        }
        Waits.Waiting waiting = waits.enter(quorum, within, draft.count(), sender);
        offerWhenOpen(draft, waiting);
        return Optional.of(waiting);
    }

    /// Who reads what is shown here.
    public Readings readings() {
        return readings;
    }

    /// Who waits for others to hold what was broadcast here.
    public Waits waits() {
        return waits;
    }

    /// What was offered by embedders and waits for the node to have its epoch, in bytes.
    public long earlyBytes() {
        return earlyBytes;
    }

    /// Asks the node for something that it grants or refuses.
    ///
    /// @param question the event, given its ticket
    public void ask(LongFunction<Event> question, Wish wish) {
        if (!closed.isEmpty()) {
            wish.refused(closed);
            return;
        }
        wishes.put(++lastTicket, wish);
        feed.accept(question.apply(lastTicket));
    }

    /// The node has its epoch.
    public void open() {
        open = true;
        loop.execute(() -> {
            while (!early.isEmpty()) {
                Early next = early.remove();
                earlyBytes -= next.draft.size();
                offer(next.draft, next.offer);
            }
        });
    }

    public void acknowledge(Effect.Acknowledge ok) {
        answer(ok.ticket(), offer -> offer.acknowledged(ok.stream(), ok.first()));
    }

    public void grant(Effect.Grant yes) {
        wishes.remove(yes.ticket()).granted();
    }

    public void refuse(Effect.Refuse no) {
        Wish wish = wishes.remove(no.ticket());
        if (wish != null) {
            wish.refused(no.why());
        } else {
            answer(no.ticket(), offer -> offer.refused(no.why()));
        }
    }

    private void answer(long ticket, Consumer<Offer> answer) {
        Offer offer = offers.remove(ticket);
        if (offer != null) {
            answer.accept(offer);
        }
    }

    /// Whether everything that was offered is answered.
    public boolean isIdle() {
        return offers.isEmpty();
    }

    /// Refuses what is still unanswered and all that is offered from now on, and tells readers no more.
    public void close(String why) {
        closed = why;
        List.copyOf(offers.values()).forEach(each -> each.refused(why));
        offers.clear();
        List.copyOf(wishes.values()).forEach(each -> each.refused(why));
        wishes.clear();
        early.forEach(each -> each.offer.refused(why));
        early.clear();
        earlyBytes = 0;
        readings.close();
    }
}
