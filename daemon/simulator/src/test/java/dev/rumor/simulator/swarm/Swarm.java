package dev.rumor.simulator.swarm;

import dev.rumor.simulator.referee.Unknowable;
import dev.rumor.simulator.swarm.Ordeal.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Many seeds, one after the other on each of some threads, and what came of them.
public final class Swarm {

    /// Of a trace so many of its last lines are shown at once.
    private static final int SHOWN = 25;

    private static final int LONGEST = 240;

    private static final String COMMAND = "daemon/simulator/src/test/swarm --seed ";

    /// A seed that did not come through.
    record Failure(long seed, Throwable why) {}

    private final Path traces;
    private final AtomicLong next;
    private final long end;
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong played = new AtomicLong();
    private final AtomicLong unknowable = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();

    /// The seeds from `first` to before `end`.
    ///
    /// @param traces where the traces of those that fail are left
    Swarm(long first, long end, Path traces) {
        this.next = new AtomicLong(first);
        this.end = end;
        this.traces = traces;
    }

    /// Plays them all, or until it is told that it is enough.
    void play(int threads, BooleanSupplier enough) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int k = 0; k < threads; k++) {
            all.add(Thread.ofPlatform().name("swarm-" + k).start(() -> play(enough)));
        }
        for (Thread each : all) {
            each.join();
        }
    }

    private void play(BooleanSupplier enough) {
        while (!enough.getAsBoolean()) {
            long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            try {
                count(new Ordeal(Mix.of(seed)).play());
            } catch (Unknowable end) {
                unknowable.incrementAndGet();
            } catch (RuntimeException | Error why) {
                failures.add(new Failure(seed, why));
            }
            played.incrementAndGet();
        }
    }

    /// What was wrong with a seed, null if nothing was.
    public static String verdict(long seed) {
        Failure failure = playOne(seed);
        return failure == null || failure.why instanceof Unknowable ? null : String.valueOf(failure.why.getMessage());
    }

    /// @return null if it came through; who asks for one wants to know also that nothing could be demanded
    static Failure playOne(long seed) {
        try {
            new Ordeal(Mix.of(seed)).play();
            return null;
        } catch (RuntimeException | Error why) {
            return new Failure(seed, why);
        }
    }

    private void count(Outcome outcome) {
        events.addAndGet(outcome.events());
        checks.addAndGet(outcome.checks());
        read.addAndGet(outcome.read());
        nanos.addAndGet(outcome.nanos());
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    long played() {
        return played.get();
    }

    /// How many came to where nothing can be demanded.
    long unknowable() {
        return unknowable.get();
    }

    long checks() {
        return checks.get();
    }

    /// How many records were read by readers.
    long read() {
        return read.get();
    }

    /// One line about all.
    String summary() {
        return String.format(
                "%d seeds, %d failed, %d came to where nothing can be demanded; %.1f simulated hours, "
                        + "%.1f million events, %.1f million checks, %.1f million records read by readers who hop",
                played.get(),
                failures.size(),
                unknowable.get(),
                nanos.get() / 3.6e12,
                events.get() / 1e6,
                checks.get() / 1e6,
                read.get() / 1e6);
    }

    /// What a person needs to know of a failure: what was drawn, how to repeat it, and what happened last.
    String report(Failure failure) {
        Mix mix = Mix.of(failure.seed);
        StringBuilder text = new StringBuilder("seed " + failure.seed
                + (failure.why instanceof Unknowable ? " came to where nothing can be demanded: " : " failed: ")
                + failure.why.getMessage());
        mix.lines().forEach(line -> text.append("\n  ").append(line));
        text.append("\nrepeat it with: ").append(COMMAND).append(failure.seed);
        ArrayDeque<String> last = new ArrayDeque<>();
        Path file = traces.resolve("seed-" + failure.seed + ".txt");
        trace(mix, file, last);
        text.append("\nits trace is in ").append(file).append(", and ends with");
        last.forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }

    private static void trace(Mix mix, Path file, ArrayDeque<String> last) {
        try {
            Files.createDirectories(file.getParent());
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
                mix.lines().forEach(out::println);
                Consumer<String> lines = line -> {
                    out.println(line);
                    last.add(line.length() > LONGEST ? line.substring(0, LONGEST) + " ..." : line);
                    if (last.size() > SHOWN) {
                        last.remove();
                    }
                };
                try {
                    new Ordeal(mix, simulation -> List.of(new Trace(simulation, lines))).play();
                } catch (RuntimeException | Error why) {
                    why.printStackTrace(out);
                    last.add(String.valueOf(why));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
