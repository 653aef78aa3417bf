package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.simulator.disk.Disk;
import dev.rumor.simulator.network.Cut;
import dev.rumor.simulator.network.Network;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.time.Agenda;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A cluster in virtual time: the very nodes that run in production, on hosts that are made of nothing. One thread, one
/// queue, one seed: the same setup and the same calls give the same simulation, event by event.
public final class Simulation {

    /// When the simulated world begins, in milliseconds since 1970.
    public static final long BEGAN_MILLIS = 1_800_000_000_000L;

    /// How many others a host is told of as its seeds.
    private static final int SEEDS = 3;

    private static final String CLUSTER = "simulated";
    private static final String SOFTWARE = "simulated";

    private final Setup setup;
    private final Agenda agenda = new Agenda();
    private final SplittableRandom dice;
    private final Network network;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Host> byName = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Integer, byte[]> blocks = new HashMap<>();
    private Observer[] observers = {};
    private long tickets;
    private int records;

    public Simulation(Setup setup) {
        this.setup = setup;
        this.dice = new SplittableRandom(setup.seed());
        this.network = new Network(agenda, dice.split(), setup.weather());
        int digits = Integer.toString(setup.hosts()).length();
        for (int k = 1; k <= setup.hosts(); k++) {
            names.add("n" + "0".repeat(digits - Integer.toString(k).length()) + k);
        }
        Map<String, Register> founders = setup.formed() && setup.linked() ? founders() : Map.of();
        for (int k = 0; k < setup.hosts(); k++) {
            Register own = founders.get(names.get(k));
            Disk disk = own == null ? new Disk(setup.remembers()) : new Disk(setup.remembers(), own, founders);
            Host host = new Host(this, k, names.get(k), disk, dice.split());
            hosts.add(host);
            byName.put(host.name(), host);
        }
    }

    /// The roster of a cluster that was stopped: to the letter what its members will say of themselves when they start
    /// at the first moment, so that there is no news in it.
    private Map<String, Register> founders() {
        TreeMap<String, Register> founders = new TreeMap<>();
        for (String name : names) {
            Settings settings = settings(name, false);
            founders.put(
                    name,
                    new Register(
                            name,
                            BEGAN_MILLIS,
                            1,
                            Register.State.ACTIVE,
                            DiskId.random(dice),
                            settings.addresses(),
                            Message.PROTOCOL_MIN,
                            Message.PROTOCOL_MAX,
                            settings.software(),
                            List.of(),
                            List.of()));
        }
        return Collections.unmodifiableMap(founders);
    }

    private Settings settings(String name, boolean seeded) {
        Settings settings =
                setup.configure().apply(Settings.of(name, CLUSTER, List.of(name + ":7400"), seeded, SOFTWARE));
        return setup.linked() ? settings : settings.withMembers(names);
    }

    /// From now on it is told of what happens.
    public void observe(Observer observer) {
        observers = Arrays.copyOf(observers, observers.length + 1);
        observers[observers.length - 1] = observer;
    }

    // --- time

    /// Nanoseconds since the beginning.
    public long now() {
        return agenda.now();
    }

    /// Does this after so long.
    public void after(long nanos, Runnable action) {
        agenda.after(nanos, action);
    }

    /// Lets so much time pass.
    public void run(Duration time) {
        agenda.run(agenda.now() + time.toNanos());
    }

    // --- hosts

    public Setup setup() {
        return setup;
    }

    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    public Host host(int number) {
        return hosts.get(number);
    }

    /// The host of this name; null if there is none.
    Host find(String name) {
        return byName.get(name);
    }

    /// Starts all, now; or, where they are to join, one after the other, `apart`.
    public void start(Duration apart) {
        for (Host host : hosts) {
            if (setup.formed() || host.number() == 0) {
                start(host);
            } else {
                agenda.after(apart.toNanos() * host.number(), () -> start(host));
            }
        }
    }

    public void start() {
        start(Duration.ZERO);
    }

    /// Starts the host's process, for the first time or again.
    public void start(Host host) {
        if (host.isUp()) {
            return;
        }
        boolean begins = host.lives() == 0 && (setup.formed() || host.number() == 0);
        List<String> seeds = begins || !setup.linked() ? List.of() : seeds(host);
        Settings settings = settings(host.name(), !seeds.isEmpty());
        host.start(new Node(settings, dice.split()), settings, seeds);
    }

    /// Starts something else than a node; it dials nobody but these by itself.
    public void start(Host host, Law law, List<String> seeds) {
        host.start(law, seeds);
    }

    /// The first of the hosts, and some others: who starts again finds somebody who is there.
    private List<String> seeds(Host host) {
        List<String> seeds = new ArrayList<>();
        for (int k = 0; k < hosts.size() && seeds.size() < SEEDS; k++) {
            int number = k == 0 ? 0 : setup.formed() ? dice.nextInt(hosts.size()) : k;
            if (number != host.number() && !seeds.contains(names.get(number))) {
                seeds.add(names.get(number));
            }
        }
        return seeds;
    }

    /// The host's process dials this one, too, from now on, whatever it has heard of it: as a daemon does its seeds.
    public void seed(Host host, Host other) {
        host.seed(other.name());
    }

    // --- faults

    /// The process ends at once; what its disk had not forced is perhaps lost.
    public void kill(Host host) {
        disturbed("kill " + host);
        host.kill(false);
    }

    /// The whole machine goes, and nobody is told.
    public void powerOff(Host host) {
        disturbed("power off " + host);
        host.kill(true);
    }

    /// The process is asked to end, and ends in good order.
    public void stop(Host host) {
        disturbed("stop " + host);
        host.stop();
    }

    public void pause(Host host, Duration time) {
        disturbed("pause " + host + " for " + time.toMillis() + " ms");
        host.pause(time.toNanos());
    }

    public void resume(Host host) {
        disturbed("resume " + host);
        host.resume();
    }

    /// The host's wall clock is ahead by so much, or behind.
    public void skew(Host host, Duration time) {
        disturbed("clock of " + host + " off by " + time.toMillis() + " ms");
        host.skew(time.toMillis());
    }

    public void replaceDisk(Host host, Disk disk, String what) {
        disturbed("disk of " + host + ": " + what);
        host.replace(disk);
    }

    /// Starts a second process of the host's name on a copy of its disk, which only dials, if the host runs.
    ///
    /// @return a host that is not among the others
    public Host twin(Host host) {
        disturbed("disk of " + host + " cloned, and a twin started on it");
        Host twin = new Host(this, host.number(), host.name(), host.disk().copy(1, false), dice.split());
        List<String> seeds = seeds(host);
        Settings settings = settings(host.name(), !seeds.isEmpty());
        twin.start(new Node(settings, dice.split()), settings, seeds);
        return twin;
    }

    /// The bytes of these records change on the host's disk, which does not notice.
    public void rot(Host host, Stream.Range range) {
        disturbed("disk of " + host + " rots: " + range);
        host.disk().rot(range);
    }

    /// The host's disk takes another time from now on.
    public void dragDisk(Host host, Delay delay) {
        disturbed("disk of " + host + " takes " + delay);
        host.writing(delay);
    }

    public void fillDisk(Host host) {
        disturbed("disk of " + host + " full");
        host.fill();
    }

    public void cut(Cut cut, String what) {
        disturbed(what);
        network.cut(cut);
    }

    /// What one says to the other stands still for so long.
    public void stall(Host from, Host to, Duration time) {
        disturbed("from " + from + " to " + to + " stalled for " + time.toMillis() + " ms");
        network.stall(from, to, time.toNanos());
    }

    /// What one says to the other is carried so slowly; 0 as everything else.
    public void slow(Host from, Host to, long bytesPerSecond) {
        disturbed("from " + from + " to " + to + " " + bytesPerSecond + " bytes per second");
        network.slow(from, to, bytesPerSecond);
    }

    public void heal() {
        cut(Cut.NONE, "heal");
    }

    public void weather(Weather weather) {
        disturbed("weather " + weather);
        network.change(weather);
    }

    // --- clients

    /// Offers records at this host, if it is up.
    ///
    /// @return the ticket, 0 if nobody was there to take it
    public long broadcast(Host host, int count, int bytesEach) {
        if (!host.isUp()) {
            return 0;
        }
        long ticket = ++tickets;
        byte[] block = block(bytesEach);
        for (Observer observer : observers) {
            observer.offered(host, ticket, count);
        }
        Run.Draft draft = new Run.Draft(Collections.nCopies(count, block));
        host.feed(new Event.Offered(ticket, draft, host.wallMillis()));
        return ticket;
    }

    public void leave(Host host, Duration within) {
        disturbed(host + " leaves");
        host.feed(new Event.LeaveAsked(++tickets, within));
    }

    public void evict(Host by, Host other, boolean force) {
        disturbed(by + " evicts " + other);
        by.feed(new Event.EvictAsked(++tickets, other.name(), force));
    }

    /// What the bytes are does not matter here, so all that are of one length are one block. Which record it is stands
    /// where its checksum would.
    private byte[] block(int bytes) {
        return blocks.computeIfAbsent(bytes, byte[]::new);
    }

    Run encode(Effect.AppendOwn own) {
        int count = 0;
        for (Run.Draft draft : own.drafts()) {
            count += draft.count();
        }
        int[] lengths = new int[count];
        int[] numbers = new int[count];
        int size = 0;
        int k = 0;
        for (Run.Draft draft : own.drafts()) {
            for (byte[] each : draft.records()) {
                lengths[k] = each.length;
                numbers[k++] = ++records;
                size += each.length;
            }
        }
        return new Run(own.stream(), own.tag(), own.first(), own.clock(), lengths, numbers, block(size));
    }

    // --- what the hosts share

    Agenda agenda() {
        return agenda;
    }

    public Network network() {
        return network;
    }

    boolean isLinked() {
        return setup.linked();
    }

    void started(Host host) {
        for (Observer observer : observers) {
            observer.started(host);
        }
    }

    void ended(Host host, String why) {
        for (Observer observer : observers) {
            observer.ended(host, why);
        }
    }

    void handled(Host host, Event event, List<Effect> effects) {
        for (Observer observer : observers) {
            observer.handled(host, event, effects);
        }
    }

    void encoded(Host host, Run run) {
        for (Observer observer : observers) {
            observer.encoded(host, run);
        }
    }

    void said(Host from, Host to, Message message, int bytes, long arrivesAt) {
        for (Observer observer : observers) {
            observer.said(from, to, message, bytes, arrivesAt);
        }
    }

    void disturbed(String what) {
        for (Observer observer : observers) {
            observer.disturbed(what);
        }
    }

    /// How many events have happened, of whatever kind.
    public long events() {
        return agenda.rung();
    }
}
