package dev.rumor.core;

import dev.rumor.core.membership.Members;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.message.Register.End;
import dev.rumor.core.message.Register.State;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Sections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The members: one register per name, raised only by its owner (evictions excepted), merged by precedence, never
/// trimmed. Liveness is soft and local and never changes it.
///
/// A node that joins is counted for commits only once it holds what its sponsor (the first active peer that told it
/// its frontier) held at the welcome. Where everybody joins at once and nobody is active, the lowest name begins.
final class Roster {

    /// Names beyond this are not taken up; the ceiling of a roster that every member keeps whole.
    static final int MAX_MEMBERS = 16_384;

    /// How long a joiner waits for an active member before the lowest of those that join begins.
    private static final long SPONSOR_NANOS = Duration.ofSeconds(2).toNanos();

    private final Node.Turn turn;
    private final Settings settings;
    private final Links links;
    private final Log log;
    private final Members registers = new Members();
    private Overlay overlay;
    private Register own;
    private Register sponsor;
    private Frontier sponsored;
    private Link sponsoredOn;
    private String mirror;
    private Frontier mirrored;
    private boolean reconciled;
    private boolean opened;
    private long openedAt;

    Roster(Node.Turn turn, Settings settings, Links links, Log log) {
        this.turn = turn;
        this.settings = settings;
        this.links = links;
        this.log = log;
    }

    void linkBy(Overlay each) {
        overlay = each;
    }

    void recover(List<Register> remembered) {
        remembered.forEach(this::put);
    }

    void opened(Register own) {
        opened = true;
        openedAt = turn.now();
        Register former = registers.get(own.name());
        put(own);
        if (former != null) {
            learnFormer(former);
        }
        turn.add(new Effect.RememberRegister(own()));
    }

    /// The host says who the members are, for good. Of the others nothing more is known yet.
    void fix(List<String> members) {
        for (String name : members) {
            if (!name.equals(settings.name())) {
                met(name, 1, DiskId.NONE);
            }
        }
    }

    /// A member of a fixed roster is this process.
    void met(String name, long epoch, Register.DiskId disk) {
        put(new Register(
                name,
                epoch,
                1,
                State.ACTIVE,
                disk,
                List.of(),
                Message.PROTOCOL_MIN,
                Message.PROTOCOL_MAX,
                "",
                List.of(),
                List.of()));
    }

    /// Somebody else met a member of a fixed roster.
    void witnessed(Message.Witness witness) {
        Register known = registers.get(witness.name());
        if (known != null && known.epoch() < witness.epoch() && !witness.name().equals(settings.name())) {
            met(witness.name(), witness.epoch(), witness.disk());
        }
    }

    Register own() {
        return own;
    }

    Register get(String name) {
        return registers.get(name);
    }

    /// In order of names.
    List<Register> all() {
        return registers.all();
    }

    /// Members other than this node that are expected to be there.
    List<Register> others() {
        return all().stream()
                .filter(each -> each.isMember() && !each.name().equals(settings.name()))
                .toList();
    }

    /// Whether the cluster is small enough for everybody to be linked to everybody, see [Overlay]. Where the host
    /// has no links, it always is.
    boolean isMesh() {
        return !settings.isLinked() || peers() < settings.mesh();
    }

    /// Of a fixed roster there is nothing to compare.
    Digest digest() {
        return settings.isLinked() ? registers.digest() : Digest.ZERO;
    }

    Sections sections() {
        return registers.sections();
    }

    /// Whether all of these are linked and told what they hold. Where it is all whom a commit waits for, what is pulled
    /// now will be committed and trimmed; where it is all members, what none of them has is nowhere.
    boolean isComplete(Predicate<Register> counted) {
        List<Register> others =
                all().stream().filter(counted).filter(each -> each != own).toList();
        return isMesh()
                && others.stream().map(each -> links.to(each.name())).allMatch(link -> link != null && link.told);
    }

    /// How many other members are expected to be there.
    int peers() {
        return registers.expected() - (own != null && own.isMember() ? 1 : 0);
    }

    /// Takes up what is newer and keeps a link to whoever is a member. A new process is passed on, so that all
    /// link to it; what it changes later it tells its links itself, and gossip rounds the rest. Where not
    /// everybody is linked to it, all changes are passed on. A peer that told something older than what is known
    /// here is told the newer.
    ///
    /// @return whether any register changed
    boolean merge(List<Register> told, Link from) {
        boolean changed = false;
        List<Register> news = new ArrayList<>();
        List<Register> corrections = new ArrayList<>();
        for (Register each : told) {
            Register known = registers.get(each.name());
            Register merged = known == null ? each : known.merge(each);
            if (each.name().equals(settings.name())) {
                mergeOwn(each);
            } else if (known == null ? registers.size() < MAX_MEMBERS : !merged.equals(known)) {
                if (known == null || known.epoch() < merged.epoch() || !isMesh()) {
                    news.add(merged);
                }
                take(merged);
                changed = true;
            }
            Register now = registers.get(each.name());
            if (now != null && !now.merge(each).equals(each)) {
                corrections.add(now);
            }
        }
        if (!corrections.isEmpty()) {
            turn.send(from, new Message.Registers(corrections));
        }
        if (!news.isEmpty()) {
            announce(news, from);
        }
        dismiss(from);
        return changed;
    }

    private void take(Register register) {
        put(register);
        turn.add(new Effect.RememberRegister(register));
        overlay.changed(register);
        Link link = links.to(register.name());
        if (link != null) {
            dismiss(link);
        }
    }

    /// Tells a process whose disk has ended, and hangs up. Who links is heard before: two may have evicted each other.
    private void dismiss(Link link) {
        if (links.to(link.name()) == link && isEnded(link.name(), link.hello.disk())) {
            Register register = registers.get(link.name());
            turn.send(link, new Message.Registers(List.of(register)));
            links.hangUp(link, "'" + link.name() + "' " + (register.state() == State.LEFT ? "has left" : "is evicted"));
        }
    }

    /// Whether the disk of this name left or was evicted.
    boolean isEnded(String name, DiskId disk) {
        Register register = registers.get(name);
        return register != null && register.ended().contains(disk);
    }

    /// Whether there is no member on this disk, and no link to who is still to be told.
    boolean isGone(String name, DiskId disk) {
        return links.to(name) == null && (get(name) == null || isEnded(name, disk));
    }

    /// What others say of us. A later epoch under our name is another live process: of two, the older stops. So does
    /// one whose epoch another disk has had: who told it of its past did not know. If our disk has ended, so do we,
    /// even while we are leaving; the next start knows of it. An earlier epoch is our own past, whose ends we list.
    private void mergeOwn(Register told) {
        Register own = own();
        Register merged = own.merge(told);
        boolean isLater = told.version() > own.version() || !merged.disk().equals(own.disk());
        if (told.epoch() > own.epoch() || told.epoch() == own.epoch() && isLater && merged.isMember()) {
            turn.add(new Effect.Stop("another process is named '" + settings.name() + "' and started later"));
        } else if (!merged.isMember() && merged.standing() != own.standing()) {
            turn.add(new Effect.RememberRegister(merged));
            turn.add(new Effect.Stop("'" + settings.name() + "' "
                    + (told.state() == State.LEFT ? "left the cluster before" : "was evicted from the cluster")
                    + ": started again, it joins as a new member with all that its disk holds"));
        } else if (told.epoch() < own.epoch()) {
            learnFormer(told);
        } else if (!merged.equals(own)) {
            put(merged);
            turn.add(new Effect.RememberRegister(merged));
        }
    }

    /// Lists the ends of an earlier epoch of our own and of those that it listed, where we do not know better, and the
    /// disks that ended. What a lost disk held nobody can say: its end is unknown until all active members have
    /// told what they hold. A departure says where its epoch ends.
    private void learnFormer(Register former) {
        TreeMap<Long, End> ends = new TreeMap<>();
        boolean lost = former.isMember() && !former.disk().equals(own().disk());
        former.ends().forEach(end -> ends.put(end.epoch(), lost ? new End(end.epoch(), End.UNKNOWN) : end));
        if (lost) {
            ends.put(former.epoch(), new End(former.epoch(), End.UNKNOWN));
        }
        own().ends().forEach(end -> ends.merge(end.epoch(), end, (a, b) -> a.last() > b.last() ? a : b));
        ends.headMap(log.received().mark(settings.name())).clear();
        while (ends.size() > Register.MAX_LISTED) {
            ends.pollFirstEntry();
        }
        Register learned = own().merge(former);
        if (!List.copyOf(ends.values()).equals(own().ends())) {
            raise(learned.raised(List.copyOf(ends.values())));
        } else if (!learned.equals(own())) {
            raise(learned);
        }
    }

    /// This node has left: nobody waits for it any more.
    ///
    /// @param last where its epoch ends
    void leave(long last) {
        raise(own().departed(State.LEFT, last));
    }

    /// Another member is evicted, by this node.
    ///
    /// @param last where its epoch ends for all that is known here
    void evict(String name, long last) {
        Register evicted = registers.get(name).departed(State.EVICTED, last);
        announce(List.of(evicted), links.to(name));
        take(evicted);
    }

    /// Our earlier epochs below `mark` are retired: they need no listing any more.
    void retired(long mark) {
        List<End> left =
                own().ends().stream().filter(end -> end.epoch() >= mark).toList();
        if (left.size() < own().ends().size()) {
            raise(own().raised(left));
        }
    }

    private void raise(Register raised) {
        put(raised);
        turn.add(new Effect.RememberRegister(raised));
        announce(List.of(raised), null);
    }

    private void announce(List<Register> news, Link except) {
        List<Long> others = new ArrayList<>();
        for (Link link : links.admitted()) {
            if (link != except) {
                others.add(link.id);
            }
        }
        if (!others.isEmpty() && opened) {
            turn.add(new Effect.Send(others, new Message.Registers(news)));
        }
    }

    private void put(Register register) {
        registers.put(register);
        own = register.name().equals(settings.name()) ? register : own;
        if (isMesh()) {
            overlay.known(register.name());
        }
    }

    /// A peer told its whole frontier, or that it is ours. The first active one that does so is our sponsor; when it
    /// comes back, it may hold less than it did. And whoever does so first, a joiner too, is whom this node is to
    /// draw level with.
    void welcomed(Link peer, Frontier held) {
        if (!reconciled && (mirror == null || links.to(mirror) == null)) {
            mirror = peer.name();
            mirrored = held.copy();
        }
        Register register = registers.get(peer.name());
        boolean first =
                sponsored == null || sponsoredOn != peer && sponsor.name().equals(peer.name());
        if (own().state() == State.JOINING && first && register != null && register.isActive()) {
            sponsor = register;
            sponsoredOn = peer;
            sponsored = held.copy();
        }
    }

    /// A peer has told all that it holds. What our sponsor held at the welcome, and holds no more because it is on an
    /// older copy of its disk, is not to be had from it.
    void reported(Link peer, Frontier held) {
        if (sponsored != null && sponsor.name().equals(peer.name())) {
            sponsored = sponsored.and(held);
        }
    }

    /// Looks whether this node now holds all that a live peer held when they met.
    private void reconcile() {
        if (mirrored != null && log.durable().covers(mirrored)) {
            reconciled = true;
            mirrored = null;
        }
    }

    /// Whether it ever did, since its process started.
    boolean isReconciled() {
        return reconciled;
    }

    /// Raises this node from joining to active when it may be counted.
    ///
    /// @return whether it did
    boolean activate() {
        reconcile();
        if (!opened || own().state() != State.JOINING) {
            return false;
        }
        if (sponsored != null && !isStill(sponsor)) {
            // The sponsor lost its disk, or is gone: what it held at the welcome is perhaps not to be had any more.
            sponsored = null;
        }
        if (sponsored != null ? !log.durable().covers(sponsored) : !isFirstOfJoiners()) {
            return false;
        }
        raise(own().raised(State.ACTIVE));
        sponsored = null;
        return true;
    }

    private boolean isStill(Register member) {
        Register now = registers.get(member.name());
        return now.isActive() && now.disk().equals(member.disk());
    }

    private boolean isFirstOfJoiners() {
        boolean met = false;
        boolean waiting = turn.now() < openedAt + SPONSOR_NANOS;
        for (Link link : links.admitted()) {
            Register peer = registers.get(link.name());
            met |= link.told;
            if (peer == null || peer.isActive() || peer.name().compareTo(settings.name()) < 0) {
                return false;
            }
        }
        boolean activeKnown = all().stream().anyMatch(Register::isActive);
        return met ? !(waiting && activeKnown) : !waiting && links.admitted().isEmpty();
    }

    long alarm() {
        boolean waiting = opened && own().state() == State.JOINING && turn.now() < openedAt + SPONSOR_NANOS;
        return waiting ? openedAt + SPONSOR_NANOS : Long.MAX_VALUE;
    }
}
