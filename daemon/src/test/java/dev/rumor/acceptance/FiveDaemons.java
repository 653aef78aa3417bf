package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Five daemons, `n1` to `n5`, of which three know one other and two know none; together they know all.
record FiveDaemons(List<DaemonProcess> all) implements AutoCloseable {

    private static final Duration MEETING = Duration.ofSeconds(30);

    /// Starts them, none in the order of who seeds whom, and returns when each has a link to all others.
    static FiveDaemons start(Path directory) {
        return start(directory, port -> new String[0]);
    }

    /// As above, each with HTTP.
    static FiveDaemons startWithHttp(Path directory) {
        return start(directory, port -> new String[] {"--http", "127.0.0.1:" + port});
    }

    private static FiveDaemons start(Path directory, IntFunction<String[]> more) {
        List<Integer> all = DaemonProcess.freePorts(10);
        List<Integer> ports = all.subList(0, 5);
        List<List<Integer>> seeds = List.of(
                List.of(),
                List.of(ports.get(0)),
                List.of(),
                List.of(ports.get(1), ports.get(2)),
                List.of(ports.get(3)));
        List<DaemonProcess> made = IntStream.range(0, 5)
                .mapToObj(k -> new DaemonProcess(
                        directory, "n" + (k + 1), ports.get(k), seeds.get(k), more.apply(all.get(5 + k))))
                .toList();
        FiveDaemons five = new FiveDaemons(made);
        try {
            IntStream.of(4, 1, 3, 0, 2).forEach(k -> made.get(k).start());
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
