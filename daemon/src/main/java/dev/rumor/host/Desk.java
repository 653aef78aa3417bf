package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.storage.Store;
import dev.rumor.wire.Quorum;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;

/// Where clients and embedders are served, whatever brings them: they offer records and are told what became
/// of them, read what is retained, and subscribe to what is delivered.
///
/// Lives on the node's loop.
public final class Desk {

    /// What may be offered by embedders before the node has its epoch, in bytes.
    public static final long MOST_EARLY_BYTES = 64L << 20;

    private record Early(Run.Draft draft, Offer offer) {}

    private final Consumer<Event> feed;
    private final Supplier<View> view;
    private final Store store;
    private final Reader reader;
    private final Waits waits;
    private final Executor loop;
    private final Logger log;
    private final Map<Long, Offer> offers = new HashMap<>();
    private final Map<Long, Wish> wishes = new HashMap<>();
    private final Deque<Early> early = new ArrayDeque<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private long earlyBytes;
    private long lastTicket;
    private boolean open;
    private String closed = "";

    /// @param loop runs what it is given on the loop, in a turn of its own
    public Desk(
            Consumer<Event> feed,
            Supplier<View> view,
            Store store,
            Reader reader,
            Waits waits,
            Executor loop,
            Logger log) {
        this.feed = feed;
        this.view = view;
        this.store = store;
        this.reader = reader;
        this.waits = waits;
        this.loop = loop;
        this.log = log;
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

    /// These records may be shown, or can be had no more: to a subscriber the walk tells which.
    public void tell(Range range) {
        subscriptions.removeIf(Subscription::isClosed);
        subscriptions.forEach(each -> each.add(range));
    }

    /// @param fromStart whether all that is retained comes before what is new
    public Subscription subscribe(boolean fromStart, Subscription.Listener listener) {
        Walk walk = fromStart ? retained() : new Walk(reader);
        Subscription subscription = new Subscription(walk, listener, loop, log);
        subscriptions.add(subscription);
        subscription.proceed();
        return subscription;
    }

    /// A walk through all that is retained and may be shown.
    public Walk retained() {
        Walk walk = new Walk(reader);
        Map<Stream, Intervals> delivered = new HashMap<>();
        for (Claim claim : view.get().delivered()) {
            delivered.put(claim.stream(), claim.held());
        }
        for (Range kept : store.retained()) {
            Intervals shown =
                    delivered.getOrDefault(kept.stream(), Intervals.NONE).and(Intervals.of(kept.from(), kept.to()));
            for (int k = 0; k < shown.size(); k++) {
                walk.add(new Range(kept.stream(), shown.from(k), shown.to(k)));
            }
        }
        return walk;
    }

    /// Refuses what is still unanswered and all that is offered from now on, and ends the subscriptions.
    public void close(String why) {
        closed = why;
        List.copyOf(offers.values()).forEach(each -> each.refused(why));
        offers.clear();
        List.copyOf(wishes.values()).forEach(each -> each.refused(why));
        wishes.clear();
        early.forEach(each -> each.offer.refused(why));
        early.clear();
        earlyBytes = 0;
        subscriptions.forEach(Subscription::close);
    }
}
