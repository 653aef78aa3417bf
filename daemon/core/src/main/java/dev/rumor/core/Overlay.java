package dev.rumor.core;

import dev.rumor.core.membership.Rings;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who is linked to whom. Up to `mesh` members everybody keeps a link to everybody. Beyond that a member keeps
/// eight, to its neighbours on four [Rings]; what it receives for the first time it sends on to those who did not
/// send it (flooding); and it visits members that it has no link to for gossip rounds ([Rounds]). So what a node
/// remembers of others, and what it says, depends on its links and not on how many members there are.
///
/// A neighbour that stays away is kept, and so is the one behind it; when it is back, the one behind it is let go.
/// Of a link that nobody keeps and nobody uses, the side that dialled it hangs up: the other cannot know what it
/// is for.
///
/// Nothing is remembered of what was sent on to whom: what is lost with a link, or not sent because it is clogged,
/// comes another way, or is found in a round.
final class Overlay {

    /// A neighbour that is not linked for this long is absent, and the next one is kept as well.
    private static final long ABSENT_NANOS = Duration.ofSeconds(3).toNanos();

    /// A link that is not kept is hung up when nothing was heard on it for this long.
    private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();

    /// Linked, but silent for longer than this: suspected. A quiet link carries a ping every 5 s.
    private static final long SILENT_NANOS = Duration.ofSeconds(10).toNanos();

    /// Not linked for longer than this: unreachable.
    private static final long GONE_NANOS = Duration.ofSeconds(15).toNanos();

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /// What is being sent on of one stream on one link, and what goes after it.
    private static final class Forward {
        private Range sending;
        private Intervals next = Intervals.NONE;
    }

    /// What is remembered of one link.
    static final class State {
        private final TreeMap<Stream, Forward> forwards = new TreeMap<>();
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final Links links;
    private final Roster roster;
    private final Receipts receipts;
    private final Rings rings;
    private final TreeMap<String, Long> heardAt = new TreeMap<>();
    private final TreeMap<String, Long> lostAt = new TreeMap<>();
    private final TreeSet<String> absent = new TreeSet<>();
    private final TreeMap<String, Long> visits = new TreeMap<>();
    private TreeSet<String> kept = new TreeSet<>();
    private TreeSet<String> reached = new TreeSet<>();
    private boolean open;
    private boolean mesh = true;
    private boolean stale;
    private long lookAt = Long.MAX_VALUE;

    Overlay(Node.Turn turn, Settings settings, Links links, Roster roster, Receipts receipts) {
        this.turn = turn;
        this.settings = settings;
        this.links = links;
        this.roster = roster;
        this.receipts = receipts;
        this.rings = new Rings(settings.name());
    }

    // --- whom to link to

    void opened() {
        open = true;
        roster.others().forEach(this::changed);
    }

    /// The register of another member is new, or changed.
    void changed(Register register) {
        if (!settings.isLinked()) {
            return;
        }
        String name = register.name();
        if (register.isMember()) {
            rings.add(name);
        } else {
            rings.remove(name, roster.others().stream().map(Register::name).toList());
        }
        stale = true;
        if (open && (mesh && roster.isMesh() || reached.contains(name))) {
            reach(register);
        }
    }

    private void reach(Register register) {
        String name = register.name();
        if (register.isMember()) {
            turn.add(new Effect.Reach(name, register.addresses()));
            reached.add(name);
        } else {
            turn.add(new Effect.Leave(name));
            reached.remove(name);
        }
    }

    /// After each event.
    ///
    /// @return whether the cluster has become a mesh, or is none any more
    boolean settle() {
        boolean crossed = open && mesh != roster.isMesh();
        if (crossed) {
            cross();
        }
        if (open && !mesh && stale) {
            arrange();
        }
        stale = false;
        return crossed;
    }

    private void cross() {
        mesh = !mesh;
        stale = true;
        lookAt = mesh ? Long.MAX_VALUE : turn.now();
        visits.clear();
        absent.clear();
        lostAt.clear();
        kept.clear();
        if (mesh) {
            roster.others().forEach(this::reach);
        }
    }

    private void arrange() {
        kept = rings.kept(absent::contains);
        TreeSet<String> wanted = new TreeSet<>(kept);
        wanted.addAll(visits.keySet());
        for (String name : reached) {
            if (!wanted.contains(name)) {
                turn.add(new Effect.Leave(name));
            }
        }
        for (String name : wanted) {
            if (!reached.contains(name)) {
                turn.add(new Effect.Reach(name, roster.get(name).addresses()));
            }
        }
        reached = wanted;
    }

    /// Have a link to this member, whoever it is, for the time of a gossip round.
    void visit(String name) {
        visits.put(name, turn.now() + QUIET_NANOS);
        stale = true;
    }

    /// Whether what is new is pushed on this link.
    boolean pushes(Link link) {
        return mesh || kept.contains(link.name());
    }

    void woke() {
        if (turn.now() < lookAt) {
            return;
        }
        lookAt = turn.now() + LOOK_NANOS;
        lookForAbsent();
        boolean over = visits.entrySet().removeIf(each -> turn.now() >= each.getValue() && isQuiet(each.getKey()));
        if (over || stale) {
            arrange();
        }
        for (Link link : List.copyOf(links.admitted())) {
            if (link.dialled && !reached.contains(link.name()) && isQuiet(link.name())) {
                links.hangUp(link, "it has neighbours enough");
            }
        }
    }

    private void lookForAbsent() {
        lostAt.keySet().removeIf(name -> !kept.contains(name));
        absent.removeIf(name -> !kept.contains(name));
        for (String name : kept) {
            if (links.to(name) != null) {
                lostAt.remove(name);
                stale |= absent.remove(name);
            } else if (turn.now() >= lostAt.computeIfAbsent(name, any -> turn.now()) + ABSENT_NANOS) {
                stale |= absent.add(name);
            }
        }
    }

    private boolean isQuiet(String name) {
        Link link = links.to(name);
        return link == null || turn.now() >= Math.max(link.heardAt, link.since) + QUIET_NANOS;
    }

    long alarm() {
        return lookAt;
    }

    // --- liveness, which is soft and local

    /// A member of a mesh is known, and not heard yet.
    void known(String name) {
        heardAt.putIfAbsent(name, turn.now());
    }

    /// Beyond a mesh, of who is not a neighbour nothing is remembered.
    void unlinked(Link link) {
        if (roster.get(link.name()) != null && (mesh || kept.contains(link.name()))) {
            heardAt.put(link.name(), link.heardAt);
        } else {
            heardAt.remove(link.name());
        }
    }

    List<View.Member> members() {
        List<View.Member> members = new ArrayList<>();
        for (Register each : roster.all()) {
            Link link = links.to(each.name());
            long silent = turn.now() - (link != null ? link.heardAt : heardAt.getOrDefault(each.name(), turn.now()));
            members.add(new View.Member(each, liveness(each, silent), silent));
        }
        return members;
    }

    private View.Liveness liveness(Register register, long silent) {
        String name = register.name();
        boolean linked = links.to(name) != null;
        if (name.equals(settings.name())) {
            return View.Liveness.SELF;
        } else if (!register.isMember()) {
            return View.Liveness.GONE;
        } else if (linked && silent < SILENT_NANOS) {
            return View.Liveness.LINKED;
        } else if (!linked && !mesh && !kept.contains(name)) {
            return View.Liveness.DISTANT;
        }
        return linked || silent < GONE_NANOS ? View.Liveness.SUSPECTED : View.Liveness.UNREACHABLE;
    }

    // --- flooding

    /// Whether what comes is sent on from here. In a mesh its origin sends it to everybody.
    boolean isFlooding() {
        return !mesh && settings.eagerPush();
    }

    /// Records came that nobody asked for. What of them was `fresh` goes on to the other neighbours.
    void arrived(Link from, Run run, Intervals fresh) {
        Forward back = from.overlay.forwards.get(run.stream());
        if (back != null) {
            back.next = back.next.minus(Intervals.of(run.first(), run.last()));
        }
        if (!isFlooding() || fresh.isEmpty()) {
            return;
        }
        Map<Range, List<Long>> alike = new LinkedHashMap<>();
        for (Link link : links.admitted()) {
            boolean has = link == from || link.name().equals(run.stream().origin());
            if (!has && pushes(link) && link.push.isReady(link)) {
                Forward forward = link.overlay.forwards.computeIfAbsent(run.stream(), any -> new Forward());
                forward.next = forward.next.plus(fresh).minus(receipts.heldBy(link, run.stream()));
                proceed(link, run.stream(), forward, alike);
            }
        }
        alike.forEach((range, ids) -> turn.add(new Effect.SendRange(ids, range, Push.CHUNK_BYTES)));
    }

    private void proceed(Link link, Stream stream, Forward forward, Map<Range, List<Long>> alike) {
        if (forward.sending != null) {
            return;
        }
        if (forward.next.isEmpty() || !link.push.isReady(link)) {
            link.overlay.forwards.remove(stream);
            return;
        }
        Range range = new Range(stream, forward.next.from(0), forward.next.to(0));
        forward.sending = range;
        forward.next = forward.next.minus(Intervals.of(range.from(), range.to()));
        alike.computeIfAbsent(range, any -> new ArrayList<>()).add(link.id);
    }

    /// A chunk left, or cannot be read.
    ///
    /// @return whether it was being sent on here
    boolean sent(Link link, Stream stream, long upTo) {
        Forward forward = link.overlay.forwards.get(stream);
        Range sending = forward == null ? null : forward.sending;
        if (sending == null || upTo < sending.from() || upTo > sending.to()) {
            return false;
        }
        forward.sending = null;
        forward.next = forward.next.plus(upTo + 1, sending.to());
        Map<Range, List<Long>> alike = new LinkedHashMap<>();
        proceed(link, stream, forward, alike);
        alike.forEach((range, ids) -> turn.add(new Effect.SendRange(ids, range, Push.CHUNK_BYTES)));
        return true;
    }
}
