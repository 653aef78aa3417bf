package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Sections;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Anti-entropy (Demers et al., 1987, push-pull, with an exact frontier in place of a checksum over a database): what
/// heals partitions, restarts and late joiners, even when eager push delivers nothing at all.
///
/// Every interval a few random peers are sent a digest. Equal: they say so, and that is all. Different: both tell
/// their whole frontier, and each pulls what it lacks ([Repair]). In a cluster that is no mesh ([Overlay]) most
/// of these peers are not linked, and dialled for the round.
final class Rounds {

    /// While nothing differs, the interval doubles up to this many times itself.
    private static final int MAX_BACK_OFF = 8;

    /// So many registers are told at a time, and fit one frame.
    private static final int MAX_TOLD = 1024;

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
    private final Overlay overlay;
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
            Bulletin bulletin,
            Overlay overlay) {
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
        this.overlay = overlay;
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
            if (roster.isMesh()) {
                receipts.look(relay.settledNanos());
                receipts.retire();
            }
            repair.look();
            boolean keepsPace = open() && !settings.isLinked() || isOwed();
            backOff = keepsPace ? 1 : Math.min(MAX_BACK_OFF, backOff * 2);
            lastRound = turn.now();
            schedule();
        }
    }

    /// Whether somebody is there whose receipt is missing: it may have told it when nobody heard.
    private boolean isOwed() {
        return links.admitted().stream().anyMatch(this::isOwing);
    }

    private boolean isOwing(Link link) {
        return roster.isMesh() && receipts.isBehind(link);
    }

    long alarm() {
        return nextRound;
    }

    private boolean open() {
        List<Link> chosen = roster.isMesh() ? choose(settings.fanout()) : anybody();
        ask(chosen);
        return !chosen.isEmpty();
    }

    /// Opens a round with each of these.
    void ask(List<Link> peers) {
        Digest held = log.durable().digest();
        for (Link peer : peers) {
            peer.roundAt = turn.now();
            peer.roundHeld = held;
            peer.roundsOpen++;
        }
        if (!peers.isEmpty()) {
            List<Long> ids = peers.stream().map(peer -> peer.id).toList();
            turn.add(new Effect.Send(ids, new Message.Round(held, roster.digest())));
        }
    }

    /// So many of those who are linked and from whom there may be something to learn; every other time one among them
    /// whose receipt is missing, because many are perhaps waiting for that.
    private List<Link> choose(int most) {
        List<Link> peers = new ArrayList<>(links.admitted());
        peers.removeIf(link -> link.clogged || isLevel(link));
        List<Link> owing = peers.stream().filter(this::isOwing).toList();
        List<Link> chosen = new ArrayList<>();
        if (most > 0 && !owing.isEmpty() && owing.size() < peers.size() && dice.nextBoolean()) {
            chosen.add(owing.get(dice.nextInt(owing.size())));
            peers.removeAll(chosen);
        }
        while (!peers.isEmpty() && chosen.size() < most) {
            chosen.add(peers.remove(dice.nextInt(peers.size())));
        }
        return chosen;
    }

    /// Beyond a mesh: one who is linked, where there is more than one, and others from the whole roster, whether
    /// they are there or not. Those that are not linked are asked when they are.
    private List<Link> anybody() {
        List<Link> chosen = choose(settings.fanout() > 1 || dice.nextBoolean() ? 1 : 0);
        for (int k = chosen.size(); k < settings.fanout(); k++) {
            Register any = roster.all().get(dice.nextInt(roster.all().size()));
            Link link = links.to(any.name());
            if (link == null && any.isMember() && any != roster.own()) {
                overlay.visit(any.name());
            } else if (link != null && !link.clogged && !chosen.contains(link)) {
                chosen.add(link);
            }
        }
        return chosen;
    }

    /// Whether there is nothing to learn from a round with this peer: by what was heard from it, or through a relay,
    /// neither lacks anything but what may be under way. A link that is quiet, or was not compared for long, has
    /// its round all the same, which is also its ping.
    private boolean isLevel(Link link) {
        if (!roster.isMesh() || receipts.isBehind(link)) {
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
            turn.send(link, new Message.Agreement());
        }
        if (sameRoster && sameHeld) {
            return;
        }
        stir();
        if (!roster.isMesh()) {
            tellSections(link, sameHeld, sameRoster, true);
            return;
        }
        if (!sameRoster) {
            tell(link, roster.all());
        }
        if (!sameHeld) {
            tell(link);
        }
    }

    // --- by sections

    /// Tells these registers, in as many messages as it takes.
    private void tell(Link link, List<Register> told) {
        for (int k = 0; k < told.size(); k += MAX_TOLD) {
            turn.send(link, new Message.Registers(List.copyOf(told.subList(k, Math.min(told.size(), k + MAX_TOLD)))));
        }
    }

    /// Beyond a mesh little differs of much, and is found by comparing digests of sections.
    private void tellSections(Link link, boolean sameHeld, boolean sameRoster, boolean answer) {
        List<Digest> held = sameHeld ? List.of() : log.durable().sections().digests();
        List<Digest> registers = sameRoster ? List.of() : roster.sections().digests();
        if (!held.isEmpty() || !registers.isEmpty()) {
            turn.send(link, new Message.Sections(held, registers, answer));
        }
    }

    /// Who joins wants to be told all, and where marks differ the whole is told, as in a mesh.
    private boolean tellsWhole(BitSet differing) {
        return roster.own().state() == Register.State.JOINING
                || log.durable().marks().stream().anyMatch(mark -> differing.get(Sections.of(mark.origin())));
    }

    /// Tells what is here in the sections that differ, and if asked, the digests of its own, to be told the same.
    void heard(Link link, Message.Sections theirs) {
        if (theirs.answer() && !theirs.held().isEmpty()) {
            answered(link);
            measure(link);
            stir();
        }
        boolean done = theirs.held().isEmpty();
        BitSet held = log.durable().sections().differing(theirs.held());
        if (!done && tellsWhole(held)) {
            turn.send(link, bulletin.whole(true));
            done = true;
        } else if (!done) {
            tellDiffering(link, held);
        }
        BitSet registers = roster.sections().differing(theirs.roster());
        if (!registers.isEmpty()) {
            tell(
                    link,
                    roster.all().stream()
                            .filter(each -> registers.get(Sections.of(each.name())))
                            .toList());
        }
        if (!theirs.answer()) {
            roster.welcomed(link, receipts.toldBy(link));
        } else {
            tellSections(link, done, theirs.roster().isEmpty(), false);
        }
    }

    private void tellDiffering(Link link, BitSet differing) {
        receipts.alike(link, stream -> !differing.get(Sections.of(stream.origin())));
        List<Claim> claims = log.durable().claims(differing);
        if (!claims.isEmpty()) {
            turn.send(link, new Message.Claims(claims, List.of(), false, false));
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
            receipts.agreed(link, link.roundHeld);
        }
        measure(link);
    }

    private void answered(Link link) {
        link.roundsOpen = Math.max(0, link.roundsOpen - 1);
        if (link.roundsOpen == 0) {
            links.spare(link);
        }
    }

    /// Whether what was answered is the round that was opened last. Over a link each is answered once, in order; else
    /// the answer came with an echo of the stamp that the round went with.
    private boolean isLatest(Link link) {
        return settings.isLinked() ? link.roundsOpen == 0 : link.heardOfUsAt == link.roundAt;
    }

    private void measure(Link link) {
        if (link.roundAt >= 0 && isLatest(link)) {
            link.answeredAfter(turn.now() - link.roundAt);
            link.roundAt = -1;
            link.comparedAt = turn.now();
        }
    }

    /// In a mesh both sides tell all. Beyond it they say who they are, and who dialled asks for a round.
    void linked(Link link) {
        if (roster.isMesh()) {
            stir();
            tell(link, roster.all());
            turn.send(link, bulletin.whole(false));
            return;
        }
        tell(link, List.of(roster.own()));
        if (link.dialled) {
            ask(List.of(link));
        }
    }

    /// The cluster is small again, and this link one as in a mesh.
    void relinked(Link link) {
        stir();
        link.push.close();
        tell(link, roster.all());
        turn.send(link, bulletin.whole(true));
    }

    void claimed(Link link, Message.Claims message) {
        if (message.answer()) {
            answered(link);
            measure(link);
            stir();
            turn.send(link, bulletin.whole(false));
        }
        if (message.whole()) {
            adopt(message);
            tellRetired(link, message);
        }
        if (message.whole() && !message.answer() && !roster.isMesh() && !link.told && link.roundAt < 0) {
            // It takes this for a mesh, and waits to be told all.
            turn.send(link, bulletin.whole(false));
            tellSections(link, true, false, true);
        }
        repair.claimed(link, message.claims());
    }

    /// Beyond a mesh nobody sees what all hold. But where all were seen to hold it while it was one, this node
    /// sets the same mark when it holds the same.
    private void adopt(Message.Claims theirs) {
        if (roster.isMesh()) {
            return;
        }
        TreeSet<Stream> live = new TreeSet<>();
        theirs.claims().forEach(claim -> live.add(claim.stream()));
        for (Mark mark : theirs.marks()) {
            boolean lower = mark.epoch() < log.durable().mark(mark.origin());
            if (!lower && log.durable().holdsAll(mark, live::contains) && log.retire(mark.origin(), mark.epoch())) {
                turn.add(new Effect.RememberMarks(log.durable().marks()));
            }
        }
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
            if (their == null || their.epoch() <= mark.epoch() && !their.equals(mark)) {
                differs = true;
                long from = their != null && log.durable().standsFor(their) ? their.epoch() : 0;
                below.addAll(log.durable().retired(mark.origin(), from, mark.epoch()));
            }
        }
        for (Claim reopened : theirs.claims()) {
            Mark their = told.get(reopened.stream().origin());
            Claim ours = log.durable().claim(reopened.stream());
            boolean isBelow = their != null && reopened.stream().epoch() < their.epoch();
            if (isBelow && ours != null && log.durable().isRetired(reopened.stream())) {
                below.add(ours);
            }
        }
        if (differs) {
            turn.send(link, new Message.Claims(below, log.durable().marks(), false, false));
        }
    }
}
