package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.client.RumorException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A daemon with a small heap takes many records, is killed, and starts again with them.
@Command(name = "memory", description = "How much memory many records take, and how long a start with them.")
final class Memory implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(names = "--records", paramLabel = "N", description = "How many, of 100 bytes (${DEFAULT-VALUE}).")
    private int records = 1_000_000;

    @Option(names = "--singly", description = "Each a run of its own; this takes minutes.")
    private boolean singly;

    @Option(names = "--heap", paramLabel = "MIB", description = "The daemon's -Xmx, in MiB (${DEFAULT-VALUE}).")
    private int heapMib = 256;

    @Option(names = "--starts", paramLabel = "N", description = "How often it is killed (${DEFAULT-VALUE}).")
    private int starts = 5;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int port = DaemonProcess.freePorts(1).getFirst();
        try (Scratch scratch = Scratch.of("memory");
                DaemonProcess daemon = new DaemonProcess(scratch.path(), "n1", port, List.of())) {
            out.println(Figures.machine(scratch.path()));
            daemon.withHeap(heapMib).start().awaitReady();
            if (singly) {
                Bulk.broadcastSingly(daemon.address(), records, 100);
            } else {
                Bulk.broadcast(daemon.address(), records, 100);
            }
            out.printf(
                    "%,d records of 100 bytes in a heap of %d MiB; resident %d MiB%n", records, heapMib, mib(daemon));
            double[] seconds = new double[starts];
            for (int k = 0; k < starts; k++) {
                seconds[k] = restart(daemon);
            }
            out.printf(
                    "killed, started, all there again after %s s; resident %d MiB%n",
                    Figures.spread("%.2f", seconds), mib(daemon));
        }
        return 0;
    }

    private static long mib(DaemonProcess daemon) {
        return daemon.residentBytes() >> 20;
    }

    /// From the start of the process until it answers that it holds all, in s.
    private double restart(DaemonProcess daemon) {
        daemon.kill();
        long start = System.nanoTime();
        daemon.start();
        await("all records")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(RumorException.class)
                .until(() -> daemon.records() == records);
        return (System.nanoTime() - start) / 1e9;
    }
}
