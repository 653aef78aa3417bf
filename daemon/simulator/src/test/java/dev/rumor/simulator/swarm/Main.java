package dev.rumor.simulator.swarm;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The command `daemon/simulator/src/test/swarm`.
final class Main {

    private static final String HELP = """
            Puts small clusters, each with a mix of faults of its own, through all that may go wrong, in virtual time.
            A seed that fails is printed with what it drew, how to repeat it, and its trace; then it exits with 1.

            Usage: swarm [--for TIME | --seeds N] [--first SEED] [--jobs N]
                   swarm --seed SEED

              --for TIME     as long as asked, such as 90s, 10m or 8h; default 1m
              --seeds N      so many seeds instead
              --first SEED   the first of them; default 1, with --for one that nobody has tried: the present time
              --jobs N       threads; default all cores
              --seed SEED    this one alone, and its trace
              --traces DIR   where the traces of those that fail are left; default daemon/simulator/target/swarm
            """;

    private Duration time = Duration.ofMinutes(1);
    private long seeds = Long.MAX_VALUE;
    private long first = -1;
    private long only = -1;
    private int jobs = Runtime.getRuntime().availableProcessors();
    private Path traces = Path.of("daemon/simulator/target/swarm");

    private Main() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Main main = new Main();
        if (List.of(args).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        try {
            main.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("swarm: " + e.getMessage() + "; swarm --help says what there is");
            System.exit(2);
        }
        System.exit(main.only >= 0 ? main.playOne() : main.playAll());
    }

    private void parse(List<String> args) {
        for (int k = 0; k < args.size(); k += 2) {
            String name = args.get(k);
            if (k + 1 == args.size()) {
                throw new IllegalArgumentException(name + " wants a value, or is unknown");
            }
            String value = args.get(k + 1);
            switch (name) {
                case "--for" -> time = time(value);
                case "--seeds" -> seeds = number(name, value);
                case "--first" -> first = number(name, value);
                case "--seed" -> only = number(name, value);
                case "--jobs" -> jobs = (int) Math.min(256, Math.max(1, number(name, value)));
                case "--traces" -> traces = Path.of(value);
                default -> throw new IllegalArgumentException("'" + name + "' is unknown");
            }
        }
    }

    private static long number(String name, String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(name + " is a number, not '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private static Duration time(String value) {
        if (!value.matches("[0-9]{1,6}[smh]")) {
            throw new IllegalArgumentException("--for is a time such as 90s, 10m or 8h, not '" + value + "'");
        }
        return Duration.parse("PT" + value);
    }

    private int playOne() {
        Swarm swarm = new Swarm(only, only + 1, traces);
        Swarm.Failure failure = Swarm.playOne(only);
        System.out.println(failure == null ? "seed " + only + " came through" : swarm.report(failure));
        return failure == null ? 0 : 1;
    }

    private int playAll() throws InterruptedException {
        boolean counted = seeds != Long.MAX_VALUE;
        long begin = first >= 0 ? first : counted ? 1 : System.currentTimeMillis();
        long until = System.nanoTime() + time.toNanos();
        long began = System.nanoTime();
        Swarm swarm = new Swarm(begin, counted ? begin + seeds : Long.MAX_VALUE, traces);
        Thread progress = Thread.ofPlatform().daemon().start(() -> progress(swarm));
        swarm.play(jobs, () -> !counted && System.nanoTime() > until);
        progress.interrupt();
        progress.join();
        PrintStream out = System.out;
        List<Swarm.Failure> failures = new ArrayList<>(swarm.failures());
        failures.forEach(each -> out.println(swarm.report(each) + "\n"));
        out.printf(
                "%s; from seed %d, in %.1f s on %d threads%n",
                swarm.summary(), begin, (System.nanoTime() - began) / 1e9, jobs);
        return failures.isEmpty() ? 0 : 1;
    }

    private static void progress(Swarm swarm) {
        boolean person = System.console() != null && System.console().isTerminal();
        try {
            while (person) {
                Thread.sleep(1_000);
                System.err.print("\r" + swarm.summary() + " ");
            }
        } catch (InterruptedException over) {
            System.err.println();
        }
    }
}
