package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Anti-entropy (Demers et al., 1987, push-pull, with an exact frontier in place of a checksum over a database): what
/// heals partitions, restarts and late joiners, even when eager push delivers nothing at all.
///
/// Every interval a few random peers are sent a digest. Equal: they say so, and that is all. Different: both tell
/// their whole frontier, and each pulls what it lacks ([Repair]).
final class Rounds {

    /// While nothing differs, the interval doubles up to this many times itself.
    private static final int MAX_BACK_OFF = 8;

    /// A peer that was stopped for a while answers late; no more than this is taken for its round trip.
    private static final long MAX_ROUND_TRIP_NANOS = Duration.ofSeconds(2).toNanos();

    private final Node.Turn turn;
    private final Settings settings;
    private final RandomGenerator dice;
    private final Links links;
    private final Log log;
    private final Receipts receipts;
    private final Roster roster;
    private final Repair repair;
    private final Relay relay;
    private final Bulletin bulletin;
    private long lastRound = Long.MIN_VALUE;
    private long nextRound = Long.MAX_VALUE;
    private int backOff = 1;

    Rounds(
            Node.Turn turn,
            Settings settings,
            RandomGenerator dice,
            Links links,
            Log log,
            Receipts receipts,
            Roster roster,
            Repair repair,
            Relay relay,
            Bulletin bulletin) {
        this.turn = turn;
        this.settings = settings;
        this.dice = dice;
        this.links = links;
        this.log = log;
        this.receipts = receipts;
        this.roster = roster;
        this.repair = repair;
        this.relay = relay;
        this.bulletin = bulletin;
    }

    // --- the round

    /// On a host without links, a node that nobody needs yet is silent.
    void opened() {
        if (settings.isLinked()) {
            schedule();
        }
    }

    /// Something new was broadcast, linked or found to differ: rounds come at their shortest interval again.
    void stir() {
        if (backOff > 1 || nextRound == Long.MAX_VALUE) {
            backOff = 1;
            schedule();
        }
    }

    private void schedule() {
        long interval = settings.gossipInterval().toNanos() * backOff;
        nextRound = turn.now() + interval / 4 * 3 + dice.nextLong(interval / 2 + 1);
    }

    void woke() {
        if (turn.now() >= nextRound) {
            receipts.look(relay.settledNanos());
            receipts.retire();
            boolean anybody = open();
            backOff = anybody && !settings.isLinked() ? 1 : Math.min(MAX_BACK_OFF, backOff * 2);
            lastRound = turn.now();
            schedule();
        }
    }

    long alarm() {
        return nextRound;
    }

    private boolean open() {
        List<Link> peers = new ArrayList<>(links.admitted());
        peers.removeIf(link -> link.clogged || isLevel(link));
        List<Long> chosen = new ArrayList<>();
        while (!peers.isEmpty() && chosen.size() < settings.fanout()) {
            Link peer = peers.remove(dice.nextInt(peers.size()));
            peer.roundAt = turn.now();
            peer.roundsOpen++;
            chosen.add(peer.id);
        }
        if (!chosen.isEmpty()) {
            turn.add(new Effect.Send(chosen, new Message.Round(log.durable().digest(), roster.digest())));
        }
        return !chosen.isEmpty();
    }

    /// Whether there is nothing to learn from a round with this peer: by what was heard from it, or through a relay,
    /// neither lacks anything but what may be under way. A link that is quiet, or was not compared for long, has
    /// its round all the same, which is also its ping.
    private boolean isLevel(Link link) {
        if (receipts.isBehind(link)) {
            return false;
        }
        long interval = settings.gossipInterval().toNanos();
        boolean lively = link.heardAt > lastRound && link.comparedAt > turn.now() - MAX_BACK_OFF * interval;
        return lively || !settings.isLinked();
    }

    void heard(Link link, Message.Round round) {
        boolean sameRoster = round.roster().equals(roster.digest());
        boolean sameHeld = round.held().equals(log.durable().digest());
        if (sameHeld) {
            receipts.agreed(link);
        }
        if (sameHeld) {
            turn.send(link, new Message.Agreement());
        }
        if (sameRoster && sameHeld) {
            return;
        }
        stir();
        if (!sameRoster) {
            turn.send(link, new Message.Registers(List.copyOf(roster.all())));
        }
        if (!sameHeld) {
            tell(link);
        }
    }

    /// Tells all that this node holds, and asks for the same; what goes along with every message need not be told.
    private void tell(Link link) {
        if (settings.isLinked()) {
            turn.send(link, bulletin.whole(true));
        } else {
            bulletin.address(link);
        }
    }

    /// An agreement is about what this node held when it opened the round that is answered: one that was long under way
    /// may be about an earlier one.
    void agreed(Link link) {
        answered(link);
        if (isLatest(link)) {
            receipts.agreed(link, link.roundAt);
        }
        measure(link);
    }

    private static void answered(Link link) {
        link.roundsOpen = Math.max(0, link.roundsOpen - 1);
    }

    /// Whether what was answered is the round that was opened last. Over a link each is answered once, in order; else
    /// the answer came with an echo of the stamp that the round went with.
    private boolean isLatest(Link link) {
        return settings.isLinked() ? link.roundsOpen == 0 : link.heardOfUsAt == link.roundAt;
    }

    private void measure(Link link) {
        if (link.roundAt >= 0 && isLatest(link)) {
            link.roundTripNanos = Math.min(MAX_ROUND_TRIP_NANOS, turn.now() - link.roundAt);
            link.roundAt = -1;
            link.comparedAt = turn.now();
        }
    }

    void linked(Link link) {
        stir();
        turn.send(link, new Message.Registers(List.copyOf(roster.all())));
        turn.send(link, bulletin.whole(false));
    }

    void claimed(Link link, Message.Claims message) {
        if (message.answer()) {
            answered(link);
            measure(link);
            stir();
            turn.send(link, bulletin.whole(false));
        }
        if (message.whole()) {
            tellRetired(link, message);
        }
        repair.claimed(link, message.claims());
    }

    /// A peer whose mark is lower than ours, or stands for something else, is sent the entries that ours stands for,
    /// and the marks again; with those of epochs that were reopened there, below its mark.
    private void tellRetired(Link link, Message.Claims theirs) {
        Map<String, Mark> told = new TreeMap<>();
        theirs.marks().forEach(mark -> told.put(mark.origin(), mark));
        List<Claim> below = new ArrayList<>();
        boolean differs = false;
        for (Mark mark : log.durable().marks()) {
            Mark their = told.get(mark.origin());
            boolean lower = their == null || their.epoch() < mark.epoch();
            boolean other = !lower && their.epoch() == mark.epoch() && their.digest() != mark.digest();
            if (lower || other) {
                differs = true;
                below.addAll(log.durable().retiredFrom(mark.origin(), other || their == null ? 0 : their.epoch()));
            }
        }
        for (Claim reopened : theirs.claims()) {
            Mark their = told.get(reopened.stream().origin());
            Claim ours = log.durable().claim(reopened.stream());
            if (their != null
                    && ours != null
                    && reopened.stream().epoch() < their.epoch()
                    && log.durable().isRetired(reopened.stream())) {
                below.add(ours);
            }
        }
        if (differs) {
            turn.send(link, new Message.Claims(below, log.durable().marks(), false, false));
        }
    }
}
