package dev.rumor.simulator;

import dev.rumor.simulator.time.Agenda;
import java.time.Duration;
import java.util.SplittableRandom;

/// Clients that broadcast at random hosts, independently of each other: a Poisson process.
public final class Load extends Agenda.Cue {
    private final Simulation simulation;
    private final SplittableRandom dice;
    private final double perSecond;
    private final int bytesEach;
    private final long until;

    private Load(Simulation simulation, double perSecond, int bytesEach, long until) {
        this.simulation = simulation;
        this.dice = new SplittableRandom(simulation.setup().seed() ^ 0x10ad);
        this.perSecond = perSecond;
        this.bytesEach = bytesEach;
        this.until = until;
    }

    /// From now on, for so long.
    public static void apply(Simulation simulation, double perSecond, int bytesEach, Duration time) {
        if (perSecond > 0) {
            new Load(simulation, perSecond, bytesEach, simulation.now() + time.toNanos()).next();
        }
    }

    private void next() {
        long due = simulation.now() + (long) (-StrictMath.log(1 - dice.nextDouble()) / perSecond * 1e9);
        if (due <= until) {
            simulation.agenda().at(due, this);
        }
    }

    @Override
    protected void ring() {
        int count = simulation.hosts().size();
        int first = dice.nextInt(count);
        for (int k = 0; k < count; k++) {
            Host host = simulation.host((first + k) % count);
            if (host.isUp() && host.stream() != null) {
                simulation.broadcast(host, 1, bytesEach);
                break;
            }
        }
        next();
    }
}
