package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.client.Address;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Daemons `n1`, `n2` and on, each in a process of its own with a data directory of its own, and each with all others
/// as its seeds.
record Daemons(List<DaemonProcess> all) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Not yet started.
    ///
    /// @param directory where their data and their output go
    static Daemons of(Path directory, int count, String... flags) {
        List<Integer> ports = DaemonProcess.freePorts(count);
        List<DaemonProcess> all = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            List<Integer> seeds = new ArrayList<>(ports);
            seeds.remove(k);
            all.add(new DaemonProcess(directory, "n" + (k + 1), ports.get(k), seeds, flags));
        }
        return new Daemons(all);
    }

    Daemons start() {
        all.forEach(DaemonProcess::start);
        all.forEach(DaemonProcess::awaitReady);
        return this;
    }

    /// Waits until they are linked to each other, and all hold the same and know it.
    void awaitLevel() {
        await("all daemons level")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(RumorException.class)
                .until(() -> isLevel(all.stream().map(DaemonProcess::status).toList()));
    }

    private static boolean isLevel(List<Status> all) {
        long most = all.stream().mapToLong(Status::records).max().orElseThrow();
        return all.stream()
                .allMatch(
                        each -> each.linked() == all.size() - 1 && each.records() == most && each.committed() == most);
    }

    /// Reads every daemon whole and holds what it shows against the ledger.
    List<String> faults(Ledger ledger) {
        return all.stream().flatMap(each -> faults(ledger, each).stream()).toList();
    }

    private static List<String> faults(Ledger ledger, DaemonProcess daemon) {
        try (RumorClient client = RumorClient.connect(Address.parse(daemon.address()), PATIENCE);
                Stream<ReceivedRecord> shown = client.read(null, 0)) {
            return ledger.faults(daemon.name(), shown);
        }
    }

    @Override
    public void close() {
        all.forEach(DaemonProcess::close);
    }
}
