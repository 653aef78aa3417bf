package dev.rumor.simulator.swarm;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Observer;
import dev.rumor.simulator.Simulation;
import dev.rumor.simulator.disk.Disk;
import dev.rumor.simulator.network.Cut;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.network.Wire;
import dev.rumor.simulator.referee.Peace;
import dev.rumor.simulator.referee.Referee;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// What one seed goes through: its cluster starts, is disturbed step by step while records are broadcast, and is
/// left in peace, in which everything must become right again.
final class Ordeal {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int READERS = 2;

    private final Mix mix;
    private final SplittableRandom dice;
    private final Simulation simulation;
    private final Referee referee;
    private final List<Host> twins = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    Ordeal(Mix mix) {
        this(mix, simulation -> List.of());
    }

    /// @param observers who sees each event before the referee does
    Ordeal(Mix mix, Function<Simulation, List<Observer>> observers) {
        this.mix = mix;
        this.dice = new SplittableRandom(~mix.seed());
        this.simulation = new Simulation(mix.setup());
        observers.apply(simulation).forEach(simulation::observe);
        this.referee = Referee.of(simulation);
        referee.allow(why -> mix.departs() || mix.clones() || why.equals("the disk is full"));
        if (mix.clones()) {
            referee.allowLostDisks();
        }
        SplittableRandom hops = new SplittableRandom(Long.reverse(mix.seed()));
        for (int k = 0; k < READERS; k++) {
            Reader reader = new Reader(simulation, hops.split(), !mix.departs() && !mix.clones());
            readers.add(reader);
            simulation.observe(reader);
        }
    }

    /// @throws dev.rumor.simulator.referee.Foul where something is not as it must be
    Outcome play() {
        long began = System.nanoTime();
        simulation.start(Duration.ofMillis(dice.nextInt(500)));
        simulation.run(mix.losesDisks() ? Duration.ZERO : SECOND.multipliedBy(5));
        for (int step = 0; step < mix.steps(); step++) {
            disturb();
            simulation.run(Duration.ofMillis(dice.nextInt(mix.stepMillis())));
            readers.forEach(Reader::step);
        }
        supervise();
        heal();
        Duration took = Peace.of(simulation, referee).await();
        long read = readers.stream().mapToLong(Reader::finish).sum();
        return new Outcome(
                simulation.events(), referee.checks(), read, simulation.now(), took, System.nanoTime() - began);
    }

    /// What came of it.
    ///
    /// @param read how many records readers have read
    /// @param peace how long it took until everything was right again
    record Outcome(long events, long checks, long read, long nanos, Duration peace, long wallNanos) {}

    private void disturb() {
        Host one = any();
        if (dice.nextInt(4) == 0 && !one.isUp()) {
            simulation.start(one);
        }
        boolean quiet = mix.weights().isEmpty() || dice.nextInt(3) < mix.load();
        if (quiet) {
            simulation.broadcast(one, 1 + dice.nextInt(5), dice.nextInt(mix.payload()));
        } else {
            strike(mix.fault(dice), one);
        }
    }

    private Host any() {
        return simulation.host(dice.nextInt(mix.hosts()));
    }

    private void strike(Fault fault, Host one) {
        Host other = any();
        switch (fault) {
            case KILL -> simulation.kill(one);
            case POWER_OFF -> simulation.powerOff(one);
            case STOP -> simulation.stop(one);
            case PAUSE -> simulation.pause(one, Duration.ofMillis(dice.nextInt(dice.nextInt(5) == 0 ? 20_000 : 2_000)));
            case SKEW -> simulation.skew(one, Duration.ofSeconds(dice.nextInt(7_200) - 3_600));
            case CUT -> cut();
            case STALL -> simulation.stall(one, other, Duration.ofMillis(dice.nextInt(5_000)));
            case CRAWL -> simulation.slow(one, other, dice.nextInt(3) == 0 ? 0 : 1_000 + dice.nextInt(50_000));
            case RESET -> reset();
            case ROT -> rot(one);
            case FULL -> simulation.fillDisk(one);
            case DRAG -> simulation.dragDisk(one, Delay.uniform(Duration.ZERO, drag()));
            case LOSE -> replace(one, new Disk(true), "gone");
            case RESTORE -> replace(one, one.disk().copy(dice.nextDouble(), false), "an older copy");
            case REVEAL -> replace(one, one.disk().copy(dice.nextDouble(), true), "an older copy, and known to be");
            case CLONE -> twins.add(simulation.twin(one));
            case LEAVE -> simulation.leave(one, Duration.ofMillis(dice.nextInt(2_000)));
            case EVICT -> {
                if (one != other) {
                    simulation.evict(one, other, dice.nextBoolean());
                }
            }
        }
    }

    private Duration drag() {
        return Duration.ofMillis(1 + dice.nextInt(dice.nextBoolean() ? 10 : 2_000));
    }

    private void cut() {
        Cut.Shape shape = Cut.Shape.values()[dice.nextInt(Cut.Shape.values().length)];
        if (dice.nextInt(3) == 0) {
            simulation.heal();
        } else {
            simulation.cut(shape.among(mix.hosts(), dice), "cut " + shape);
        }
    }

    private void reset() {
        List<Wire> wires = simulation.network().wires();
        if (!wires.isEmpty()) {
            simulation.network().reset(wires.get(dice.nextInt(wires.size())));
        }
    }

    private void replace(Host one, Disk disk, String what) {
        if (!one.isUp()) {
            simulation.replaceDisk(one, disk, what);
            simulation.start(one);
        }
    }

    /// Where nothing is to be lost, it is something that another one has, too.
    private void rot(Host one) {
        List<Stream> streams = one.disk().streams();
        if (streams.isEmpty()) {
            return;
        }
        List<Run> runs = one.disk().runs(streams.get(dice.nextInt(streams.size())));
        if (runs.isEmpty()) {
            return;
        }
        Stream.Range range = runs.get(dice.nextInt(runs.size())).range();
        boolean elsewhere = simulation.hosts().stream()
                .filter(other -> other != one && isMember(other))
                .anyMatch(other -> other.disk().readable(range.stream()).contains(range.from(), range.to()));
        if (elsewhere || mix.losesDisks()) {
            simulation.rot(one, range);
        }
    }

    private boolean isMember(Host host) {
        Register own = host.disk().register(host.name());
        return own == null || own.isMember();
    }

    /// Who stops by itself is started again, as by any supervisor: it heard only now that it was evicted, or that there
    /// was a later process of its name.
    private void supervise() {
        simulation.observe(new Observer() {
            @Override
            public void ended(Host host, String why) {
                if (!twins.contains(host)) {
                    simulation.after(SECOND.toNanos(), () -> simulation.start(host));
                }
            }
        });
    }

    /// Everything is made well, and everybody is started who is not there. All have the first as their seed, so that
    /// those meet who evicted each other.
    private void heal() {
        simulation.weather(Weather.FAIR);
        simulation.heal();
        twins.stream().filter(Host::isUp).forEach(simulation::kill);
        simulation.hosts().stream().filter(Host::isPaused).forEach(simulation::resume);
        // Whose disk was found to be full stops now.
        simulation.run(Duration.ofMillis(1));
        for (Host host : simulation.hosts()) {
            simulation.skew(host, Duration.ZERO);
            simulation.dragDisk(host, Delay.constant(Duration.ofMillis(1)));
            simulation.hosts().forEach(other -> simulation.slow(host, other, 0));
            simulation.start(host);
            if (simulation.setup().linked() && host.number() > 0) {
                simulation.seed(host, simulation.host(0));
            }
        }
        simulation.network().resetIfBehind(SECOND.multipliedBy(5));
    }
}
