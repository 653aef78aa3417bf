package dev.rumor.trial;

import dev.rumor.acceptance.DaemonProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Daemons are killed, one, some or all at once, while clients broadcast through all of them. In the end all are
/// started, and what each shows is held against what was acknowledged.
@Command(
        name = "crash",
        description = "Kill daemons (kill -9) under load, also all at once, and start them again; then look for "
                + "what was acknowledged and is missing, for what is there twice, and for streams out of order.")
final class Crash implements Callable<Integer> {

    @Option(names = "--kills", paramLabel = "N", description = "Processes to kill, at least (${DEFAULT-VALUE}).")
    private int kills = 100;

    @Option(names = "--daemons", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    private int count = 5;

    @Option(names = "--clients", paramLabel = "N", description = "Of each daemon (${DEFAULT-VALUE}).")
    private int clients = 3;

    @Option(names = "--pause", paramLabel = "MS", description = "Between a client's records, in ms (${DEFAULT-VALUE}).")
    private int pauseMillis = 5;

    @Option(names = "--seed", paramLabel = "N", description = "Of who is killed when (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where data and logs go, and stay (a new one in /tmp).")
    private Path directory;

    @Spec
    private CommandSpec spec;

    private final Ledger ledger = new Ledger();
    private int killed;
    private int strikesAtAll;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (directory == null) {
            directory = Files.createTempDirectory("crash-");
        }
        out.println("crash --kills " + kills + " --daemons " + count + " --clients " + clients + " --pause "
                + pauseMillis + " --seed " + seed + " --dir " + directory);
        List<String> faults = run(directory);
        out.printf(
                "%d processes killed, %d times all at once; %,d records broadcast, %,d acknowledged, %d faults%n",
                killed, strikesAtAll, ledger.offered(), ledger.acknowledged(), faults.size());
        faults.forEach(out::println);
        return faults.isEmpty() ? 0 : 1;
    }

    /// @return what is wrong in the end, in sentences
    List<String> run(Path place) {
        try (Daemons daemons =
                Daemons.of(place, count, "--retain-bytes", "8GiB").start()) {
            List<Voice> voices = voices(daemons);
            try {
                Random dice = new Random(seed);
                while (killed < kills) {
                    strike(daemons.all(), voices, dice);
                }
            } finally {
                voices.forEach(Voice::close);
            }
            daemons.all().forEach(DaemonProcess::awaitReady);
            Witness.awaitLevel(daemons.witnesses());
            return daemons.witnesses().stream()
                    .flatMap(each -> each.faults(ledger).stream())
                    .toList();
        }
    }

    /// Half of the time when every client was heard again, else when daemons may still be starting. One in four times
    /// all are killed.
    private void strike(List<DaemonProcess> daemons, List<Voice> voices, Random dice) {
        if (dice.nextBoolean()) {
            Voice.awaitAcknowledgements(voices);
        }
        Voice.pause(Duration.ofMillis(dice.nextInt(1_500)));
        List<DaemonProcess> victims = new ArrayList<>(daemons);
        Collections.shuffle(victims, dice);
        boolean all = dice.nextInt(4) == 0;
        victims = victims.subList(0, all ? victims.size() : 1 + dice.nextInt(2));
        victims.parallelStream().forEach(Crash::kill);
        killed += victims.size();
        strikesAtAll += all ? 1 : 0;
        Voice.pause(Duration.ofMillis(dice.nextInt(1_000)));
        victims.forEach(DaemonProcess::start);
    }

    private static void kill(DaemonProcess victim) {
        if (!victim.isAlive()) {
            throw new AssertionError(victim + " ended by itself: " + victim.log());
        }
        victim.kill();
    }

    int acknowledged() {
        return ledger.acknowledged();
    }

    private List<Voice> voices(Daemons daemons) {
        List<Voice> voices = new ArrayList<>();
        for (DaemonProcess each : daemons.all()) {
            for (int k = 0; k < clients; k++) {
                voices.add(new Voice(ledger.voice(), each.address(), Duration.ofMillis(pauseMillis), ledger));
            }
        }
        return voices;
    }
}
