package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Five daemons, `n1` to `n5`, of which three know one other and two know none; together they know all.
record FiveDaemons(List<DaemonProcess> all) implements AutoCloseable {

    private static final Duration MEETING = Duration.ofSeconds(30);

    /// Starts them, none in the order of who seeds whom, and returns when each has a link to all others.
    static FiveDaemons start(Path directory) {
        List<Integer> ports = DaemonProcess.freePorts(5);
        DaemonProcess n1 = new DaemonProcess(directory, "n1", ports.get(0), List.of());
        DaemonProcess n2 = new DaemonProcess(directory, "n2", ports.get(1), List.of(ports.get(0)));
        DaemonProcess n3 = new DaemonProcess(directory, "n3", ports.get(2), List.of());
        DaemonProcess n4 = new DaemonProcess(directory, "n4", ports.get(3), List.of(ports.get(1), ports.get(2)));
        DaemonProcess n5 = new DaemonProcess(directory, "n5", ports.get(4), List.of(ports.get(3)));
        FiveDaemons five = new FiveDaemons(List.of(n1, n2, n3, n4, n5));
        try {
            List.of(n5, n2, n4, n1, n3).forEach(DaemonProcess::start);
            five.all.forEach(DaemonProcess::awaitReady);
            five.awaitLinked();
            return five;
        } catch (RuntimeException | Error e) {
            five.close();
            throw e;
        }
    }

    DaemonProcess get(int index) {
        return all.get(index);
    }

    List<DaemonProcess> others(DaemonProcess one) {
        return all.stream().filter(each -> each != one).toList();
    }

    void awaitLinked() {
        await("five daemons linked to each other")
                .atMost(MEETING)
                .untilAsserted(() -> assertThat(all)
                        .allSatisfy(each -> assertThat(each.status().linked()).isEqualTo(4)));
    }

    /// Waits until each of these holds this many records.
    static void awaitRecords(List<DaemonProcess> daemons, long count, Duration patience) {
        await(count + " records at " + daemons)
                .atMost(patience)
                .untilAsserted(() -> assertThat(daemons)
                        .allSatisfy(each -> assertThat(each.records()).isEqualTo(count)));
    }

    @Override
    public void close() {
        all.forEach(DaemonProcess::close);
    }
}
