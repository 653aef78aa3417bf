package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.disk.Disk;
import dev.rumor.simulator.disk.Store;
import dev.rumor.simulator.network.Network;
import dev.rumor.simulator.network.Weight;
import dev.rumor.simulator.network.Wire;
import dev.rumor.simulator.time.Agenda;
import dev.rumor.simulator.time.Delay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One process at a [Host], from its start to its end: what a host owes its node. An event goes in, and its effects are
/// performed in their order; what they lead to comes back as a later event.
final class Life {

    /// A turn takes some time: who wants to be woken at once, again and again, does not stop the world.
    private static final long TURN_NANOS = 1_000;

    private final Host host;
    private final Simulation simulation;
    private final Agenda agenda;
    private final Law law;
    private final Store store;
    private final Contacts contacts;
    private final Map<Long, Wire> wires = new LinkedHashMap<>();

    /// The members to which there is a link, by its number; and how many links there are to each.
    private final Map<Long, String> links = new LinkedHashMap<>();

    private final Map<String, Integer> linked = new LinkedHashMap<>();

    /// What is said together where there are no links; else null.
    private final Speech speech;

    private final long bornAt;
    private long alarm = Long.MAX_VALUE;
    private long rings = Long.MAX_VALUE;
    private Stream stream;
    private Register own;
    private boolean over;

    /// What happened while it stands still; null while it does not.
    private ArrayDeque<Event> paused;

    Life(Host host, Simulation simulation, Law law, Disk disk, Delay writing, RandomGenerator dice) {
        this.host = host;
        this.simulation = simulation;
        this.agenda = simulation.agenda();
        this.law = law;
        this.store = new Store(agenda, dice, disk, writing, this::feed);
        this.contacts = new Contacts(agenda, dice, linked::containsKey, this::dial);
        this.speech = simulation.isLinked() ? null : new Speech(simulation, host);
        this.bornAt = agenda.now();
    }

    // --- the heart

    void feed(Event event) {
        if (over) {
            return;
        }
        if (paused != null) {
            paused.add(event);
            return;
        }
        List<Effect> effects = law.handle(event, agenda.now() - bornAt);
        simulation.handled(host, event, effects);
        for (Effect effect : effects) {
            perform(effect);
        }
        if (speech != null) {
            speech.end();
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.OpenEpoch open -> store.open(open);
            case Effect.Ready ready -> stream = ready.stream();
            case Effect.Stop stop -> agenda.after(0, () -> host.end(this, stop.why()));
            case Effect.WakeAt wake -> wakeAt(wake.now());
            case Effect.Warn warn -> {}
            case Effect.Send send -> send(send.links(), send.message());
            case Effect.Admit admit -> admit(admit);
            case Effect.Hangup hangup -> hangUp(hangup);
            case Effect.Reach reach -> contacts.reach(reach.name());
            case Effect.Leave leave -> contacts.leave(leave.name());
            case Effect.Append append -> store.keep(append.run());
            case Effect.AppendOwn appendOwn -> appendOwn(appendOwn);
            case Effect.SendRange send -> sendRange(send);
            case Effect.Trim trim -> store.trim(trim, host.wallMillis());
            case Effect.RememberRegister remember -> remember(remember.register());
            case Effect.RememberMarks remember -> store.remember(remember.marks());
            case Effect.Acknowledge done -> {}
            case Effect.Refuse refuse -> {}
            case Effect.Grant grant -> granted();
            case Effect.Deliver deliver -> {}
            case Effect.Waive waive -> store.waive(waive.range(), waive.tag());
        }
    }

    /// One cue is enough for all alarms: one that was set for later rings when the earlier one has.
    private void wakeAt(long instant) {
        alarm = instant;
        long due = Math.max(agenda.now() + TURN_NANOS, bornAt + instant);
        if (due < rings) {
            rings = due;
            agenda.at(due, () -> ring(due));
        }
    }

    private void ring(long due) {
        if (over || due != rings) {
            return;
        }
        rings = Long.MAX_VALUE;
        if (alarm == Long.MAX_VALUE) {
            return;
        }
        if (bornAt + alarm > agenda.now()) {
            wakeAt(alarm);
            return;
        }
        alarm = Long.MAX_VALUE;
        feed(new Event.Woke());
    }

    private void post(Event event) {
        agenda.after(0, () -> feed(event));
    }

    private void remember(Register register) {
        own = register.name().equals(host.name()) ? register : own;
        store.remember(register);
    }

    private void granted() {
        if (own != null && own.state() == Register.State.LEFT) {
            agenda.after(0, () -> host.end(this, "left"));
        }
    }

    private void appendOwn(Effect.AppendOwn appendOwn) {
        Run run = simulation.encode(appendOwn);
        simulation.encoded(host, run);
        store.keep(run);
    }

    // --- what is said

    private void send(List<Long> to, Message message) {
        if (speech != null) {
            to.forEach(link -> speech.add(link, message));
            return;
        }
        Network network = simulation.network();
        int bytes = Weight.of(message);
        for (Long link : to) {
            Wire wire = wires.get(link);
            if (wire != null) {
                network.say(wire, host, message, bytes);
            }
        }
    }

    private void sendRange(Effect.SendRange send) {
        Range range = send.range();
        List<Run> runs = store.read(
                range,
                send.maxBytes(),
                bad -> send.links()
                        .forEach(link -> post(new Event.Unreadable(link, bad.stream(), bad.from(), bad.to()))));
        if (!runs.isEmpty()) {
            send(send.links(), new Message.Runs(runs));
            long upTo = runs.getLast().last();
            agenda.after(0, () -> send.links().forEach(link -> feed(new Event.Sent(link, range.stream(), upTo))));
        }
    }

    // --- whom it is linked to

    private void dial(String to) {
        Host other = simulation.find(to);
        if (other == null || other == host) {
            contacts.ended(to);
        } else {
            simulation.network().dial(host, other);
        }
    }

    void connected(Wire wire, boolean dialled) {
        wires.put(wire.number(), wire);
        feed(new Event.Connected(wire.number(), dialled));
    }

    void disconnected(Wire wire) {
        if (wires.remove(wire.number()) == null) {
            return;
        }
        if (wire.dialler() == host) {
            contacts.ended(((Host) wire.acceptor()).name());
        }
        String member = links.remove(wire.number());
        if (member != null && linked.merge(member, -1, Integer::sum) == 0) {
            linked.remove(member);
            contacts.lost(member);
        }
        feed(new Event.Disconnected(wire.number()));
    }

    void unanswered(Host to) {
        contacts.ended(to.name());
    }

    private void admit(Effect.Admit admit) {
        if (wires.containsKey(admit.link())) {
            links.put(admit.link(), admit.name());
            linked.merge(admit.name(), 1, Integer::sum);
        }
    }

    /// Closes every wire, behind what was said on it.
    void hangUp() {
        wires.values().forEach(wire -> simulation.network().close(wire, host));
    }

    private void hangUp(Effect.Hangup hangup) {
        Wire wire = wires.get(hangup.link());
        if (wire != null) {
            simulation.network().close(wire, host);
        }
    }

    // --- how it goes

    void begin(Event.Recovered found, List<String> seeds) {
        feed(found);
        if (!over) {
            seeds.forEach(contacts::reach);
        }
    }

    void seed(String other) {
        contacts.seed(other);
    }

    /// Nothing more happens to it.
    ///
    /// @param silently whether those at the other ends of its wires are not told
    void end(boolean inGoodOrder, boolean silently) {
        over = true;
        contacts.close();
        store.close(inGoodOrder);
        wires.values().forEach(wire -> simulation.network().vanish(wire, host, silently));
    }

    void pause(long nanos) {
        if (paused != null) {
            return;
        }
        ArrayDeque<Event> pause = new ArrayDeque<>();
        paused = pause;
        agenda.after(nanos, () -> {
            if (paused == pause) {
                resume();
            }
        });
    }

    void resume() {
        if (paused != null) {
            ArrayDeque<Event> missed = paused;
            paused = null;
            missed.forEach(this::feed);
        }
    }

    boolean isPaused() {
        return paused != null;
    }

    boolean isOver() {
        return over;
    }

    Store store() {
        return store;
    }

    Stream stream() {
        return stream;
    }

    boolean isAdmitted(Wire wire) {
        return links.containsKey(wire.number());
    }

    Wire wire(long link) {
        return wires.get(link);
    }

    List<Wire> wires() {
        return new ArrayList<>(wires.values());
    }

    /// The time as its node has it.
    long now() {
        return agenda.now() - bornAt;
    }
}
