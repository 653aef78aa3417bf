package dev.rumor.host;

import dev.rumor.simulator.Setup;
import dev.rumor.simulator.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The simulator is a host like the others. Its time passes while the tests wait: on a thread that owns it.
class SimulatorHostTest extends LinkedHostContract {

    private static final int MOST_HOSTS = 3;
    private static final Duration STEP = Duration.ofMillis(5);

    private final Simulation simulation = new Simulation(Setup.of(MOST_HOSTS, 1).joining());
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private int started;

    SimulatorHostTest() {
        loop.scheduleWithFixedDelay(() -> simulation.run(STEP), 0, 1, TimeUnit.MILLISECONDS);
    }

    private record Simulated(SimulatorHostTest test, dev.rumor.simulator.Host host) implements Host {
        @Override
        public void stop() {
            test.onLoop(() -> {
                test.simulation.stop(host);
                return host;
            });
            if (host.number() == 0) {
                // The first to start is the last to be stopped.
                test.loop.shutdown();
            }
        }
    }

    @Override
    protected Host start(Machine machine) {
        return begin(machine, List.of());
    }

    @Override
    protected Host start(Machine machine, Host other) {
        return begin(machine, List.of(((Simulated) other).host.name()));
    }

    private Host begin(Machine machine, List<String> seeds) {
        return onLoop(() -> {
            dev.rumor.simulator.Host host = simulation.host(started++);
            simulation.start(host, machine::handle, seeds);
            return new Simulated(this, host);
        });
    }

    private <T> T onLoop(Callable<T> task) {
        try {
            return loop.submit(task).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
