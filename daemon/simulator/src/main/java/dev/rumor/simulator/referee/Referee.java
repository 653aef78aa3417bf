package dev.rumor.simulator.referee;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Settings;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Observer;
import dev.rumor.simulator.Simulation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Sees everything, and after every event checks what it may have changed:
///
/// * no record id has two contents, and nothing is stored or shown that was never broadcast;
/// * what is acknowledged is durable at home, and an own record is neither shown nor sent before it is;
/// * within a process each stream is shown from where it stood, without gap or repetition;
/// * what a node says that it holds, it holds durably; and what it says of others, they did;
/// * what it takes for committed was durably held by each member that it counts, and it never takes that back;
/// * only what is committed is let go of, where nothing else gives way;
/// * nothing is waived that some disk has, unless all held it, one has let go of it, and who has it is not linked;
/// * what is said fits the bounds of the protocol.
///
/// Breaks off with a [Foul]. What it costs does not grow with what is held: it looks at what changed.
public final class Referee implements Observer {

    private final Simulation simulation;
    private final Truth truth = new Truth();
    private final Custody custody = new Custody();
    private final Map<Host, Watch> watches = new HashMap<>();
    private final Map<Stream, Integer> tags = new HashMap<>();

    /// What two processes of one name have opened, which nobody could tell one another; each may be who broadcasts.
    private final Set<Stream> shared = new HashSet<>();
    private Predicate<String> allowed = why -> false;
    private boolean losesDisks;
    private long checks;
    private Watch present;
    private Stream own;

    private Referee(Simulation simulation) {
        this.simulation = simulation;
    }

    /// Watches the simulation, from before its start.
    public static Referee of(Simulation simulation) {
        Referee referee = new Referee(simulation);
        simulation.observe(referee);
        return referee;
    }

    /// Nodes may stop by themselves for these reasons, and for no other.
    public void allow(Predicate<String> why) {
        allowed = why;
    }

    /// Disks may be lost, or replaced by older copies: then a record may be given up that comes to light on one again.
    public void allowLostDisks() {
        losesDisks = true;
    }

    /// How many times something was looked at.
    public long checks() {
        return checks;
    }

    @Override
    public void started(Host host) {
        custody.open(host.disk());
        watches.put(host, new Watch(host));
    }

    @Override
    public void ended(Host host, String why) {
        watches.remove(host);
        Foul.unless(why.isEmpty() || why.equals("stopped") || allowed.test(why), "%s stops: %s", host, why);
    }

    @Override
    public void encoded(Host host, Run run) {
        checkPast(host, run.stream(), run.tag());
        truth.broadcast(run);
    }

    private void checkPast(Host host, Stream stream, int tag) {
        if (losesDisks && truth.isForgotten(stream, tag)) {
            throw new Unknowable(host + " lost its disk, its clock was set back, and who told it of its past did not "
                    + "know of " + stream + ": only the tags tell its two histories apart");
        }
    }

    @Override
    public void said(Host from, Host to, Message message, int bytes, long arrivesAt) {
        checks++;
        Bounds.check(message, bytes);
    }

    @Override
    public void handled(Host host, Event event, List<Effect> effects) {
        if (present == null || present.host != host) {
            present = watches.get(host);
        }
        if (event instanceof Event.Recovered found) {
            present = watches.get(host);
            recovered(found);
        }
        if (event instanceof Event.Heard(long link, Message.NameReply reply)) {
            present.toldEpoch = Math.max(present.toldEpoch, reply.highestEpoch());
        }
        if (event instanceof Event.Trimmed done && !discards()) {
            done.ranges().forEach(truth::trimmed);
        }
        checks++;
        own = host.stream();
        for (Effect effect : effects) {
            check(effect);
        }
        committed(event);
    }

    private void recovered(Event.Recovered found) {
        for (Claim claim : found.claims()) {
            present.shown.put(claim.stream(), claim.held().contiguous());
            present.open.add(claim.stream());
        }
    }

    private void check(Effect effect) {
        switch (effect) {
            case Effect.Deliver deliver -> delivered(deliver.range());
            case Effect.Append append -> appended(append.run());
            case Effect.Acknowledge done -> acknowledged(done);
            case Effect.Send send -> said(send.message());
            case Effect.SendRange send -> sent(send.range());
            case Effect.Waive waive -> waived(waive.range());
            case Effect.Trim trim -> trimmed(trim);
            case Effect.RememberRegister remember -> remembered(remember.register());
            case Effect.OpenEpoch open -> opens(open);
            case Effect.Ready _,
                    Effect.Stop _,
                    Effect.WakeAt _,
                    Effect.Warn _,
                    Effect.Admit _,
                    Effect.Hangup _,
                    Effect.Reach _,
                    Effect.Leave _,
                    Effect.AppendOwn _,
                    Effect.RememberMarks _,
                    Effect.Refuse _,
                    Effect.Grant _ -> {}
        }
    }

    private void opens(Effect.OpenEpoch open) {
        Foul.unless(
                open.epoch() > present.toldEpoch,
                "%s opens epoch %d, and was told of %d",
                present.host,
                open.epoch(),
                present.toldEpoch);
        Stream stream = new Stream(present.host.name(), open.epoch());
        checkPast(present.host, stream, open.tag());
        Integer before = tags.putIfAbsent(stream, open.tag());
        if (before != null && before != open.tag()) {
            shared.add(stream);
        }
    }

    private void remembered(Register register) {
        Register before = present.register(register.name());
        Foul.unless(
                before == null
                        || before.ended().size() == Register.MAX_LISTED
                        || register.ended().containsAll(before.ended()),
                "%s forgets which disks of %s have ended",
                present.host,
                register.name());
        present.registers.put(register.name(), register);
    }

    // --- records

    private void appended(Run run) {
        Foul.unless(truth.has(run), "%s stores %s, and nobody broadcast that", present.host, run);
        present.take(run);
    }

    private void delivered(Range range) {
        Stream stream = range.stream();
        Long before = present.shown.put(stream, range.to());
        long last = before == null ? 0 : before;
        Foul.unless(range.from() == last + 1, "%s shows %s after %d", present.host, range, last);
        Foul.unless(truth.has(range), "%s shows %s, and nobody broadcast that", present.host, range);
        boolean there = stream.equals(own)
                ? present.host.disk().held(stream).contains(range.from(), range.to())
                : present.has(range);
        Foul.unless(there, "%s shows %s, and does not have it durably", present.host, range);
    }

    private void acknowledged(Effect.Acknowledge done) {
        long last = done.first() + done.count() - 1;
        truth.acknowledged(done.stream(), done.first(), last);
        Foul.unless(
                present.host.disk().held(done.stream()).contains(done.first(), last),
                "%s acknowledges %s, which is not durable",
                present.host,
                done.stream().id(last));
    }

    private void sent(Range range) {
        Foul.unless(
                !range.stream().equals(own)
                        || present.host.disk().held(range.stream()).contains(range.from(), range.to()),
                "%s sends %s of its own, which is not durable",
                present.host,
                range);
    }

    private void waived(Range range) {
        Intervals gone = Intervals.of(range.from(), range.to());
        present.taken.merge(range.stream(), gone, Intervals::plus);
        for (Host other : simulation.hosts()) {
            Intervals there =
                    isThere(other) ? other.disk().readable(range.stream()).and(gone) : Intervals.NONE;
            boolean isPast = !present.host.isLinked(other)
                    && truth.trimmed(range.stream()).containsAll(there);
            boolean mayBe = losesDisks || discards() || there.isEmpty() || isPast;
            Foul.unless(mayBe, "%s gives up %s, which %s has", present.host, range, other);
            gone = gone.minus(there);
        }
        truth.lost(range.stream(), gone);
    }

    /// Whether it is a member for the node at hand, on the disk that it has. While a process on a copy of that disk is
    /// linked in its place, that one speaks for the disk, and cannot know what its own copy has lost.
    private boolean isThere(Host other) {
        Register register = present.register(other.name());
        return register != null
                && register.isMember()
                && register.disk().equals(other.disk().id())
                && present.host.wires().stream()
                        .map(wire -> (Host) wire.other(present.host))
                        .noneMatch(peer -> peer != other && peer.name().equals(other.name()));
    }

    private boolean discards() {
        return present.host.settings().whenFull() == Settings.WhenFull.TRIM;
    }

    private void trimmed(Effect.Trim trim) {
        if (present.host.settings().whenFull() == Settings.WhenFull.REFUSE) {
            for (Claim claim : trim.committed()) {
                Foul.unless(
                        present.host.node().committed(claim.stream()).containsAll(claim.held()),
                        "%s lets go of %s, which is not all committed",
                        present.host,
                        claim);
            }
        }
    }

    // --- receipts

    private void said(Message message) {
        if (message instanceof Message.Claims claims) {
            for (Claim claim : claims.claims()) {
                Foul.unless(
                        present.host.disk().held(claim.stream()).containsAll(claim.held()),
                        "%s claims %s, of which it holds durably %s",
                        present.host,
                        claim,
                        present.host.disk().held(claim.stream()));
            }
        } else if (message instanceof Message.Confirmed confirmed) {
            for (Message.Witness witness : confirmed.by()) {
                for (Claim claim : confirmed.held()) {
                    Foul.unless(
                            custody.held(witness.disk(), claim.stream(), claim.held()),
                            "%s confirms that %s holds %s, which it does not",
                            present.host,
                            witness.name(),
                            claim);
                }
            }
        }
    }

    /// What may have become committed by this event.
    private void committed(Event event) {
        if (present.host.node() == null || !isMesh()) {
            return;
        }
        switch (event) {
            case Event.Appended appended -> {
                present.open.add(appended.stream());
                committed(appended.stream());
            }
            case Event.Heard heard -> heard(heard.message());
            case Event.Woke _, Event.EpochOpened _, Event.EvictAsked _, Event.Disconnected _ -> allCommitted();
            case Event.Recovered _,
                    Event.Connected _,
                    Event.Clogged _,
                    Event.Drained _,
                    Event.Offered _,
                    Event.LeaveAsked _,
                    Event.Sent _,
                    Event.Unreadable _,
                    Event.Trimmed _,
                    Event.Damaged _,
                    Event.StoreFailed _,
                    Event.Stopping _ -> {}
        }
    }

    private void heard(Message message) {
        if (message instanceof Message.Claims claims && claims.marks().isEmpty() && !claims.whole()) {
            for (Claim claim : claims.claims()) {
                committed(claim.stream());
            }
        } else if (!(message instanceof Message.Runs) && !(message instanceof Message.Pull)) {
            allCommitted();
        }
    }

    private void allCommitted() {
        for (Stream stream : present.open.isEmpty() ? List.<Stream>of() : List.copyOf(present.open)) {
            committed(stream);
        }
    }

    private void committed(Stream stream) {
        checks++;
        Intervals now = present.host.node().committed(stream);
        Intervals before = present.committed.getOrDefault(stream, Intervals.NONE);
        if (now == before) {
            return;
        }
        present.committed.put(stream, now);
        Foul.unless(now.containsAll(before), "%s takes back that %s %s is committed", present.host, stream, before);
        Intervals news = now.minus(before);
        for (Host other : simulation.hosts()) {
            Foul.unless(
                    !counts(other) || isOneOfTwo(other, stream) || custody.held(disk(other), stream, news),
                    "%s takes %s %s for committed, which %s does not hold durably",
                    present.host,
                    stream,
                    news,
                    other);
        }
        if (now.equals(present.host.disk().held(stream))) {
            present.open.remove(stream);
        }
    }

    /// Beyond it nothing is ever committed.
    private boolean isMesh() {
        return !simulation.setup().linked()
                || simulation.hosts().size() <= present.host.settings().mesh();
    }

    /// Whether the node waits for this one before it takes anything for committed; all are members where there are no
    /// links.
    private boolean counts(Host other) {
        Register member = present.register(other.name());
        return simulation.setup().linked() ? member != null && member.isActive() : true;
    }

    /// Whether the stream is of the epoch in which it is known, and in which another process of its name is, too: an
    /// origin holds what it broadcasts, but the register that is known may be that of the other, on another disk.
    private boolean isOneOfTwo(Host other, Stream stream) {
        Register member = present.register(other.name());
        return shared.contains(stream) && stream.equals(new Stream(member.name(), member.epoch()));
    }

    private DiskId disk(Host other) {
        return simulation.setup().linked()
                ? present.register(other.name()).disk()
                : other.disk().id();
    }

    Truth truth() {
        return truth;
    }
}
