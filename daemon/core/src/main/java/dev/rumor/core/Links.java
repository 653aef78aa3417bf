package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Hello;
import dev.rumor.core.message.Message.Refusal;
import dev.rumor.core.message.Message.Refusal.Reason;
import dev.rumor.core.message.Register;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// Connections and who is behind them: the handshake, one link per pair of processes, and two processes of one name.
///
/// On a host without links there are standing ones, to each member of the fixed roster: admitted from the start,
/// and never gone.
///
/// The side that dialled says hello first; the other answers in kind or refuses in words. While this node has no epoch
/// yet, it asks on the connections it dialled what is known of its name, and lets those who dialled it wait.
final class Links {

    /// How long a live process is given to show that it lives when another claims its name.
    private static final long CHALLENGE_NANOS = Duration.ofSeconds(2).toNanos();

    /// Two connections of one pair made within this time crossed each other; one made later replaces a dead one.
    private static final long CROSSING_NANOS = Duration.ofSeconds(5).toNanos();

    private static final String LINKED = "we are linked already";

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Node node;
    private final TreeMap<Long, Link> all = new TreeMap<>();
    private final TreeMap<String, Link> admitted = new TreeMap<>();
    private Rounds rounds;

    /// Whether anybody is, perhaps: this is looked at after each event.
    private boolean challenged;

    Links(Node.Turn turn, Settings settings, Identity identity, Node node) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.node = node;
    }

    void proveBy(Rounds each) {
        rounds = each;
    }

    void connected(long id, boolean dialled) {
        Link link = new Link(id, dialled, turn.now());
        all.put(id, link);
        if (dialled) {
            introduce(link);
        }
    }

    private void introduce(Link link) {
        if (identity.isOpen()) {
            greet(link);
        } else if (identity.isAsking()) {
            turn.send(link, identity.query());
        }
    }

    private void greet(Link link) {
        link.greeted = true;
        turn.send(link, identity.hello());
    }

    /// Where the host has no links: link `k` stands for the k-th member.
    private void stand() {
        for (int k = 0; k < settings.members().size(); k++) {
            String name = settings.members().get(k);
            if (!name.equals(settings.name())) {
                Link link = new Link(k, false, turn.now());
                link.hello = Hello.of(settings.cluster(), name, 1, 0, Register.DiskId.NONE);
                link.admitted = true;
                link.push.open();
                all.put(link.id, link);
                admitted.put(name, link);
            }
        }
    }

    /// The node has its epoch: say hello where it dialled, and answer those who waited.
    void opened() {
        if (!settings.isLinked()) {
            stand();
            return;
        }
        for (Link link : List.copyOf(all.values())) {
            if (link.dialled) {
                greet(link);
            } else if (link.hello != null) {
                meet(link);
            }
        }
    }

    void disconnected(long id) {
        Link link = all.get(id);
        if (link != null) {
            drop(link);
        }
    }

    /// Noted before the link is admitted, too: it is clogged still when it is.
    void clogged(long id, boolean clogged) {
        Link link = all.get(id);
        if (link != null) {
            link.clogged = clogged;
        }
    }

    private void drop(Link link) {
        all.remove(link.id);
        if (link.admitted && admitted.remove(link.name(), link)) {
            node.unlinked(link);
            if (link.challenger != null && all.containsKey(link.challenger.id)) {
                admit(link.challenger);
            }
        }
    }

    /// @return the link to go on with, or null when `message` was part of the handshake and is dealt with
    Link heard(long id, Message message) {
        Link link = all.get(id);
        if (link == null) {
            return null;
        }
        link.heardAt = turn.now();
        if (link.admitted && !(message instanceof Refusal)) {
            return link;
        }
        switch (message) {
            case Message.NameQuery query -> answer(link, query);
            case Message.NameReply reply -> {
                if (link.dialled) {
                    identity.answered(reply);
                }
            }
            case Hello hello -> hello(link, hello);
            case Refusal refusal -> refused(link, refusal);
            case Message.Ping m -> malformed(link);
            case Message.Pong m -> malformed(link);
            case Message.Registers m -> malformed(link);
            case Message.Round m -> malformed(link);
            case Message.Sections m -> malformed(link);
            case Message.Agreement m -> malformed(link);
            case Message.Claims m -> malformed(link);
            case Message.Pull m -> malformed(link);
            case Message.Runs m -> malformed(link);
            case Message.Served m -> malformed(link);
            case Message.Stamp m -> malformed(link);
            case Message.Confirmed m -> malformed(link);
        }
        return null;
    }

    private void malformed(Link link) {
        refuse(link, Reason.MALFORMED, "say hello before anything else");
    }

    private void answer(Link link, Message.NameQuery query) {
        if (isForeign(link, query.cluster(), query.protocolMin(), query.protocolMax(), query.name())) {
            return;
        }
        if (link.asked) {
            refuse(link, Reason.MALFORMED, "ask once");
            return;
        }
        link.asked = true;
        if (query.name().equals(settings.name()) && query.disk().equals(identity.disk())) {
            refuse(link, Reason.SELF, "you reached yourself");
        } else if (query.name().equals(settings.name()) && identity.isOpen()) {
            refuse(link, Reason.NAME_TAKEN, "a live process is named '" + settings.name() + "' already");
        } else {
            turn.send(link, node.known(query));
        }
    }

    private boolean isForeign(Link link, String cluster, int protocolMin, int protocolMax, String name) {
        if (!cluster.equals(settings.cluster())) {
            refuse(
                    link,
                    Reason.WRONG_CLUSTER,
                    "'" + name + "' belongs to cluster '" + cluster + "', and '" + settings.name() + "' to '"
                            + settings.cluster() + "'");
            return true;
        }
        if (protocolMin > Message.PROTOCOL_MAX || protocolMax < Message.PROTOCOL_MIN) {
            refuse(
                    link,
                    Reason.WRONG_PROTOCOL,
                    "'" + name + "' speaks protocol versions " + protocolMin + " to " + protocolMax + ", and '"
                            + settings.name() + "' " + Message.PROTOCOL_MIN + " to " + Message.PROTOCOL_MAX);
            return true;
        }
        return false;
    }

    private void hello(Link link, Hello hello) {
        if (isForeign(link, hello.cluster(), hello.protocolMin(), hello.protocolMax(), hello.name())) {
            return;
        }
        if (link.hello != null) {
            refuse(link, Reason.MALFORMED, "say hello once");
            return;
        }
        link.hello = hello;
        if (hello.nonce() == identity.nonce()) {
            refuse(link, Reason.SELF, "you reached yourself");
        } else if (identity.isOpen()) {
            meet(link);
        }
    }

    private void meet(Link link) {
        Hello hello = link.hello;
        Link rival = admitted.get(hello.name());
        if (hello.name().equals(settings.name())) {
            meetNamesake(link);
        } else if (hello.epoch() < node.epochOf(hello.name())) {
            refuse(link, Reason.NAME_TAKEN, "a later process of the name '" + hello.name() + "' is known");
        } else if (rival == null || hello.established() && hello.nonce() != rival.hello.nonce()) {
            admit(link);
        } else if (hello.nonce() != rival.hello.nonce()) {
            challenge(rival, link);
        } else if (isBetter(link, rival)) {
            admit(link);
        } else {
            refuse(link, Reason.DUPLICATE, LINKED);
        }
    }

    /// Another process under our own name. One that was never admitted yields; of two that were, the older stops.
    private void meetNamesake(Link link) {
        boolean later = link.hello.epoch() > identity.stream().epoch();
        if (link.hello.established() && (later || !identity.isEstablished())) {
            node.stop("another live process is named '" + settings.name() + "' and started later");
        } else {
            refuse(link, Reason.NAME_TAKEN, "a live process is named '" + settings.name() + "' already");
        }
    }

    /// Of two connections between the same two processes: the one that the lower name dialled if they crossed each
    /// other, else the newer, because the older may be dead on one side. Both sides decide alike.
    private boolean isBetter(Link link, Link rival) {
        boolean crossing = link.dialled != rival.dialled && link.since - rival.since < CROSSING_NANOS;
        boolean lowerIsUs = settings.name().compareTo(link.name()) < 0;
        return !crossing || link.dialled == lowerIsUs;
    }

    /// A newcomer has the name of a peer we are linked to: is the incumbent alive? Of two that ask for it the later one
    /// goes on, because the earlier is perhaps gone as well.
    private void challenge(Link incumbent, Link newcomer) {
        Link before = incumbent.challenger;
        if (before != null && all.containsKey(before.id)) {
            boolean later = newcomer.hello.epoch() > before.hello.epoch();
            giveUp(later ? before : newcomer, later ? newcomer : before, "another process is asking for the name");
            if (!later) {
                return;
            }
        }
        challenged = true;
        incumbent.challenger = newcomer;
        incumbent.challengedUntil = Math.min(incumbent.challengedUntil, turn.now() + CHALLENGE_NANOS);
        rounds.ask(List.of(incumbent));
    }

    /// The incumbent answered the last round: it keeps its name. Whatever else comes, be it the answer to a ping, may
    /// have been under way since before it died.
    void spare(Link incumbent) {
        dismiss(incumbent, incumbent);
    }

    /// Whoever asked for the name of `incumbent` does not get it: `winner` has it.
    private void dismiss(Link incumbent, Link winner) {
        Link newcomer = incumbent.challenger;
        incumbent.challenger = null;
        incumbent.challengedUntil = Long.MAX_VALUE;
        if (newcomer != null && newcomer != winner && all.containsKey(newcomer.id)) {
            giveUp(newcomer, winner, "a live process is already named");
        }
    }

    /// Refuses one of two links under one name. Where both are of one process, it has the other and need not stop.
    private void giveUp(Link link, Link winner, String why) {
        boolean same = link.hello.nonce() == winner.hello.nonce();
        refuse(link, same ? Reason.DUPLICATE : Reason.NAME_TAKEN, same ? LINKED : why + " '" + link.name() + "'");
    }

    private void admit(Link link) {
        Link rival = admitted.get(link.name());
        if (rival != null) {
            link.succeed(rival);
            dismiss(rival, link);
            hangUp(rival, rival.name(), "replaced by a newer link");
        }
        if (!link.greeted) {
            greet(link);
        }
        link.admitted = true;
        admitted.put(link.name(), link);
        identity.establish();
        turn.add(new Effect.Admit(link.id, link.name()));
        node.linked(link);
        if (link.challenger != null) {
            rounds.ask(List.of(link));
        }
    }

    private void refuse(Link link, Reason reason, String text) {
        turn.send(link, new Refusal(reason, text, settings.name()));
        hangUp(link, reason == Reason.SELF ? settings.name() : link.name(), text);
        if (reason == Reason.WRONG_CLUSTER || reason == Reason.WRONG_PROTOCOL) {
            turn.add(new Effect.Warn("refused a peer: " + text));
        }
    }

    /// A name can be refused only to who gave it: no stranger stops this node by a word.
    private void refused(Link link, Refusal refusal) {
        hangUp(link, refusal.name(), refusal.text());
        switch (refusal.reason()) {
            case NAME_TAKEN -> {
                if (link.greeted || link.dialled && identity.isAsking()) {
                    node.stop("refused by '" + refusal.name() + "': " + refusal.text());
                }
            }
            case SELF, DUPLICATE -> {}
            case WRONG_CLUSTER, WRONG_PROTOCOL, MALFORMED ->
                turn.add(new Effect.Warn("refused by a peer: " + refusal.text()));
        }
    }

    /// Closes an admitted link when what was said on it has left.
    void hangUp(Link link, String why) {
        hangUp(link, link.name(), why);
    }

    private void hangUp(Link link, String to, String why) {
        drop(link);
        turn.add(new Effect.Hangup(link.id, to, why));
    }

    void woke() {
        for (Link link : List.copyOf(admitted.values())) {
            if (turn.now() >= link.challengedUntil) {
                Link newcomer = link.challenger;
                link.challengedUntil = Long.MAX_VALUE;
                link.challenger = null;
                if (all.containsKey(newcomer.id)) {
                    admit(newcomer);
                }
            }
        }
    }

    long alarm() {
        long first = Long.MAX_VALUE;
        if (challenged) {
            for (Link link : admitted.values()) {
                first = Math.min(first, link.challengedUntil);
            }
            challenged = first != Long.MAX_VALUE;
        }
        return first;
    }

    long longestRoundTripNanos() {
        long longest = 0;
        for (Link link : admitted.values()) {
            longest = Math.max(longest, link.roundTripNanos);
        }
        return longest;
    }

    /// Links over which peers speak, in order of their names.
    Collection<Link> admitted() {
        return admitted.values();
    }

    /// The link to this peer; null when there is none.
    Link to(String name) {
        return admitted.get(name);
    }

    /// The admitted link of this number; null when it is gone.
    Link admitted(long id) {
        Link link = all.get(id);
        return link != null && link.admitted ? link : null;
    }
}
