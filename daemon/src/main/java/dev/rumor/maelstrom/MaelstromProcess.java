package dev.rumor.maelstrom;

import dev.rumor.core.Node;
import dev.rumor.core.Settings;
import dev.rumor.host.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A node on standard input and output. One thread drives it; a second one only waits for lines.
public final class MaelstromProcess {

    private final long born = System.nanoTime();
    private final OutputStream out;
    private final MaelstromHost host;

    private MaelstromProcess(
            MaelstromHost.Options options,
            Function<Settings, Machine> machines,
            OutputStream out,
            Consumer<String> log) {
        this.out = out;
        this.host = new MaelstromHost(options, System.currentTimeMillis(), machines, this::say, log);
    }

    /// Returns at the end of the input.
    ///
    /// @param out each line is written to it at once
    /// @throws IOException if nothing can be written any more
    /// @throws dev.rumor.host.Stopped if the node ends for a reason of its own
    public static void run(
            MaelstromHost.Options options, RandomGenerator dice, InputStream in, OutputStream out, Consumer<String> log)
            throws IOException, InterruptedException {
        run(options, settings -> Machine.of(new Node(settings, dice)), in, out, log);
    }

    static void run(
            MaelstromHost.Options options,
            Function<Settings, Machine> machines,
            InputStream in,
            OutputStream out,
            Consumer<String> log)
            throws IOException, InterruptedException {
        Lines lines = new Lines(in, log);
        Rehearsal.of(options);
        try {
            new MaelstromProcess(options, machines, out, log).follow(lines);
        } catch (UncheckedIOException unwritten) {
            throw unwritten.getCause();
        }
    }

    /// What came before the time of an alarm goes before it, however late either is found: a relay whose input queued
    /// up sends on all of it, and a peer's message tells of the time at which it came.
    private void follow(Lines lines) throws InterruptedException {
        while (!lines.haveEnded()) {
            Lines.Line line = lines.poll(host.nextAlarm() - now(), TimeUnit.NANOSECONDS);
            if (line == null || line.nanos() - born >= host.nextAlarm()) {
                host.wake(now());
            }
            if (line != null) {
                host.receive(line.text(), line.nanos() - born);
            }
        }
        host.stop(now());
    }

    private void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException unwritten) {
            throw new UncheckedIOException(unwritten);
        }
    }

    private long now() {
        return System.nanoTime() - born;
    }
}
