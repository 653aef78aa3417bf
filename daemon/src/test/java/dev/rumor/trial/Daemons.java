package dev.rumor.trial;

import dev.rumor.acceptance.DaemonProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Daemons `n1`, `n2` and on, each in a process of its own with a data directory of its own, and each with all others
/// as its seeds.
record Daemons(List<DaemonProcess> all) implements AutoCloseable {

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

    List<Witness> witnesses() {
        return all.stream()
                .map(each -> new Witness(each.name(), each.address()))
                .toList();
    }

    @Override
    public void close() {
        all.forEach(DaemonProcess::close);
    }
}
