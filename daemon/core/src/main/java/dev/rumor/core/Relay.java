package dev.rumor.core;

import dev.rumor.core.membership.Timetable;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.TreeMap;

/// Collecting: where a record may take its time to every member (the delivery budget), many of them travel together. An
/// origin sends what came since its last batch to the relay, and the relay sends all that it got to everybody, once per
/// window: in one window 2(n-1) messages at most, whatever the number of records, which is what gossip among n cannot
/// do without (Baker and Shostak, 1972).
///
/// A record waits for the next batch of its origin, and travels twice. So the window is what the budget leaves
/// after two latencies, and an origin's batches leave just in time for the relay's, of which its stamps tell.
///
/// The relay is chosen by all alike, from what each of them can reach: the lowest hash of a name. One that does not
/// confirm in time is not used until it answers again; what it did not confirm is pushed to everybody directly.
///
/// With no budget, or beyond a mesh, nothing is collected; but on a host without links, what members hold is still
/// confirmed through the relay when they have nothing else to say.
final class Relay {

    /// What is not confirmed by the way is confirmed after this time ...
    private static final long CONFIRM_NANOS = Duration.ofSeconds(1).toNanos();

    /// ... and where records are collected after this, or a window if that is longer.
    private static final long COLLECTED_NANOS = Duration.ofMillis(1500).toNanos();

    /// A relay is kept for this long at least, unless it fails.
    private static final long STICK_NANOS = Duration.ofSeconds(2).toNanos();

    /// Over links, where one that cannot be reached is not linked, who was only slow is tried again after this
    /// time.
    private static final long LAPSE_NANOS = Duration.ofSeconds(30).toNanos();

    /// What a message is thought to take where there is neither a sample nor a budget.
    private static final long LATENCY_NANOS = Duration.ofMillis(100).toNanos();

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final long budgetNanos;
    private Bulletin bulletin;

    private String chosen;
    private long chosenAt;
    private final TreeMap<String, Long> suspected = new TreeMap<>();

    // As one who is collected: what may go to the relay, and what goes to everybody.
    private long released;
    private long direct;
    private long departAt = Long.MAX_VALUE;
    private long departedAt;
    private long awaited;
    private long confirmBy = Long.MAX_VALUE;
    private boolean repeated;

    // As the one who collects: what of each stream was sent on, and when.
    private final TreeMap<Stream, Long> collected = new TreeMap<>();
    private final Timetable timetable = new Timetable();

    // What is not yet confirmed, as either.
    private long owesSince = Long.MAX_VALUE;
    private Digest confirmed = Digest.ZERO;
    private boolean hurries;

    Relay(Node.Turn turn, Settings settings, Identity identity, Links links, Log log, Receipts receipts) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.chosen = settings.name();
        this.budgetNanos = settings.deliveryBudget().toNanos();
    }

    void confirmWith(Bulletin each) {
        bulletin = each;
    }

    boolean isCollecting() {
        return settings.isCollecting() && receipts.areOffered();
    }

    // --- choosing

    /// Through whom records are collected here: this node itself when there is nobody better.
    String name() {
        return chosen;
    }

    boolean isSelf() {
        return chosen.equals(settings.name());
    }

    /// Null when it is this node.
    private Link link() {
        return links.to(chosen);
    }

    /// The lowest hash among those who can be reached, as far as this node knows.
    private void choose() {
        chosen = settings.name();
        for (Link link : links.admitted()) {
            if (!isSuspected(link.name()) && hash(link.name()) < hash(chosen)) {
                chosen = link.name();
            }
        }
        chosenAt = turn.now();
    }

    private boolean isSuspected(String name) {
        Long since = suspected.get(name);
        return since != null && !(settings.isLinked() && turn.now() >= since + LAPSE_NANOS);
    }

    private static long hash(String name) {
        return Digest.of(name).high();
    }

    private void reconsider() {
        if (chosenAt == 0 || turn.now() >= chosenAt + STICK_NANOS || link() == null && !isSelf()) {
            choose();
        }
    }

    /// The relay cannot be reached: another one, and for what it did not confirm none at all.
    private void fail() {
        suspected.put(chosen, turn.now());
        confirmBy = Long.MAX_VALUE;
        repeated = false;
        direct = durable();
        choose();
    }

    /// A peer answers what it was told at `sentAt`.
    void answered(Link link, long sentAt) {
        Long since = suspected.get(link.name());
        if (since != null && sentAt > since) {
            suspected.remove(link.name());
        }
    }

    void unlinked(Link link) {
        if (link.name().equals(chosen)) {
            fail();
            suspected.remove(link.name());
        }
    }

    // --- being collected

    private long durable() {
        return identity.isOpen() ? log.durable().held(identity.stream()).contiguous() : 0;
    }

    /// How far the own stream may be pushed on this link.
    long released(Link link) {
        if (!isCollecting()) {
            return durable();
        }
        return isDirect(link) ? Math.max(released, direct) : direct;
    }

    /// Whether own records go to this peer first of all, and not by way of another.
    boolean isDirect(Link link) {
        return !isCollecting() || isSelf() || link.name().equals(chosen);
    }

    /// Own records are durable.
    void ownDurable() {
        if (!isCollecting()) {
            return;
        }
        reconsider();
        if (hurries) {
            direct = durable();
        } else if (isSelf()) {
            gather(0);
        } else if (departAt == Long.MAX_VALUE) {
            departAt = departure();
        }
    }

    /// The last moment from which a message reaches the relay in time for what it sends on next.
    private long departure() {
        Link relay = link();
        if (relay.bulletin.windowNanos() == 0 || !relay.latency.isKnown()) {
            return turn.now();
        }
        long lead = latency(relay) + settings.spareNanos();
        return Math.max(turn.now(), Bulletin.flushesAt(relay, turn.now() + lead) - lead);
    }

    private void depart() {
        departAt = Long.MAX_VALUE;
        if (isSelf()) {
            gather(0);
            return;
        }
        departedAt = turn.now();
        released = durable();
        bulletin.address(link());
        await();
    }

    private void await() {
        if (confirmBy == Long.MAX_VALUE && !isSelf()) {
            Link relay = link();
            long window = Math.max(relay.bulletin.windowNanos(), window());
            long patience = relay.latency.isSettled() ? window : 2 * window;
            awaited = released;
            confirmBy = departedAt + 2 * latency(relay) + patience + 2 * settings.spareNanos();
        }
    }

    /// A relay that was heard lives: what it did not confirm came late or was lost, and is sent once more.
    private void check() {
        Link relay = link();
        confirmBy = Long.MAX_VALUE;
        if (relay != null && receipts.heldBy(relay, identity.stream()).contains(1, awaited)) {
            repeated = false;
            if (released > awaited) {
                await();
            }
        } else if (relay != null && !repeated && relay.heardAt > departedAt + latency(relay)) {
            repeated = true;
            relay.push.repeat();
            depart();
        } else {
            fail();
        }
    }

    /// As much waits as may: it does not wait for its time.
    void hurry() {
        departAt = departAt == Long.MAX_VALUE ? departAt : turn.now();
        timetable.hurry(turn.now());
    }

    /// Nothing is collected any more: the process is about to end.
    void stop() {
        hurries = true;
        direct = durable();
        hurry();
    }

    // --- collecting

    /// Something arrived and is durable here.
    void arrived(Stream stream) {
        Link origin = links.to(stream.origin());
        if (origin != null && origin.bulletin.isCollectedBy(settings.name()) && isCollecting()) {
            gather(settings.lateNanos());
        }
        owesSince = Math.min(owesSince, turn.now());
    }

    /// @param grace what of others comes this much too late for a window may still be sent on with it
    private void gather(long grace) {
        timetable.gather(turn.now(), window(), grace);
    }

    private void flush() {
        released = isSelf() ? durable() : released;
        collected.clear();
        for (Link link : links.admitted()) {
            if (link.bulletin.isCollectedBy(settings.name())) {
                collected.put(link.stream(), log.durable().held(link.stream()).contiguous());
            }
            bulletin.address(link);
        }
    }

    /// What of the streams that are collected here goes to everybody.
    TreeMap<Stream, Long> collected() {
        return isCollecting() ? collected : new TreeMap<>();
    }

    /// How often this node sends on what it collected, 0 when it never did.
    long windowNanos() {
        return timetable.windowNanos();
    }

    /// How long ago that was, or would have been if there had been anything.
    long phaseNanos() {
        return timetable.phaseNanos(turn.now());
    }

    // --- time

    private long latency(Link link) {
        return link.latency.nanos(assumedLatency());
    }

    /// The longest of those that are known well, but for differences that the spare time is there for.
    private long latency() {
        LongSummaryStatistics known = links.admitted().stream()
                .filter(link -> link.latency.isSettled())
                .mapToLong(this::latency)
                .summaryStatistics();
        return known.getCount() == 0
                ? assumedLatency()
                : Math.max(known.getMin(), known.getMax() - settings.spareNanos() / 2);
    }

    private long assumedLatency() {
        return isCollecting() ? budgetNanos / 6 : LATENCY_NANOS;
    }

    private long window() {
        long left = Math.min(budgetNanos - 2 * latency() - settings.spareNanos(), budgetNanos / 10 * 7);
        return Math.max(left, Math.max(1, budgetNanos / 10));
    }

    private long confirmNanos() {
        return isCollecting() ? Math.max(COLLECTED_NANOS, window()) : CONFIRM_NANOS;
    }

    /// By now what was broadcast is held by all that can be reached, and this node knows it.
    long settledNanos() {
        long window = isCollecting() ? window() : 0;
        return confirms() ? budgetNanos + 2 * confirmNanos() + 4 * latency() + window : 0;
    }

    // --- confirming

    private boolean confirms() {
        return isCollecting() || !settings.isLinked();
    }

    /// These were told what this node holds.
    void told(List<Long> ids) {
        Link relay = link();
        if (isSelf() ? ids.size() == links.admitted().size() : relay != null && ids.contains(relay.id)) {
            confirmed = receipts.committed().digest();
            owesSince = Long.MAX_VALUE;
        }
    }

    /// More is committed, which those who are collected here do not know.
    void settle() {
        if (isSelf()
                && owesSince == Long.MAX_VALUE
                && !confirmed.equals(receipts.committed().digest())) {
            owesSince = turn.now();
        }
    }

    private void confirm() {
        owesSince = Long.MAX_VALUE;
        reconsider();
        if (!isSelf()) {
            bulletin.address(link());
        } else if (!confirmed.equals(receipts.committed().digest())) {
            for (Link link : links.admitted()) {
                bulletin.address(link);
            }
        }
    }

    void woke() {
        if (!confirms()) {
            return;
        }
        if (turn.now() >= departAt) {
            depart();
        }
        if (timetable.isDue(turn.now())) {
            timetable.flush(turn.now(), window());
            flush();
        }
        if (turn.now() >= confirmBy) {
            check();
        }
        if (turn.now() >= owedAt()) {
            confirm();
        }
    }

    private long owedAt() {
        return owesSince == Long.MAX_VALUE ? Long.MAX_VALUE : owesSince + confirmNanos();
    }

    long alarm() {
        return confirms()
                ? Math.min(Math.min(departAt, timetable.alarm()), Math.min(confirmBy, owedAt()))
                : Long.MAX_VALUE;
    }
}
