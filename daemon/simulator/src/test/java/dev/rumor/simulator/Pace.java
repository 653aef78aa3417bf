package dev.rumor.simulator;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How much faster than real time the simulator is: `Pace NODES RECORDS_PER_SECOND SECONDS`.
final class Pace {
    private Pace() {}

    public static void main(String[] args) {
        int nodes = Integer.parseInt(args[0]);
        double rate = Double.parseDouble(args[1]);
        int seconds = Integer.parseInt(args[2]);
        for (int turn = 0; turn < 3; turn++) {
            long began = System.nanoTime();
            Simulation simulation = new Simulation(Setup.of(nodes, 1));
            Map<String, Integer> kinds = new TreeMap<>();
            if (args.length > 3) {
                simulation.observe(new Observer() {
                    @Override
                    public void handled(Host host, Event event, List<Effect> effects) {
                        String kind = event.getClass().getSimpleName();
                        kind += event instanceof Event.Heard h
                                ? " " + h.message().getClass().getSimpleName()
                                : "";
                        kinds.merge(kind, 1, Integer::sum);
                    }
                });
            }
            simulation.start();
            simulation.run(Duration.ofSeconds(3));
            long formed = System.nanoTime();
            Load.apply(simulation, rate, 100, Duration.ofSeconds(seconds));
            simulation.run(Duration.ofSeconds(seconds));
            double took = (System.nanoTime() - formed) / 1e9;
            System.out.printf(
                    "%d nodes, %.0f records/s: formed in %.2f s; %d s in %.2f s, %.0f x real time; %d events, "
                            + "%.0f ns each; records %d, links %d %s%n",
                    nodes,
                    rate,
                    (formed - began) / 1e9,
                    seconds,
                    took,
                    seconds / took,
                    simulation.events(),
                    took * 1e9 / simulation.events(),
                    simulation.host(0).view().records(),
                    simulation.host(0).wires().size(),
                    kinds);
        }
    }
}
