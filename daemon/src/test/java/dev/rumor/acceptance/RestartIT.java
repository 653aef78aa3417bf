package dev.rumor.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RumorClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon has when it comes back, whatever became of it and of its data directory meanwhile. That no sequence is
/// used twice shows in what all read: each record once, under an id of its own.
class RestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<Integer> ports = DaemonProcess.freePorts(2);
    private final Records expected = new Records();
    private DaemonProcess n1;
    private DaemonProcess n2;

    @AfterEach
    void stopAll() {
        Stream.of(n1, n2).filter(each -> each != null).forEach(DaemonProcess::close);
    }

    @Test
    void whatWasAcknowledgedOutlivesSigtermAndKill() {
        startOne();
        broadcast(n1, "before");
        stop(n1);
        start(n1);
        assertHolds(n1);

        broadcast(n1, "between");
        n1.kill();
        start(n1);
        assertHolds(n1);
        broadcast(n1, "after");
        assertHolds(n1);
    }

    @Test
    void fiveKilledAtOnceComeBackWithAllThatWasAcknowledged() {
        try (FiveDaemons five = FiveDaemons.start(directory)) {
            five.all().forEach(each -> broadcast(each, "at " + each));
            five.all().forEach(DaemonProcess::kill);
            five.all().forEach(DaemonProcess::start);
            five.all().forEach(DaemonProcess::awaitReady);
            five.all().forEach(this::assertHolds);
            five.awaitLinked();
        }
    }

    @Test
    void whoLosesItsDataLearnsItsOwnRecordsBackAndGoesOnBehindThem() throws IOException {
        startTwo();
        broadcast(n1, "before");
        assertHolds(n2);
        n1.kill();
        remove(n1.data());
        start(n1);
        assertHolds(n1);
        broadcast(n1, "after");
        assertHolds(n1);
        assertHolds(n2);
    }

    @Test
    void whoIsGivenAnOlderCopyOfItsDataSaysSoAndLearnsTheRestBack() throws IOException {
        startTwo();
        broadcast(n1, "first");
        stop(n1);
        copy(n1.data(), directory.resolve("backup"));
        start(n1);
        broadcast(n1, "second");
        assertHolds(n2);
        stop(n1);
        remove(n1.data());
        Files.move(directory.resolve("backup"), n1.data());

        start(n1);
        assertThat(n1.log())
                .anyMatch(line -> line.contains("this disk once held more of n1/")
                        && line.contains("it is taken for a restored copy and continues under the new disk id"));
        assertHolds(n1);
        broadcast(n1, "third");
        assertHolds(n1);
        assertHolds(n2);
    }

    @Test
    void aSecondProcessOnACopyOfTheDataIsRefusedInWords() throws IOException {
        startTwo();
        broadcast(n1, "before");
        assertHolds(n2);
        copy(n1.data(), directory.resolve("clone").resolve("n1"));
        try (DaemonProcess clone = new DaemonProcess(
                directory.resolve("clone"), "n1", DaemonProcess.freePorts(1).getFirst(), ports)) {
            assertThat(clone.start().exitCode(PATIENCE)).isEqualTo(1);
            assertThat(clone.log())
                    .filteredOn(line -> line.startsWith("rumor: "))
                    .singleElement()
                    .asString()
                    .contains("'n1'");

            n1.kill();
            start(clone);
            assertHolds(clone);
            broadcast(clone, "from the copy");
            assertHolds(clone);
            assertHolds(n2);
        }
    }

    @Test
    void aSecondProcessOnTheSameDataIsRefusedInWordsBeforeItTakesAPort() {
        startOne();
        try (DaemonProcess second = new DaemonProcess(directory, "n1", ports.getFirst(), List.of())) {
            assertThat(second.start().exitCode(PATIENCE)).isEqualTo(1);
            assertThat(second.log())
                    .filteredOn(line -> line.startsWith("rumor: "))
                    .singleElement()
                    .asString()
                    .contains("the data directory " + n1.data() + " is in use by another process");
        }
        broadcast(n1, "undisturbed");
        assertHolds(n1);
    }

    // --- what the tests share

    private void startOne() {
        n1 = new DaemonProcess(directory, "n1", ports.getFirst(), List.of());
        start(n1);
    }

    /// Each knows the other, so that each can come back alone.
    private void startTwo() {
        n1 = new DaemonProcess(directory, "n1", ports.getFirst(), ports.subList(1, 2));
        n2 = new DaemonProcess(directory, "n2", ports.getLast(), ports.subList(0, 1));
        n1.start();
        n2.start();
        n1.awaitReady();
        n2.awaitReady();
    }

    private static void start(DaemonProcess daemon) {
        assertThat(daemon.start().awaitReady()).contains("data in " + daemon.data());
    }

    private static void stop(DaemonProcess daemon) {
        daemon.signal("TERM");
        assertThat(daemon.exitCode(PATIENCE)).isZero();
    }

    /// A hundred records, which all who are asked from now on are to have.
    private void broadcast(DaemonProcess daemon, String text) {
        try (RumorClient client = daemon.client()) {
            for (int k = 1; k <= 100; k++) {
                String payload = text + " " + k;
                expected.add(client.broadcast("", payload.getBytes(UTF_8)).toString(), payload);
            }
        }
    }

    private void assertHolds(DaemonProcess daemon) {
        await("all records at " + daemon)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(held(daemon).differenceFrom(expected)).isEmpty());
    }

    private static Records held(DaemonProcess daemon) {
        Records held = new Records();
        try (RumorClient client = daemon.client();
                Stream<ReceivedRecord> records = client.read(null, 0)) {
            records.forEach(each -> held.add(each.id().toString(), each.text().orElseThrow()));
        }
        return held;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
    }

    private static void remove(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(data);
    }
}
