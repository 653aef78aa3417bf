package dev.rumor.simulator.swarm;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.simulator.Host;
import dev.rumor.simulator.Observer;
import dev.rumor.simulator.Simulation;
import java.util.List;
import java.util.function.Consumer;

/// What happened, line by line: when, at which host, the event, and what the node made of it.
final class Trace implements Observer {

    private final Simulation simulation;
    private final Consumer<String> lines;

    Trace(Simulation simulation, Consumer<String> lines) {
        this.simulation = simulation;
        this.lines = lines;
    }

    private void line(Object who, String what) {
        lines.accept(String.format("%12.6f %s %s", simulation.now() / 1e9, who, what));
    }

    @Override
    public void handled(Host host, Event event, List<Effect> effects) {
        line(host, event + (effects.isEmpty() ? "" : " -> " + effects));
    }

    @Override
    public void started(Host host) {
        line(host, "starts");
    }

    @Override
    public void ended(Host host, String why) {
        line(host, "ends" + (why.isEmpty() ? "" : ": " + why));
    }

    @Override
    public void disturbed(String what) {
        line("--", what);
    }
}
