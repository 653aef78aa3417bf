package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.message.Register.End;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who durably holds what: the last frontier known of each (name, disk id), and what follows from all of them: what is
/// committed, who is behind, which epochs are retired.
final class Receipts {

    /// So many claims fit what may be said before hello (4 KiB); one that the asker does not hold any more is enough.
    private static final int MAX_TOLD = 32;

    /// What one peer is known to hold, by the disk it is on.
    private static final class Holder {
        private final DiskId disk;
        private Frontier held = new Frontier();
        private boolean reported;
        private long behindSince = -1;

        Holder(DiskId disk) {
            this.disk = disk;
        }

        boolean holds(Claim claim) {
            return held(claim.stream()) == null || held(claim.stream()).containsAll(claim.held());
        }

        /// What is held of a stream; null for all of it, when its epoch is retired there.
        Intervals held(Stream stream) {
            return held.isRetired(stream) ? null : held.held(stream);
        }
    }

    /// What this node held at some time.
    private record Look(long at, List<Claim> held) {}

    private final Node.Turn turn;
    private final Log log;
    private final Roster roster;
    private final TreeMap<String, Holder> holders = new TreeMap<>();
    private final Frontier committed = new Frontier();
    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private List<Claim> due = List.of();

    Receipts(Node.Turn turn, Log log, Roster roster) {
        this.turn = turn;
        this.log = log;
        this.roster = roster;
    }

    // --- what others hold

    /// A link to a peer stands: what it told before counts only if it is still on the same disk.
    void linked(Link link) {
        met(link.name(), link.hello.disk());
    }

    private Holder met(String name, DiskId disk) {
        Holder known = holders.get(name);
        if (known == null || !known.disk.equals(disk)) {
            known = new Holder(disk);
            holders.put(name, known);
        }
        return known;
    }

    /// What a peer told that never became a member is forgotten with its link.
    void unlinked(Link link) {
        if (roster.get(link.name()) == null) {
            holders.remove(link.name());
        }
    }

    Frontier heldBy(Link link) {
        return holders.get(link.name()).held;
    }

    /// What (name, disk) was last known to hold, for a peer that asks about itself.
    List<Claim> claimedBy(String name, DiskId disk) {
        Holder holder = holders.get(name);
        return holder != null && holder.disk.equals(disk)
                ? holder.held.all().stream()
                        .filter(claim -> claim.held().size() == 1)
                        .limit(MAX_TOLD)
                        .toList()
                : List.of();
    }

    /// A whole frontier leaves out what is below the peer's marks. Where ours are lower, it has not reported all before
    /// it told what its marks stand for, which comes with the marks once more (see [Rounds]). The first on a link
    /// stands for all that was told before: on an older copy of its disk, of which nobody warned it, a peer holds
    /// less.
    void claimed(Link link, Message.Claims message) {
        Holder holder = holders.get(link.name());
        if (message.whole() && !link.told) {
            holder.held = new Frontier();
        }
        for (Claim claim : message.claims()) {
            if (add(holder, claim)) {
                commit(claim.stream());
            }
        }
        holder.reported |= message.whole() || !message.marks().isEmpty();
        for (Frontier.Mark mark : message.marks()) {
            if (message.whole() && mark.epoch() > log.durable().mark(mark.origin())) {
                holder.reported = false;
            } else if (holder.held.retire(mark.origin(), mark.epoch())) {
                log.durable().all(mark.origin()).forEach(claim -> commit(claim.stream()));
            }
        }
    }

    /// The peer's digest is that of what this node holds.
    void agreed(Link link) {
        agreed(link, log.durable().claims());
    }

    /// The peer's digest is that of what this node held at that time, if it was looked at then.
    void agreed(Link link, long at) {
        if (!looks.isEmpty() && looks.peekLast().at() == at) {
            agreed(link, looks.peekLast().held());
        }
    }

    private void agreed(Link link, List<Claim> held) {
        Holder holder = holders.get(link.name());
        for (Claim claim : held) {
            if (add(holder, claim)) {
                commit(claim.stream());
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
            heldBy(link).add(new Claim(run.stream(), run.tag(), Intervals.of(run.first(), run.last())));
        }
    }

    /// A relay tells what it was told by these, of the disks that they are on.
    void confirmed(Message.Confirmed message) {
        List<Claim> news = message.held().stream()
                .filter(claim -> !committed.held(claim.stream()).containsAll(claim.held()))
                .toList();
        if (news.isEmpty()) {
            return;
        }
        for (Message.Witness witness : message.by()) {
            Register known = roster.get(witness.name());
            if (known != null && known.disk().equals(witness.disk())) {
                Holder holder = met(witness.name(), witness.disk());
                news.forEach(claim -> add(holder, claim));
            }
        }
        news.forEach(claim -> commit(claim.stream()));
    }

    private static boolean add(Holder holder, Claim claim) {
        Intervals union = holder.held.held(claim.stream()).plus(claim.held());
        return union.size() <= Intervals.MAX_INTERVALS && holder.held.add(claim);
    }

    // --- what all hold

    /// Committed is what every active member holds; it never retreats, since it only ever grows by such an
    /// intersection. An origin holds all of its present epoch: it shows nothing that is not durable at home.
    void commit(Stream stream) {
        Claim known = log.durable().claim(stream);
        if (known == null || log.isForked(stream, known.tag())) {
            return;
        }
        Intervals before = committed.held(stream);
        Intervals common = known.held();
        boolean anybody = false;
        for (Register member : roster.all()) {
            anybody |= member.isActive();
            if (before.containsAll(common)) {
                return;
            }
            if (!member.isActive() || member == roster.own() || isOrigin(member, stream)) {
                continue;
            }
            Holder holder = holders.get(member.name());
            if (holder == null || !holder.disk.equals(member.disk())) {
                return;
            }
            Intervals held = holder.held(stream);
            common = held == null ? common : common.and(held);
        }
        if (anybody && !common.isEmpty()) {
            committed.add(new Claim(stream, known.tag(), common));
        }
    }

    private static boolean isOrigin(Register member, Stream stream) {
        return stream.epoch() == member.epoch() && stream.origin().equals(member.name());
    }

    /// Somebody joined, became active, left or changed its disk: commits may go on without it, or with it.
    void rosterChanged() {
        commitAll();
    }

    private void commitAll() {
        log.durable().all().forEach(claim -> commit(claim.stream()));
    }

    Frontier committed() {
        return committed;
    }

    /// What all members hold, for those who do not hear it from each of them. What was committed before a member lost
    /// its disk stays so, but that member does not hold it now.
    Message.Confirmed confirmation() {
        List<Register> active = roster.all().stream().filter(Register::isActive).toList();
        return new Message.Confirmed(
                active.stream()
                        .map(each -> new Message.Witness(each.name(), each.epoch(), each.disk()))
                        .toList(),
                committed.claims().stream()
                        .filter(claim -> active.stream().allMatch(each -> holds(each, claim)))
                        .toList());
    }

    private boolean holds(Register member, Claim claim) {
        if (member == roster.own() || isOrigin(member, claim.stream())) {
            return true;
        }
        Holder holder = holders.get(member.name());
        return holder != null && holder.disk.equals(member.disk()) && holder.holds(claim);
    }

    /// Finds who still lacks what this node held at the last look, or `settledNanos` ago if that is longer. Called once
    /// per gossip interval.
    void look(long settledNanos) {
        while (!looks.isEmpty() && looks.peek().at() <= turn.now() - settledNanos) {
            due = looks.remove().held();
        }
        for (Register member : roster.all()) {
            Holder holder = holders.computeIfAbsent(member.name(), name -> new Holder(member.disk()));
            boolean behind = member.isActive()
                    && member != roster.own()
                    && due.stream().anyMatch(claim -> !isOrigin(member, claim.stream()) && !holder.holds(claim));
            holder.behindSince = !behind ? -1 : holder.behindSince < 0 ? turn.now() : holder.behindSince;
        }
        looks.add(new Look(turn.now(), log.durable().claims()));
    }

    /// Whether the peer lacked at the last look what it should have had, for all that this node knows.
    boolean isBehind(Link link) {
        Register member = roster.get(link.name());
        Holder holder = holders.get(link.name());
        return member == null || !member.isActive() || holder == null || holder.behindSince >= 0;
    }

    /// The active member that lacks the most of what this node durably holds.
    Optional<View.Blocker> blocker() {
        View.Blocker worst = null;
        for (Register member : roster.all()) {
            Holder holder = holders.get(member.name());
            if (!member.isActive() || member == roster.own()) {
                continue;
            }
            long lacks = 0;
            for (Claim claim : log.durable().claims()) {
                Intervals held = holder == null ? Intervals.NONE : holder.held(claim.stream());
                boolean has = held == null || isOrigin(member, claim.stream());
                lacks += has ? 0 : claim.held().minus(held).count();
            }
            long since = holder == null || holder.behindSince < 0 ? 0 : turn.now() - holder.behindSince;
            if (lacks > 0 && (worst == null || lacks > worst.records())) {
                worst = new View.Blocker(member.name(), lacks, since);
            }
        }
        return Optional.ofNullable(worst);
    }

    /// Retires epochs of which nothing can be missing anywhere any more: every active member has reported, all of
    /// them hold the epoch to its end, and so does this node. The end is the highest sequence that anyone holds,
    /// and no less than the origin listed; one that was lost with a disk is not settled by whoever is alone.
    /// Retirement is compression: a sequence beyond the end would reopen the epoch.
    void retire() {
        if (roster.all().stream().anyMatch(each -> each.isActive() && !hasReported(each))) {
            return;
        }
        for (Register member : roster.all()) {
            long mark = member.epoch();
            if (isSettled(member, mark) && log.retire(member.name(), mark)) {
                committed.retire(member.name(), mark);
                turn.add(new Effect.RememberMarks(log.durable().marks()));
                if (member == roster.own()) {
                    roster.retired(mark);
                }
            }
        }
    }

    private boolean hasReported(Register member) {
        Holder holder = holders.get(member.name());
        return member == roster.own() || holder != null && holder.reported && holder.disk.equals(member.disk());
    }

    private boolean isSettled(Register member, long mark) {
        TreeSet<Long> epochs = new TreeSet<>();
        TreeMap<Long, Long> least = new TreeMap<>();
        for (End end : member.ends()) {
            epochs.add(end.epoch());
            least.put(end.epoch(), end.last());
        }
        List<Frontier> all = new ArrayList<>();
        all.add(log.durable());
        holders.values().forEach(holder -> all.add(holder.held));
        all.forEach(frontier ->
                frontier.all(member.name()).forEach(c -> epochs.add(c.stream().epoch())));
        boolean anyReport = holders.values().stream().anyMatch(holder -> holder.reported);
        boolean anything = false;
        for (long epoch : epochs.headSet(mark)) {
            Stream stream = new Stream(member.name(), epoch);
            long last = Math.max(0, least.getOrDefault(epoch, 0L));
            for (Frontier frontier : all) {
                last = Math.max(last, frontier.held(stream).last());
            }
            anything = true;
            boolean unheard = last == 0 && least.getOrDefault(epoch, 0L) == End.UNKNOWN && !anyReport;
            if (unheard || last > 0 && !committed.held(stream).contains(1, last)) {
                return false;
            }
        }
        return anything;
    }
}
