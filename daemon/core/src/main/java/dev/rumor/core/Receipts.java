package dev.rumor.core;

import dev.rumor.core.holding.Holder;
import dev.rumor.core.holding.Holdings;
import dev.rumor.core.holding.Retirement;
import dev.rumor.core.holding.Rollcall;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Who durably holds what: the last frontier known of each (name, disk id), and what follows from all of them: what is
/// committed, who is behind, which epochs are retired.
final class Receipts {

    /// So many claims fit what may be said before hello (4 KiB); one that the asker does not hold any more is enough.
    private static final int MAX_TOLD = 32;

    /// What this node held at some time.
    private record Look(long at, Frontier.Digest digest, List<Claim> held) {}

    private final Node.Turn turn;
    private final Log log;
    private final Roster roster;
    private final Holdings holdings = new Holdings();
    private final Frontier committed = new Frontier();

    private final Rollcall rollcall = new Rollcall();

    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private List<Claim> due = List.of();

    Receipts(Node.Turn turn, Log log, Roster roster) {
        this.turn = turn;
        this.log = log;
        this.roster = roster;
    }

    /// Beyond a mesh a node is told by its links only.
    boolean areOffered() {
        return roster.isMesh();
    }

    // --- what others hold

    /// A link to a peer stands: what it told before counts only if it is still on the same disk.
    void linked(Link link) {
        holdings.met(link.name(), link.hello.disk());
        rollcall.restart();
    }

    /// What a peer told that is no member is forgotten with its link; beyond a mesh, what anybody told.
    void unlinked(Link link) {
        if (roster.isGone(link.name(), link.hello.disk()) || !roster.isMesh()) {
            holdings.forget(link.name());
        }
    }

    /// What the peer told itself.
    Frontier toldBy(Link link) {
        return holdings.of(link.name()).told();
    }

    /// What did not come of a stream whose origin is in a later epoch, or gone, though later records of it did.
    Intervals lost(Stream stream) {
        Register origin = roster.get(stream.origin());
        boolean hasStopped = origin != null && !(origin.isMember() && origin.epoch() <= stream.epoch());
        Intervals held = log.received().held(stream);
        return hasStopped && !held.isEmpty() ? Intervals.of(1, held.last()).minus(held) : Intervals.NONE;
    }

    /// Whether the peer told all that it holds.
    boolean hasReported(Link link) {
        return holdings.of(link.name()).hasReported();
    }

    /// What of a stream the peer is known to hold.
    Intervals heldBy(Link link, Stream stream) {
        return holdings.of(link.name()).known(stream);
    }

    /// The same; null if nothing is known of the stream.
    Claim claimBy(Link link, Stream stream) {
        return holdings.of(link.name()).claim(stream);
    }

    /// What (name, disk) was last known to hold, for a peer that asks about itself: of the newest epochs, because an
    /// older copy of a disk has the old ones.
    List<Claim> claimedBy(String name, DiskId disk) {
        Holder holder = holdings.of(name, disk);
        return holder == null ? List.of() : holder.newest(MAX_TOLD);
    }

    /// A whole frontier leaves out what is below the peer's marks. Where ours are lower or stand for something else
    /// (one who was evicted returned with more than was retired), it has not reported all before it told what
    /// its marks stand for, which comes with the marks once more (see [Rounds]). The first on a link stands for all
    /// that was told before: on an older copy of its disk, of which nobody warned it, a peer holds less.
    void claimed(Link link, Message.Claims message) {
        Holder holder = holdings.of(link.name());
        if (message.whole() && !link.told) {
            holder.forget();
            rollcall.restart();
        }
        message.claims().forEach(claim -> learned(link, claim));
        if (message.whole() || !message.marks().isEmpty()) {
            holder.reported(link.hello.epoch());
        }
        List<Frontier.Mark> ours = log.durable().marks();
        for (Frontier.Mark mark : message.marks()) {
            boolean alike = ours.contains(mark);
            if (log.durable().standsFor(mark)) {
                agreedRetired(link, mark);
            }
            if (message.whole() && !alike && mark.epoch() >= log.durable().mark(mark.origin())) {
                holder.unreported();
            } else if (holder.retire(mark)) {
                log.durable().all(mark.origin()).forEach(claim -> commit(claim.stream()));
            }
        }
    }

    /// The mark stands for what ours does: the peer holds of those epochs what this node does, and not what may be
    /// found beyond.
    private void agreedRetired(Link link, Frontier.Mark mark) {
        log.durable().retired(mark.origin(), 0, mark.epoch()).forEach(claim -> learned(link, claim));
    }

    /// The peer's digest is that of what this node holds.
    void agreed(Link link) {
        agreed(link, log.durable()::claims);
        Holder holder = holdings.of(link.name());
        if (holder.agreed(log.durable().marks())) {
            log.durable().marks().forEach(mark -> agreedRetired(link, mark));
        }
    }

    /// The peer's digest was this, when it was asked: what it stands for is known where this node held that when it
    /// looked last.
    void agreed(Link link, Frontier.Digest digest) {
        if (!looks.isEmpty() && looks.peekLast().digest().equals(digest)) {
            agreed(link, looks.peekLast()::held);
        }
    }

    private void agreed(Link link, Supplier<List<Claim>> held) {
        if (!roster.isMesh()) {
            alike(link, claim -> true);
            return;
        }
        held.get().forEach(claim -> learned(link, claim));
    }

    private void learned(Link link, Claim claim) {
        if (holdings.of(link.name()).add(claim) && rollcall.waitsFor(link.name(), claim.stream())) {
            commit(claim.stream());
        }
    }

    /// Beyond a mesh, the peer holds of these streams what this node does. That is remembered of those that are
    /// damaged here, to have them from there.
    void alike(Link link, Predicate<Stream> isAlike) {
        for (Stream stream : log.damaged()) {
            if (isAlike.test(stream)) {
                holdings.of(link.name()).add(log.durable().claim(stream));
            }
        }
    }

    /// An origin shows nobody what is not durable at home, and does not claim what it pushes: that it sent a record of
    /// its present epoch is its receipt. By it a disk that is restored from an older copy is found out.
    void shown(Link link, Run run) {
        boolean own = run.stream().origin().equals(link.name())
                && run.stream().epoch() == link.hello.epoch()
                && run.tag() == link.hello.tag();
        if (own) {
            toldBy(link).add(new Claim(run.stream(), run.tag(), Intervals.of(run.first(), run.last())));
        }
    }

    /// A relay tells what it was told by these, of the disks that they are on.
    void confirmed(Message.Confirmed message) {
        if (!roster.isMesh()) {
            return;
        }
        if (holdings.confirmedBy(message.by(), this::isPresent)) {
            rollcall.restart();
        }
        boolean byAll = roster.all().stream().allMatch(this::isWitness);
        for (Claim claim : message.held()) {
            boolean news = !committed.held(claim.stream()).containsAll(claim.held()) && holdings.addJointly(claim);
            if (news && byAll) {
                commit(claim.stream(), holdings.heldJointly(claim.stream()));
            }
            if (news && (!byAll || rollcall.committed(claim.stream(), committed.held(claim.stream())))) {
                commit(claim.stream());
            }
        }
    }

    /// Whether the witness is on the disk that it was counted for.
    private boolean isPresent(Message.Witness witness) {
        Register known = roster.get(witness.name());
        return known != null && known.disk().equals(witness.disk());
    }

    private boolean isWitness(Register member) {
        return !member.isActive() || member == roster.own() || holdings.isWitness(member.name());
    }

    // --- what all hold

    /// Committed is what every active member holds; it never retreats, since it only ever grows by such an
    /// intersection. An origin holds all of its present epoch: it shows nothing that is not durable at home.
    void commit(Stream stream) {
        Claim known = roster.isMesh() ? log.durable().claim(stream) : null;
        if (known == null || log.isForked(stream, known.tag())) {
            return;
        }
        Intervals before;
        do {
            before = committed.held(stream);
            commit(stream, rollcall.call(stream, known.held(), before, roster.all(), this::common));
        } while (before != committed.held(stream));
    }

    /// What of this the member holds as well; all of it, where it need not.
    private Intervals common(Register member, Stream stream, Intervals others) {
        return member.isActive() ? others.and(heldBy(member, stream, others)) : others;
    }

    /// All others hold this of a stream.
    private void commit(Stream stream, Intervals others) {
        Claim known = log.durable().claim(stream);
        Intervals common = known == null || log.isForked(stream, known.tag())
                ? Intervals.NONE
                : known.held().and(others);
        if (!common.isEmpty()) {
            committed.add(new Claim(stream, known.tag(), common));
        }
    }

    private static boolean isOrigin(Register member, Stream stream) {
        return stream.epoch() == member.epoch() && stream.origin().equals(member.name());
    }

    /// Somebody joined, became active, left or changed its disk: commits may go on without it, or with it.
    void rosterChanged() {
        rollcall.restart();
        holdings.part();
        holdings.forgetIf(roster::isGone);
        commitAll();
    }

    private void commitAll() {
        if (roster.isMesh()) {
            log.durable().all().forEach(claim -> commit(claim.stream()));
        }
    }

    Frontier committed() {
        return committed;
    }

    /// Finds who still lacks what this node held at the last look, or `settledNanos` ago if that is longer. Called once
    /// per gossip interval.
    void look(long settledNanos) {
        while (!looks.isEmpty() && looks.peek().at() <= turn.now() - settledNanos) {
            due = looks.remove().held();
        }
        for (Register member : roster.all()) {
            Holder holder = holdings.ofAny(member.name(), member.disk());
            boolean behind = member.isActive()
                    && member != roster.own()
                    && due.stream().anyMatch(claim -> !isOrigin(member, claim.stream()) && !holder.holds(claim));
            holder.behind(behind, turn.now());
        }
        looks.add(new Look(turn.now(), log.durable().digest(), log.durable().claims()));
    }

    /// Whether the peer lacked at the last look what it should have had, for all that this node knows.
    boolean isBehind(Link link) {
        Register member = roster.get(link.name());
        Holder holder = holdings.of(link.name());
        return member == null || !member.isActive() || holder == null || holder.isBehind();
    }

    /// Who durably holds these records. A frontier covers what was trimmed, too; and a retired epoch all hold.
    View.Holders holders(Range range) {
        Stream stream = range.stream();
        Intervals asked = Intervals.of(range.from(), range.to());
        if (!roster.isMesh()) {
            return new View.Holders(false, committed.held(stream).containsAll(asked), List.of());
        }
        if (!isKnown(stream, asked)) {
            return new View.Holders(false, List.of());
        }
        boolean retired = log.durable().isRetired(stream);
        List<View.Holder> members = new ArrayList<>();
        for (Register member : roster.all()) {
            if (member.isMember()) {
                long lacks =
                        retired ? 0 : asked.minus(heldBy(member, stream, asked)).count();
                members.add(new View.Holder(member, lacks, lacks == 0 ? 0 : behindNanos(member)));
            }
        }
        return new View.Holders(retired || committed.held(stream).containsAll(asked), members);
    }

    private boolean isKnown(Stream stream, Intervals asked) {
        return log.received().held(stream).containsAll(asked) || holdings.anyoneHolds(stream, asked);
    }

    /// @param known what is known to exist: an origin holds that of its present epoch
    Intervals heldBy(Register member, Stream stream, Intervals known) {
        Holder holder = holdings.of(member.name(), member.disk());
        if (member == roster.own()) {
            return log.durable().held(stream);
        } else if (isOrigin(member, stream)) {
            return known;
        } else if (holder == null) {
            return Intervals.NONE;
        }
        return holder.known(stream);
    }

    private long behindNanos(Register member) {
        Holder holder = holdings.of(member.name());
        return holder == null ? 0 : holder.behindNanos(turn.now());
    }

    /// How many of these records the member is not known to hold.
    long lacks(Register member, List<Claim> claims) {
        long lacks = 0;
        for (Claim claim : claims) {
            lacks += claim.held()
                    .minus(heldBy(member, claim.stream(), claim.held()))
                    .count();
        }
        return lacks;
    }

    /// The active member that lacks the most of what this node durably holds.
    Optional<View.Blocker> blocker() {
        View.Blocker worst = null;
        for (Register member : roster.all()) {
            if (!roster.isMesh() || !member.isActive() || member == roster.own()) {
                continue;
            }
            long lacks = lacks(member, log.durable().claims());
            if (lacks > 0 && (worst == null || lacks > worst.records())) {
                worst = new View.Blocker(member.name(), lacks, behindNanos(member));
            }
        }
        return Optional.ofNullable(worst);
    }

    /// Retires epochs of which nothing can be missing anywhere any more, when every active member has reported. Of who
    /// is gone for good the last epoch has ended, too.
    void retire() {
        if (roster.all().stream().anyMatch(each -> each.isActive() && !hasReported(each))) {
            return;
        }
        Retirement retirement = new Retirement(log.durable(), committed, holdings);
        for (Register member : roster.all()) {
            boolean gone = !member.isMember() && member != roster.own();
            long end = gone ? member.epoch() + 1 : member.epoch();
            long mark = retirement.settled(member, end, gone || hasReportedIn(member, member.epoch()));
            if (mark > 0 && log.retire(member.name(), mark)) {
                committed.retire(member.name(), mark);
                rollcall.forget(committed::isRetired);
                turn.add(new Effect.RememberMarks(log.durable().marks()));
                if (member == roster.own()) {
                    roster.retired(mark);
                }
            }
        }
    }

    private boolean hasReported(Register member) {
        return hasReportedIn(member, 0);
    }

    private boolean hasReportedIn(Register member, long epoch) {
        Holder holder = holdings.of(member.name(), member.disk());
        return member == roster.own() || holder != null && holder.hasReportedIn(epoch);
    }
}
