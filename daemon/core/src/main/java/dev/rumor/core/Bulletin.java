package dev.rumor.core;

import dev.rumor.core.membership.Latency;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Echo;
import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.message.Message.Stamp;
import dev.rumor.core.message.Message.Witness;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What this node tells of itself: who it is, what it holds and, as a relay, what all hold.
///
/// No message carries an acknowledgement per record. Over links, a node whose durable frontier advanced tells what
/// changed, at most once per 5 ms and never on a link that is clogged; there it is told when the link drains.
///
/// Where records are collected, and on a host without links, it goes along with the batches instead, with a stamp
/// in front. So a batch in one direction acknowledges those of the other, and nothing is sent to acknowledge
/// alone but when there was nothing else to say for long. On a host without links it goes along with all that is
/// said, and the stamp stands for the hello.
final class Bulletin {

    /// Claims are coalesced over this time.
    private static final long CLAIM_NANOS = Duration.ofMillis(5).toNanos();

    /// What is remembered of one link.
    static final class State {
        private Stamp last;
        private long lastAt;
        private boolean owesEcho;

        /// When the peer sent on what it collected, or would have; by our clock.
        private long flushedAt;

        /// Whether the peer lets its records be collected through the node of this name.
        boolean isCollectedBy(String name) {
            return last != null && last.relay().equals(name);
        }

        /// How long what the peer told of may still wait to be sent on, and come unasked: the budget, if the peer
        /// collects, or it is its own. Where messages may be lost, only until the peer sends on what it
        /// collected, which it did not just do; or half the budget.
        ///
        /// @param own whether the peer broadcast it
        long graceNanos(Settings settings, boolean own) {
            long budget = settings.deliveryBudget().toNanos();
            if (last == null) {
                return budget;
            }
            if (settings.isLinked()) {
                return own || last.windowNanos() > 0 ? budget : 0;
            }
            boolean hasSentOn = last.phaseNanos() <= settings.lateNanos();
            long there = hasSentOn ? 0 : last.windowNanos() - last.phaseNanos();
            return Math.min(budget, own ? Math.max(there, budget / 2) : there);
        }

        /// How often the peer sends on what it collected; 0 when it does not, or was not heard.
        long windowNanos() {
            return last == null ? 0 : last.windowNanos();
        }

        /// The peer keeps time, so one whose message is late is not: that counts for as little as a long round trip.
        ///
        /// @param at when it sent on, by what its message says and when that came
        private void flushed(long at) {
            long window = windowNanos();
            long late = window == 0 ? 0 : Math.floorMod(at - flushedAt + window / 2, window) - window / 2;
            flushedAt = late > 0 ? at - late + late / Latency.DISBELIEF : at;
        }
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Roster roster;
    private final Receipts receipts;
    private final Relay relay;
    private final TreeSet<Long> addressed = new TreeSet<>();
    private long claimAt;
    private boolean claiming;

    Bulletin(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Roster roster,
            Receipts receipts,
            Relay relay) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.roster = roster;
        this.receipts = receipts;
        this.relay = relay;
    }

    /// What a peer says of itself and of the time. On a host without links, an earlier process of the same name is not
    /// listened to, and a later one holds nothing of what the earlier did.
    void heard(Link link, Stamp stamp) {
        if (!settings.isLinked()) {
            link.stale = stamp.epoch() < link.hello.epoch();
            if (link.stale) {
                return;
            }
            meet(link, stamp);
        }
        for (Echo echo : stamp.echoes()) {
            if (echo.to().equals(settings.name())) {
                link.heardOfUsAt = echo.sentAt();
                long roundTripNanos = turn.now() - echo.sentAt() - echo.heldNanos();
                if (roundTripNanos >= 0) {
                    link.latency.measured(roundTripNanos);
                    link.answeredAfter(roundTripNanos);
                }
                relay.answered(link, echo.sentAt());
            }
        }
        link.bulletin.flushed(turn.now() - link.latency.nanos(0) - stamp.phaseNanos());
        link.bulletin.last = stamp;
        link.bulletin.lastAt = turn.now();
        link.bulletin.owesEcho = true;
    }

    private void meet(Link link, Stamp stamp) {
        if (stamp.epoch() > link.hello.epoch()) {
            link.hello = Hello.of(settings.cluster(), link.name(), stamp.epoch(), stamp.tag(), stamp.disk());
            link.push.reset();
            receipts.linked(link);
            roster.met(link.name(), stamp.epoch(), stamp.disk());
        }
    }

    /// When the peer sends on what it collected, by our clock: the first such moment from `earliest` on, or the
    /// next one after that of which its last stamp told.
    static long flushesAt(Link link, long earliest) {
        long window = link.bulletin.windowNanos();
        long flushed = link.bulletin.flushedAt;
        return flushed + window * Math.max(1, (earliest - flushed + window - 1) / window);
    }

    /// Something is to be said to this peer in this turn, if nothing but this.
    void address(Link link) {
        addressed.add(link.id);
    }

    // --- what it holds

    /// More is durable here. What reaches every link by push need not be claimed as well.
    void advanced(Range range, boolean pushed) {
        receipts.commit(range.stream());
        if (!settings.isLinked() || !roster.isMesh()) {
            return;
        }
        boolean untold = false;
        for (Link link : links.admitted()) {
            if (!pushed || link.push.isHeld()) {
                link.dirty.add(range.stream());
                untold = true;
            }
        }
        if (untold && !relay.isCollecting()) {
            schedule();
        }
    }

    private void schedule() {
        if (turn.now() >= claimAt) {
            tell();
        } else {
            claiming = true;
        }
    }

    /// A link to which nothing could be said drained.
    void drained() {
        if (!relay.isCollecting()) {
            schedule();
        }
    }

    void woke() {
        if (claiming && turn.now() >= claimAt) {
            tell();
        }
    }

    long alarm() {
        return claiming ? claimAt : Long.MAX_VALUE;
    }

    private void tell() {
        claiming = false;
        if (tellNews(links.admitted())) {
            claimAt = turn.now() + CLAIM_NANOS;
        }
    }

    /// Tells each link what changed since it was told last; those that lack the same are told with one message.
    private boolean tellNews(Collection<Link> to) {
        Map<List<Stream>, List<Long>> alike = new LinkedHashMap<>();
        for (Link link : to) {
            if (!link.clogged && !link.dirty.isEmpty()) {
                alike.computeIfAbsent(List.copyOf(link.dirty), streams -> new ArrayList<>())
                        .add(link.id);
                link.dirty.clear();
            }
        }
        alike.forEach((streams, ids) ->
                turn.add(new Effect.Send(ids, new Message.Claims(claims(streams), List.of(), false, false))));
        return !alike.isEmpty();
    }

    /// Tells these links what goes along with a batch. Where a message may be lost, that is all this node holds.
    void tell(List<Long> ids) {
        if (settings.isLinked()) {
            tellNews(ids.stream().map(links::admitted).toList());
        } else {
            turn.add(new Effect.Send(ids, whole(false)));
        }
    }

    /// All that this node holds.
    Message.Claims whole(boolean answer) {
        return new Message.Claims(log.durable().claims(), log.durable().marks(), true, answer);
    }

    private List<Claim> claims(List<Stream> streams) {
        return streams.stream()
                .map(log.durable()::claim)
                .filter(claim -> claim != null)
                .toList();
    }

    // --- the batch

    /// At the end of a turn: adds to what is said.
    void complete() {
        if (!settings.isLinked()) {
            turn.targets(addressed);
        }
        if (addressed.isEmpty()) {
            return;
        }
        List<Long> ids = List.copyOf(addressed);
        addressed.clear();
        turn.add(new Effect.Send(
                ids,
                new Stamp(
                        identity.stream().epoch(),
                        identity.tag(),
                        identity.disk(),
                        relay.name(),
                        relay.windowNanos(),
                        relay.phaseNanos(),
                        turn.now(),
                        echoes(ids))));
        tell(ids);
        if (relay.isSelf()) {
            confirm(ids);
        }
        relay.told(ids);
    }

    /// Tells what all members hold, for those who do not hear it from each of them. What was committed before a member
    /// lost its disk stays so, but that member does not hold it now.
    private void confirm(List<Long> ids) {
        List<Register> active = roster.all().stream().filter(Register::isActive).toList();
        List<Claim> held = receipts.committed().claims().stream()
                .filter(claim -> active.stream().allMatch(each -> isHeldBy(each, claim)))
                .toList();
        if (!held.isEmpty()) {
            List<Witness> by = active.stream()
                    .map(each -> new Witness(each.name(), each.epoch(), each.disk()))
                    .toList();
            turn.add(new Effect.Send(ids, new Message.Confirmed(by, held)));
        }
    }

    private boolean isHeldBy(Register member, Claim claim) {
        return receipts.heldBy(member, claim.stream(), claim.held()).containsAll(claim.held());
    }

    private List<Echo> echoes(List<Long> ids) {
        List<Echo> echoes = new ArrayList<>();
        for (long id : ids) {
            Link link = links.admitted(id);
            if (link.bulletin.owesEcho) {
                link.bulletin.owesEcho = false;
                echoes.add(new Echo(link.name(), link.bulletin.last.sentAt(), turn.now() - link.bulletin.lastAt));
            }
        }
        return echoes;
    }
}
