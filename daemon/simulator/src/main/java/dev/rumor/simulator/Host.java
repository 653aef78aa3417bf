package dev.rumor.simulator;

import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.disk.Disk;
import dev.rumor.simulator.network.Endpoint;
import dev.rumor.simulator.network.Wire;
import dev.rumor.simulator.time.Delay;
import java.util.List;
import java.util.random.RandomGenerator;

/// One place where processes of one name run, one after the other: the third host of the law, beside TCP and stdio.
/// What outlives a process is here; the rest is in its [Life].
public final class Host implements Endpoint {

    private final Simulation simulation;
    private final RandomGenerator dice;
    private final int number;
    private final String name;
    private Disk disk;
    private Delay writing;
    private Life life;
    private Node node;
    private Settings settings;
    private long skewMillis;
    private int lives;

    Host(Simulation simulation, int number, String name, Disk disk, RandomGenerator dice) {
        this.simulation = simulation;
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
        life = new Life(this, simulation, law, disk, writing, dice);
        simulation.started(this);
        life.begin(disk.recover(wallMillis()), seeds);
    }

    void start(Node law, Settings with, List<String> seeds) {
        node = law;
        settings = with;
        start(law::handle, seeds);
    }

    /// It is gone from one moment to the next.
    ///
    /// @param silently whether nobody is told, as when the whole machine goes
    void kill(boolean silently) {
        if (life != null) {
            over(life, false, silently, "");
        }
    }

    /// It says what is due, and is gone when that has left.
    void stop() {
        if (life != null) {
            Life stopping = life;
            stopping.feed(new Event.Stopping());
            stopping.hangUp();
            simulation.agenda().after(0, () -> end(stopping, "stopped"));
        }
    }

    void end(Life ending, String why) {
        if (!ending.isOver()) {
            over(ending, true, false, why);
        }
    }

    private void over(Life ending, boolean inGoodOrder, boolean silently, String why) {
        life = null;
        node = null;
        ending.end(inGoodOrder, silently);
        simulation.ended(this, why);
    }

    /// It stands still, for instance because its memory is being tidied; the world does not.
    void pause(long nanos) {
        if (life != null) {
            life.pause(nanos);
        }
    }

    /// It goes on, with all that happened meanwhile.
    void resume() {
        if (life != null) {
            life.resume();
        }
    }

    void seed(String other) {
        if (life != null) {
            life.seed(other);
        }
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
            life.connected(wire, dialled);
        } else {
            simulation.network().vanish(wire, this, false);
        }
    }

    @Override
    public void disconnected(Wire wire) {
        if (life != null) {
            life.disconnected(wire);
        }
    }

    @Override
    public void happens(Event event) {
        feed(event);
    }

    @Override
    public boolean isAdmitted(Wire wire) {
        return life != null && life.isAdmitted(wire);
    }

    @Override
    public void unanswered(Endpoint to) {
        if (life != null) {
            life.unanswered((Host) to);
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

    /// What the last node was started with; null before.
    public Settings settings() {
        return settings;
    }

    /// The time as the node has it.
    public long nodeTime() {
        return life == null ? 0 : life.now();
    }

    /// What the node broadcasts in its present epoch; null before it has one.
    public Stream stream() {
        return life == null ? null : life.stream();
    }

    public Disk disk() {
        return disk;
    }

    /// Reads for a client: as many records from the start of the range as are there, and as `maxBytes` allows, and one
    /// at least. What is found damaged is reported to the node. Only while it is up.
    public List<Run> read(Range range, int maxBytes) {
        return life.store().read(range, maxBytes, missing -> {});
    }

    /// The wires that it has now.
    public List<Wire> wires() {
        return life == null ? List.of() : life.wires();
    }

    /// Who is at the other end of this link, whoever it says it is; null if it is gone.
    public Host peer(long link) {
        if (!simulation.isLinked()) {
            return simulation.host((int) link);
        }
        Wire wire = life == null ? null : life.wire(link);
        return wire == null ? null : (Host) wire.other(this);
    }

    /// Whether its node can ask the other's: over a link, where there are any.
    public boolean isLinked(Host other) {
        return !simulation.isLinked()
                || wires().stream().anyMatch(wire -> wire.other(this) == other && isAdmitted(wire));
    }

    public boolean isPaused() {
        return life != null && life.isPaused();
    }

    /// The time that the process takes for that of the world, in milliseconds since 1970.
    public long wallMillis() {
        return Simulation.BEGAN_MILLIS + simulation.now() / 1_000_000 + skewMillis;
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
            life.store().delay(delay);
        }
    }

    /// Its disk is full, until the process is started again.
    void fill() {
        if (life != null) {
            life.store().fill();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
