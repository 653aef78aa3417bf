package dev.rumor.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Lines broadcast at one daemon at a steady pace, by one `rumor broadcast` that reads them from its standard input.
final class SteadyLoad implements AutoCloseable {

    private static final int TICKS_PER_SECOND = 50;

    private final String origin;
    private final int linesPerTick;
    private final Program broadcast;
    private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private int lines;

    SteadyLoad(DaemonProcess daemon, int linesPerSecond) {
        origin = daemon.name();
        linesPerTick = linesPerSecond / TICKS_PER_SECOND;
        broadcast = daemon.ask("broadcast");
        pacer.scheduleAtFixedRate(this::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < linesPerTick; i++) {
            text.append(line(lines++)).append('\n');
        }
        try {
            OutputStream input = broadcast.input();
            input.write(text.toString().getBytes(UTF_8));
            input.flush();
        } catch (IOException e) {
            // The command ended with its daemon; an executor that throws ticks no more.
            throw new UncheckedIOException(e);
        }
    }

    private String line(int number) {
        return origin + " says " + number + " " + "x".repeat(300);
    }

    /// Ends the load and waits for the command, which has then acknowledged all that it will.
    int exitCode() {
        pacer.shutdownNow();
        try {
            pacer.awaitTermination(10, TimeUnit.SECONDS);
            broadcast.input().close();
        } catch (IOException e) {
            // The command ended with its daemon, and its input with it: its exit code says so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return broadcast.exitCode();
    }

    List<String> errorLines() {
        return broadcast.errorLines();
    }

    /// What was acknowledged.
    void addTo(Records records) {
        List<String> ids = broadcast.outputLines();
        for (int i = 0; i < ids.size(); i++) {
            records.add(ids.get(i), line(i));
        }
    }

    @Override
    public void close() {
        pacer.shutdownNow();
        broadcast.close();
    }
}
