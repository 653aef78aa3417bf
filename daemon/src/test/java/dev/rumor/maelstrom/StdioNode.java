package dev.rumor.maelstrom;

import dev.rumor.core.Node;
import dev.rumor.host.Machine;
import dev.rumor.workbench.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/// The daemon's stdio host as a node of the workbench, in its process and in its time.
public final class StdioNode implements Host {

    private static final long WALL_MILLIS = 1_700_000_000_000L;

    private final MaelstromHost.Options options;
    private final long seed;
    private MaelstromHost host;
    private Shell shell;
    private long alarm = Long.MAX_VALUE;
    private boolean killed;

    private StdioNode(Duration deliveryBudget, long seed) {
        this.options = new MaelstromHost.Options(Optional.empty(), deliveryBudget, Duration.ofSeconds(1), 3);
        this.seed = seed;
    }

    /// As `rumor maelstrom` would start with these arguments, of which it knows `--delivery-budget` in ms or s.
    public static Function<String, Host> nodes(List<String> arguments, long seed) {
        int budget = arguments.indexOf("--delivery-budget");
        String text = budget < 0 ? "0s" : arguments.get(budget + 1);
        Duration delivery = text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
        return name -> new StdioNode(delivery, 31 * seed + name.hashCode());
    }

    @Override
    public void start(Shell around) {
        shell = around;
        host = new MaelstromHost(
                options,
                WALL_MILLIS,
                settings -> Machine.of(new Node(settings, new SplittableRandom(seed))),
                shell::say,
                line -> {});
        shell.started();
    }

    @Override
    public void hear(Supplier<String> line) {
        if (!killed) {
            host.receive(line.get(), shell.now());
            setAlarm();
        }
    }

    private void setAlarm() {
        long next = host.nextAlarm();
        if (next != alarm && next != Long.MAX_VALUE) {
            shell.in(Duration.ofNanos(Math.max(0, next - shell.now())), () -> ring(next));
        }
        alarm = next;
    }

    private void ring(long due) {
        if (!killed && due == alarm) {
            alarm = Long.MAX_VALUE;
            host.wake(shell.now());
            setAlarm();
        }
    }

    @Override
    public void kill() {
        killed = true;
    }
}
