package dev.rumor.workbench.nodes;

import dev.rumor.workbench.Host;
import dev.rumor.workbench.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Lets a node of this package be a process, which speaks on its standard streams.
final class Stdio implements Host.Shell {

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Stdio() {}

    /// @param args the workload's constant
    public static void main(String[] args) throws IOException {
        Stdio shell = new Stdio();
        Flooding node = new Flooding(Workload.valueOf(args[0]));
        node.start(shell);
        try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String heard = line;
                shell.post(() -> node.hear(() -> heard));
            }
        }
        shell.loop.shutdownNow();
    }

    @Override
    public void started() {}

    @Override
    public Runnable reading(String line) {
        return () -> out.println(line);
    }

    @Override
    public void exited(String how) {}

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public void in(Duration wait, Runnable action) {
        loop.schedule(action, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void post(Runnable action) {
        loop.execute(action);
    }
}
