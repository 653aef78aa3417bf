package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// One member of the cluster, as a machine without a world: events in, effects out. See the package for the laws.
///
/// Here the parts are composed, and what one part learns is handed to the others by plain calls, in sight.
public final class Node {

    /// One call of `handle`: the time it was given, and what it asks for.
    static final class Turn {
        private long now = Long.MIN_VALUE;
        private List<Effect> effects = new ArrayList<>();
        private boolean stops;

        long now() {
            return now;
        }

        void add(Effect effect) {
            effects.add(effect);
            stops |= effect instanceof Effect.Stop;
        }

        void send(Link link, Message message) {
            effects.add(new Effect.Send(List.of(link.id), message));
        }

        /// Adds whom something is sent to.
        void targets(Collection<Long> links) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send) {
                    links.addAll(send.links());
                } else if (effect instanceof Effect.SendRange send) {
                    links.addAll(send.links());
                }
            }
        }
    }

    private final Settings settings;
    private final Turn turn = new Turn();
    private final Log log;
    private final Identity identity;
    private final Links links;
    private final Roster roster;
    private final Receipts receipts;
    private final Relay relay;
    private final Bulletin bulletin;
    private final Push push;
    private final Spread spread;
    private final Repair repair;
    private final Rounds rounds;
    private final Departure departure;
    private final Overlay overlay;
    private long alarm = Long.MAX_VALUE;
    private boolean stopped;

    /// @param dice the only chance in the machine: same settings, dice and events, same effects
    public Node(Settings settings, RandomGenerator dice) {
        this.settings = settings;
        this.log = new Log(turn, settings);
        this.identity = new Identity(turn, settings, dice, log);
        this.links = new Links(turn, settings, identity, this);
        this.roster = new Roster(turn, settings, links, log);
        this.receipts = new Receipts(turn, log, roster);
        this.overlay = new Overlay(turn, settings, links, roster, receipts);
        this.relay = new Relay(turn, settings, identity, links, log, receipts);
        this.bulletin = new Bulletin(turn, settings, identity, links, log, roster, receipts, relay);
        this.push = new Push(turn, settings, identity, links, log, receipts, roster, relay, overlay);
        this.spread = new Spread(turn, settings, identity, log, receipts, roster, relay, push);
        this.repair = new Repair(turn, settings, dice, links, log, receipts, roster);
        this.rounds = new Rounds(turn, settings, dice, links, log, receipts, roster, repair, relay, bulletin, overlay);
        this.departure = new Departure(turn, settings, identity, links, log, roster, receipts, spread, overlay);
        relay.confirmWith(bulletin);
        roster.linkBy(overlay);
        links.proveBy(rounds);
    }

    /// @param now monotonic nanoseconds; a step back is taken for standing still
    /// @return what to do, in this order; the list is the caller's
    public List<Effect> handle(Event event, long now) {
        turn.now = Math.max(turn.now, now);
        turn.effects = new ArrayList<>();
        if (!stopped) {
            on(event);
            stopped = turn.stops;
        }
        if (!stopped) {
            settle();
        }
        return turn.effects;
    }

    private void on(Event event) {
        switch (event) {
            case Event.Recovered found -> {
                log.recover(found);
                roster.recover(found.roster());
                identity.recover(found);
            }
            case Event.EpochOpened opened -> open();
            case Event.Connected connected -> links.connected(connected.link(), connected.dialled());
            case Event.Disconnected gone -> links.disconnected(gone.link());
            case Event.Clogged clogged -> links.clogged(clogged.link(), true);
            case Event.Drained drained -> {
                links.clogged(drained.link(), false);
                onLink(drained.link(), this::drained);
            }
            case Event.Heard heard -> {
                Link link = links.heard(heard.link(), heard.message());
                if (link != null && (!link.stale || heard.message() instanceof Message.Stamp)) {
                    heard(link, heard.message());
                }
            }
            case Event.Offered offer -> {
                rounds.stir();
                spread.offered(offer);
            }
            case Event.LeaveAsked asked -> departure.leaveAsked(asked);
            case Event.EvictAsked asked -> departure.evictAsked(asked);
            case Event.Appended done -> appended(new Range(done.stream(), done.from(), done.to()));
            case Event.Sent sent ->
                onLink(sent.link(), link -> {
                    push.sent(link, sent.stream(), sent.upTo());
                    spread.proceed();
                });
            case Event.Unreadable lost ->
                onLink(lost.link(), link -> {
                    push.unreadable(link, new Range(lost.stream(), lost.from(), lost.to()));
                    spread.proceed();
                });
            case Event.Trimmed done -> {
                log.trimmed(done, receipts.committed());
                repair.resume();
                spread.proceed();
            }
            case Event.Damaged lost -> {
                log.damaged(new Range(lost.stream(), lost.from(), lost.to()));
                repair.seek();
            }
            case Event.StoreFailed failed -> stop(failed.why());
            case Event.Woke woke -> woke();
            case Event.Stopping stopping -> {
                spread.stop();
                relay.stop();
                push.push();
            }
        }
    }

    private void onLink(long id, Consumer<Link> action) {
        Link link = links.admitted(id);
        if (link != null) {
            action.accept(link);
        }
    }

    private void open() {
        identity.opened();
        log.opened(identity.stream(), identity.tag());
        roster.opened(identity.register());
        overlay.opened();
        roster.fix(settings.members());
        receipts.rosterChanged();
        rounds.opened();
        links.opened();
        links.admitted().forEach(receipts::linked);
        repair.seek();
    }

    private void heard(Link link, Message message) {
        switch (message) {
            case Message.Ping ping -> turn.send(link, new Message.Pong());
            case Message.Registers told -> {
                departure.heard(link, told.registers());
                if (roster.merge(told.registers(), link)) {
                    receipts.rosterChanged();
                }
            }
            case Message.Round round -> rounds.heard(link, round);
            case Message.Sections sections -> rounds.heard(link, sections);
            case Message.Agreement agreement -> {
                rounds.agreed(link);
                roster.welcomed(link, receipts.toldBy(link));
            }
            case Message.Claims claims -> {
                receipts.claimed(link, claims);
                rounds.claimed(link, claims);
                if (claims.whole()) {
                    link.told = true;
                    roster.welcomed(link, receipts.toldBy(link));
                    push.welcomed(link);
                }
                if (receipts.hasReported(link)) {
                    roster.reported(link, receipts.toldBy(link));
                }
            }
            case Message.Pull pull -> {
                push.pulled(link, pull);
                spread.proceed();
            }
            case Message.Runs runs -> runs.runs().forEach(run -> take(link, run));
            case Message.Served served -> repair.served(link, served);
            case Message.NameQuery query -> turn.send(link, known(query));
            case Message.Stamp stamp -> bulletin.heard(link, stamp);
            case Message.Confirmed confirmed -> {
                if (!settings.isLinked()) {
                    confirmed.by().forEach(roster::witnessed);
                }
                receipts.confirmed(confirmed);
            }
            case Message.Pong _, Message.Hello _, Message.NameReply _, Message.Refusal _ -> {}
        }
    }

    private void take(Link link, Run run) {
        receipts.shown(link, run);
        if (!link.pulls.isPulling()) {
            push.stir();
        }
        boolean floods = overlay.isFlooding() && !repair.isAsked(link, run);
        Intervals before = floods ? log.received().held(run.stream()) : Intervals.NONE;
        boolean discarded = log.take(run, link.pulls.isPulling());
        Intervals after = floods ? log.received().held(run.stream()) : Intervals.NONE;
        overlay.arrived(link, run, after.minus(before));
        repair.arrived(link, run.stream(), discarded);
    }

    private void appended(Range range) {
        boolean own = range.stream().equals(identity.stream());
        boolean wasBehind = log.isBehind();
        boolean news = log.appended(range);
        if (wasBehind && !log.isBehind()) {
            repair.resume();
        }
        if (!news) {
            return;
        }
        bulletin.advanced(range, own && push.reachesAll(range.stream()));
        if (own) {
            push.stir();
            relay.ownDurable();
            spread.appended(log.durable().held(range.stream()).contiguous());
        } else {
            relay.arrived(range.stream());
        }
        if (!settings.isLinked()) {
            rounds.stir();
        }
    }

    private void drained(Link link) {
        bulletin.drained();
        push.serve(link);
        push.push();
        spread.proceed();
    }

    private void woke() {
        alarm = Long.MAX_VALUE;
        identity.woke();
        links.woke();
        overlay.woke();
        bulletin.woke();
        rounds.woke();
        repair.woke();
        relay.woke();
        push.woke();
        spread.proceed();
    }

    /// After each event: what follows from it whoever it came from, and the next alarm.
    private void settle() {
        if (roster.activate()) {
            receipts.rosterChanged();
        }
        if (overlay.settle()) {
            receipts.rosterChanged();
            links.admitted().forEach(roster.isMesh() ? rounds::relinked : push::linked);
        }
        departure.settle();
        log.trim(receipts.committed());
        relay.settle();
        bulletin.complete();
        long next = alarm();
        if (next != alarm && next != Long.MAX_VALUE) {
            turn.add(new Effect.WakeAt(next));
        }
        alarm = next;
    }

    private long alarm() {
        long first = Math.min(identity.alarm(), links.alarm());
        first = Math.min(first, Math.min(roster.alarm(), bulletin.alarm()));
        first = Math.min(first, Math.min(overlay.alarm(), Math.min(push.alarm(), relay.alarm())));
        first = Math.min(first, departure.alarm());
        return Math.min(first, Math.min(spread.alarm(), Math.min(rounds.alarm(), repair.alarm())));
    }

    // --- what links report

    void linked(Link link) {
        receipts.linked(link);
        push.linked(link);
        rounds.linked(link);
    }

    void unlinked(Link link) {
        repair.unlinked(link);
        receipts.unlinked(link);
        overlay.unlinked(link);
        relay.unlinked(link);
        push.push();
        spread.proceed();
    }

    void stop(String why) {
        turn.add(new Effect.Stop(why));
    }

    /// The highest epoch known under this name, 0 for none. A peer says it before anything else.
    long epochOf(String name) {
        Register register = roster.get(name);
        Link link = links.to(name);
        long epoch = Math.max(register == null ? 0 : register.epoch(), link == null ? 0 : link.hello.epoch());
        if (identity.isOpen() && name.equals(settings.name())) {
            epoch = Math.max(epoch, identity.stream().epoch());
        }
        return Math.max(epoch, log.received().lastEpoch(name));
    }

    Message.NameReply known(Message.NameQuery query) {
        return new Message.NameReply(
                epochOf(query.name()),
                receipts.claimedBy(query.name(), query.disk()),
                roster.isEnded(query.name(), query.disk()));
    }

    // --- looking in

    /// A picture of the node at `now`, which is not before the last event.
    public View view(long now) {
        turn.now = Math.max(turn.now, now);
        return new View(
                settings,
                identity.isOpen(),
                identity.stream(),
                identity.disk(),
                log.records(),
                log.bytes(),
                log.durable().claims(),
                log.delivered(),
                receipts.committed().all(),
                overlay.members(),
                receipts.blocker(),
                spread.waiting(),
                log.durable().retired(),
                roster.isReconciled());
    }

    /// Who durably holds these records at `now`, which is not before the last event. Whoever waits for others to hold
    /// them looks again and again; nothing is sent for it.
    public View.Holders holders(Range range, long now) {
        turn.now = Math.max(turn.now, now);
        return receipts.holders(range);
    }

    /// What of this stream every active member holds, or did once.
    public Intervals committed(Stream stream) {
        return receipts.committed().held(stream);
    }

    /// What of a stream is held in name only: it was let go of, or nobody has it.
    public Intervals absent(Stream stream) {
        return log.absent(stream);
    }

    /// Every epoch of this origin below this is retired: it has come to its end, and is held or waived.
    public long mark(String origin) {
        return log.durable().mark(origin);
    }

    /// Whether it has left all that was broadcast here with whoever is linked, so that it may go.
    public boolean isLevel() {
        return push.isLevel();
    }
}
