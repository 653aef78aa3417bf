package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Going for good: this node leaves because it is asked to, or another member is evicted by an operator's word.
///
/// Both end a (name, disk id). It counts for nothing any more, under whatever register of the name, so commits go on
/// without it; its streams stay what they are. A process that starts on that disk again goes on under a new disk id, as
/// a new member ([Identity]), and tells what it alone holds as any member does.
///
/// A node leaves in two steps. First it hands over: it takes no broadcasts, and waits until every active member that it
/// is linked to holds what would go with it. So far this can be called off, and at the deadline is. Then it raises its
/// register for the last time; who hears of that says so and hangs up, and when all have, the process may go.
final class Departure {

    private static final long ASK_NANOS = Duration.ofSeconds(1).toNanos();

    private enum Stage {
        STAYING,
        HANDING_OVER,
        LEAVING,
        GONE
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Roster roster;
    private final Receipts receipts;
    private final Spread spread;
    private final Overlay overlay;
    private final TreeSet<String> informed = new TreeSet<>();
    private Stage stage = Stage.STAYING;
    private long ticket;
    private long until;
    private List<Claim> legacy = List.of();
    private long askAt;

    Departure(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Roster roster,
            Receipts receipts,
            Spread spread,
            Overlay overlay) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.roster = roster;
        this.receipts = receipts;
        this.spread = spread;
        this.overlay = overlay;
    }

    // --- leaving

    void leaveAsked(Event.LeaveAsked asked) {
        String refusal = stage == Stage.STAYING ? refusal() : "'" + settings.name() + "' is leaving already";
        if (!refusal.isEmpty()) {
            turn.add(new Effect.Refuse(asked.ticket(), refusal));
            return;
        }
        stage = Stage.HANDING_OVER;
        ticket = asked.ticket();
        until = turn.now() + asked.within().toNanos();
        legacy = log.durable().claims();
        askAt = turn.now();
        spread.leave(true);
    }

    private String refusal() {
        if (!settings.isLinked()) {
            return "the members are fixed here";
        }
        return identity.isOpen() ? "" : "this daemon is starting and has no epoch yet";
    }

    /// After each event: whether the next step can be taken.
    void settle() {
        if (stage == Stage.HANDING_OVER) {
            handOver();
        }
        if (stage == Stage.LEAVING && isKnown()) {
            stage = Stage.GONE;
            turn.add(new Effect.Grant(ticket));
        }
    }

    private void handOver() {
        List<Register> heirs = heirs();
        ask();
        boolean done = spread.isIdle()
                && (roster.peers() == 0 || !heirs.isEmpty() && behind(heirs).isEmpty());
        if (done) {
            stage = Stage.LEAVING;
            roster.leave(log.durable().held(identity.stream()).last());
        } else if (turn.now() >= until) {
            stage = Stage.STAYING;
            spread.leave(false);
            turn.add(new Effect.Refuse(ticket, "'" + settings.name() + "' stays a member: " + missing(heirs)));
        }
    }

    /// In a mesh members tell what they come to hold; beyond it they are asked, again and again.
    private void ask() {
        if (roster.isMesh() || turn.now() < askAt) {
            return;
        }
        askAt = turn.now() + ASK_NANOS;
        for (Link link : links.admitted()) {
            if (overlay.pushes(link)) {
                turn.send(
                        link,
                        new Message.Claims(log.durable().claims(), log.durable().marks(), true, true));
            }
        }
    }

    /// The active members that this node is linked to; beyond a mesh, its neighbours.
    private List<Register> heirs() {
        List<Register> heirs = new ArrayList<>();
        for (Link link : links.admitted()) {
            Register member = roster.get(link.name());
            if (member != null && member.isActive() && overlay.pushes(link)) {
                heirs.add(member);
            }
        }
        return heirs;
    }

    /// What would go with this node: all that it holds, but for what linked origins broadcast in their present
    /// epochs. They hold that, and it grows while we wait; as beyond a mesh everything does, so there it is what
    /// was held when the leave was asked for, and all of our own.
    private List<Claim> estate() {
        if (!roster.isMesh()) {
            List<Claim> all = new ArrayList<>(legacy);
            all.addAll(log.durable().claims(settings.name()));
            return all;
        }
        TreeSet<Stream> others = new TreeSet<>();
        links.admitted().forEach(link -> others.add(link.stream()));
        return log.durable().claims().stream()
                .filter(claim -> !others.contains(claim.stream()))
                .toList();
    }

    private List<String> behind(List<Register> heirs) {
        List<Claim> estate = estate();
        List<String> behind = new ArrayList<>();
        for (Register heir : heirs) {
            long lacks = receipts.lacks(heir, estate);
            if (lacks > 0) {
                behind.add("'" + heir.name() + "' lacks " + lacks + " of its records");
            }
        }
        return behind;
    }

    private String missing(List<Register> heirs) {
        List<String> behind = behind(heirs);
        if (!behind.isEmpty()) {
            return String.join(", ", behind);
        }
        List<String> others = new ArrayList<>();
        for (Register each : roster.all()) {
            if (each.isMember() && each != roster.own()) {
                others.add("'" + each.name() + "'");
            }
        }
        return heirs.isEmpty()
                ? "it is linked to no active member that could keep its records, of " + String.join(", ", others)
                : "its last records are not written yet";
    }

    /// A peer tells registers; if it knows that this node has left, it need not be dialled again.
    void heard(Link link, List<Register> told) {
        boolean knows = stage == Stage.LEAVING
                && told.stream()
                        .anyMatch(each -> each.name().equals(settings.name())
                                && each.ended().contains(identity.disk()));
        if (knows && informed.add(link.name())) {
            turn.add(new Effect.Leave(link.name()));
        }
    }

    private boolean isKnown() {
        return roster.peers() == 0
                || !informed.isEmpty() && heirs().stream().map(Register::name).allMatch(informed::contains);
    }

    /// When handing over is called off.
    long alarm() {
        if (stage != Stage.HANDING_OVER) {
            return Long.MAX_VALUE;
        }
        return roster.isMesh() ? until : Math.min(until, askAt);
    }

    // --- evicting

    void evictAsked(Event.EvictAsked asked) {
        String refusal = refusal(asked);
        if (!refusal.isEmpty()) {
            turn.add(new Effect.Refuse(asked.ticket(), refusal));
            return;
        }
        Register member = roster.get(asked.name());
        roster.evict(
                member.name(),
                log.durable().held(new Stream(member.name(), member.epoch())).last());
        receipts.rosterChanged();
        turn.add(new Effect.Grant(asked.ticket()));
    }

    private String refusal(Event.EvictAsked asked) {
        String name = "'" + asked.name() + "'";
        Register member = roster.get(asked.name());
        String cannot = refusal();
        if (!cannot.isEmpty()) {
            return cannot;
        }
        if (member == null) {
            return "the roster has no " + name + ", only "
                    + String.join(
                            ", ", roster.all().stream().map(Register::name).toList());
        }
        if (member == roster.own()) {
            return name + " is the daemon that was asked: leave is for itself, evict for others";
        }
        if (!member.isMember()) {
            return name + (member.standing() == Register.State.LEFT ? " has left" : " was evicted") + " already";
        }
        int members = roster.peers() + 1;
        int reachable = 1;
        for (Register each : roster.all()) {
            reachable += each.isMember() && links.to(each.name()) != null ? 1 : 0;
        }
        return asked.force() || 2 * reachable > members
                ? ""
                : "only " + reachable + " of " + members + " members can be reached from here, and without a majority "
                        + "only force evicts " + name;
    }
}
