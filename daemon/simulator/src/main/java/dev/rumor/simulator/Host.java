package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.disk.Disk;
import dev.rumor.simulator.disk.Store;
import dev.rumor.simulator.network.Endpoint;
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

/// One place where processes of one name run, one after the other: the third host of the law, beside TCP and stdio.
/// What outlives a process is here; the rest is in its [Life].
public final class Host implements Endpoint {

    /// One process, from its start to its end.
    private final class Life {
        private final Law law;
        private final Store store;
        private final Contacts contacts;
        private final Map<Long, Wire> wires = new LinkedHashMap<>();

        /// The members to which there is a link, by its number.
        private final Map<Long, String> links = new LinkedHashMap<>();

        private final Map<String, Integer> linked = new LinkedHashMap<>();
        private final Speech speech;
        private final long bornAt = agenda.now();
        private long alarm = Long.MAX_VALUE;
        private long rings = Long.MAX_VALUE;
        private Stream stream;
        private boolean over;

        private Life(Law law) {
            this.law = law;
            this.store = new Store(agenda, dice, disk, writing, this::feed);
            this.contacts = new Contacts(agenda, dice, linked::containsKey, this::dial);
            this.speech = simulation.isLinked() ? null : new Speech(simulation, Host.this);
        }

        private void feed(Event event) {
            if (over) {
                return;
            }
            if (paused != null) {
                paused.add(event);
                return;
            }
            List<Effect> effects = law.handle(event, agenda.now() - bornAt);
            simulation.handled(Host.this, event, effects);
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
                case Effect.Stop stop -> agenda.after(0, () -> end(this, stop.why()));
                case Effect.WakeAt wake -> wakeAt(wake.now());
                case Effect.Warn warn -> {}
                case Effect.Send send -> send(send.links(), send.message());
                case Effect.Admit admit -> admit(admit);
                case Effect.Hangup hangup -> hangUp(hangup);
                case Effect.Reach reach -> contacts.reach(reach.name());
                case Effect.Leave leave -> contacts.leave(leave.name());
                case Effect.Append append -> store.keep(append.run());
                case Effect.AppendOwn own -> appendOwn(own);
                case Effect.SendRange send -> sendRange(send);
                case Effect.Trim trim -> store.trim(trim, wallMillis());
                case Effect.RememberRegister remember -> store.remember(remember.register());
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
            long due = Math.max(agenda.now(), bornAt + instant);
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

        // --- what is said

        private void send(List<Long> links, Message message) {
            if (speech != null) {
                links.forEach(link -> speech.add(link, message));
                return;
            }
            int bytes = Weight.of(message);
            for (Long link : links) {
                Wire wire = wires.get(link);
                if (wire != null) {
                    simulation.network().say(wire, Host.this, message, bytes);
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

        private void appendOwn(Effect.AppendOwn own) {
            Run run = simulation.encode(own);
            simulation.encoded(Host.this, run);
            store.keep(run);
        }

        // --- whom it is linked to

        private void dial(String to) {
            Host other = simulation.find(to);
            if (other == null || other == Host.this) {
                contacts.ended(to);
            } else {
                simulation.network().dial(Host.this, other);
            }
        }

        private void admit(Effect.Admit admit) {
            if (wires.containsKey(admit.link())) {
                links.put(admit.link(), admit.name());
                linked.merge(admit.name(), 1, Integer::sum);
            }
        }

        private void hangUp(Effect.Hangup hangup) {
            Wire wire = wires.get(hangup.link());
            if (wire != null) {
                simulation.network().close(wire, Host.this);
            }
        }

        private void granted() {
            Register own = store.disk().register(name);
            if (own != null && own.state() == Register.State.LEFT) {
                agenda.after(0, () -> end(this, "left"));
            }
        }
    }

    private final Simulation simulation;
    private final Agenda agenda;
    private final RandomGenerator dice;
    private final int number;
    private final String name;
    private Disk disk;
    private Delay writing;
    private Life life;
    private Node node;
    private long skewMillis;
    private int lives;

    /// What happened to a process that stands still; null while it does not.
    private ArrayDeque<Event> paused;

    Host(Simulation simulation, int number, String name, Disk disk, RandomGenerator dice) {
        this.simulation = simulation;
        this.agenda = simulation.agenda();
        this.number = number;
        this.name = name;
        this.disk = disk;
        this.dice = dice;
        this.writing = simulation.setup().disk();
    }

    // --- its life

    void start(Law law, List<String> seeds) {
        if (life != null) {
            throw new IllegalStateException(name + " runs already");
        }
        lives++;
        life = new Life(law);
        simulation.started(this);
        Life born = life;
        born.feed(disk.recover(wallMillis()));
        if (!born.over) {
            seeds.forEach(born.contacts::reach);
        }
    }

    void start(Node law, List<String> seeds) {
        node = law;
        start(law::handle, seeds);
    }

    /// It is gone from one moment to the next.
    ///
    /// @param silently whether nobody is told, as when the whole machine goes
    void kill(boolean silently) {
        if (life != null) {
            Life killed = life;
            over(killed, silently);
            killed.store.close(false);
            simulation.ended(this, "");
        }
    }

    /// It says what is due, and is gone when that has left.
    void stop() {
        if (life != null) {
            life.feed(new Event.Stopping());
            end(life, "stopped");
        }
    }

    private void end(Life ending, String why) {
        if (!ending.over) {
            over(ending, false);
            ending.store.close(true);
            simulation.ended(this, why);
        }
    }

    private void over(Life ending, boolean silently) {
        ending.over = true;
        ending.contacts.close();
        life = null;
        node = null;
        paused = null;
        ending.wires.values().forEach(wire -> simulation.network().vanish(wire, this, silently));
    }

    /// It stands still, for instance because its memory is being tidied; the world does not.
    void pause(long nanos) {
        if (life == null || paused != null) {
            return;
        }
        Life stopped = life;
        paused = new ArrayDeque<>();
        agenda.after(nanos, () -> {
            if (!stopped.over) {
                ArrayDeque<Event> missed = paused;
                paused = null;
                missed.forEach(stopped::feed);
            }
        });
    }

    /// Something happens to the process, if there is one.
    public void feed(Event event) {
        if (life != null) {
            life.feed(event);
        }
    }

    // --- what the network tells

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean isUp() {
        return life != null;
    }

    @Override
    public void connected(Wire wire, boolean dialled) {
        if (life != null) {
            life.wires.put(wire.number(), wire);
            life.feed(new Event.Connected(wire.number(), dialled));
        } else {
            simulation.network().vanish(wire, this, false);
        }
    }

    @Override
    public void disconnected(Wire wire) {
        if (life == null || life.wires.remove(wire.number()) == null) {
            return;
        }
        Life present = life;
        String member = present.links.remove(wire.number());
        if (member != null && present.linked.merge(member, -1, Integer::sum) == 0) {
            present.linked.remove(member);
        }
        if (wire.dialler() == this) {
            present.contacts.ended(((Host) wire.acceptor()).name);
        }
        if (member != null && !present.linked.containsKey(member)) {
            present.contacts.lost(member);
        }
        present.feed(new Event.Disconnected(wire.number()));
    }

    @Override
    public void happens(Event event) {
        feed(event);
    }

    @Override
    public void unanswered(Endpoint to) {
        if (life != null) {
            life.contacts.ended(((Host) to).name);
        }
    }

    @Override
    public void said(Endpoint to, Message message, int bytes, long arrivesAt) {
        simulation.said(this, (Host) to, message, bytes, arrivesAt);
    }

    // --- looking at it

    public String name() {
        return name;
    }

    /// How many processes it has had.
    public int lives() {
        return lives;
    }

    /// The node's own picture of itself; only while it is up, and drives a node.
    public View view() {
        return node.view(nodeTime());
    }

    /// The node; null while there is none.
    public Node node() {
        return node;
    }

    /// The time as the node has it.
    public long nodeTime() {
        return life == null ? 0 : agenda.now() - life.bornAt;
    }

    /// What the node broadcasts in its present epoch; null before it has one.
    public Stream stream() {
        return life == null ? null : life.stream;
    }

    public Disk disk() {
        return disk;
    }

    /// The wires that it has now.
    public List<Wire> wires() {
        return life == null ? List.of() : new ArrayList<>(life.wires.values());
    }

    /// Who is at the other end of this link, whoever it says it is; null if it is gone.
    public Host peer(long link) {
        if (life == null) {
            return null;
        }
        Wire wire = life.wires.get(link);
        return wire == null ? simulation.standing(this, link) : (Host) wire.other(this);
    }

    public boolean isPaused() {
        return paused != null;
    }

    /// The time that the process takes for that of the world, in milliseconds since 1970.
    public long wallMillis() {
        return Simulation.BEGAN_MILLIS + agenda.now() / 1_000_000 + skewMillis;
    }

    // --- what befalls it

    /// Its clock is set, so that it is ahead by so much, or behind.
    void skew(long millis) {
        skewMillis = millis;
    }

    /// Another disk is put in its place; nothing runs on it meanwhile.
    void replace(Disk other) {
        if (life != null) {
            throw new IllegalStateException(name + " runs on its disk");
        }
        disk = other;
    }

    /// Its disk takes another time from now on.
    void writing(Delay delay) {
        writing = delay;
        if (life != null) {
            life.store.delay(delay);
        }
    }

    /// Its disk is full, until the process is started again.
    void fill() {
        if (life != null) {
            life.store.fill();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
