package dev.rumor.simulator;

import dev.rumor.simulator.referee.Referee;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// How much faster than real time the simulator is, with the referee watching: `swarm --pace NODES RATE SECONDS`. What
/// counts is the processor's time of the one thread, so that a busy machine tells nearly the same.
public final class Pace {

    private static final int TURNS = Integer.getInteger("turns", 5);

    private Pace() {}

    public static void main(String[] args) {
        int nodes = Integer.parseInt(args[0]);
        double rate = Double.parseDouble(args[1]);
        int seconds = Integer.parseInt(args[2]);
        System.out.printf(
                "%s, JVM %s, %d MiB heap%n",
                System.getProperty("os.arch"),
                Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20);
        for (int turn = 1; turn <= TURNS; turn++) {
            Simulation simulation = new Simulation(Setup.of(nodes, turn));
            Referee referee = Referee.of(simulation);
            long began = cpuNanos();
            simulation.start();
            simulation.run(Duration.ofSeconds(3));
            long formed = cpuNanos();
            Load.apply(simulation, rate, 100, Duration.ofSeconds(seconds));
            simulation.run(Duration.ofSeconds(seconds));
            double took = (cpuNanos() - formed) / 1e9;
            System.out.printf(
                    "%d nodes, %.0f records/s, seed %d: formed in %.2f s, then %d s in %.2f s: %.0f times real time; "
                            + "%.1f million events, %.1f million checks%n",
                    nodes,
                    rate,
                    turn,
                    (formed - began) / 1e9,
                    seconds,
                    took,
                    seconds / took,
                    simulation.events() / 1e6,
                    referee.checks() / 1e6);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
