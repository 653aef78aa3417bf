package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.RecordId;
import dev.rumor.client.RumorException;
import dev.rumor.client.Status;
import dev.rumor.trial.Ledger;
import dev.rumor.trial.Voice;
import dev.rumor.trial.Witness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/// Daemons `n1`, `n2` and on in containers of one network, clients that broadcast through them, and the ledger of what
/// was acknowledged to these.
final class Cluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Image image;
    private final Network network = Network.newNetwork();
    private final List<Daemon> daemons = new ArrayList<>();
    private final List<Voice> voices = new ArrayList<>();
    private final Ledger ledger = new Ledger();

    Cluster(Image image, int size) {
        this.image = image;
        try {
            grow(size);
            awaitLevel("the start");
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    Image image() {
        return image;
    }

    Network network() {
        return network;
    }

    /// The address of this host in such a network.
    static String gateway(Network network) {
        return Docker.run(
                "network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}}{{end}}", network.getId());
    }

    List<Daemon> daemons() {
        return List.copyOf(daemons);
    }

    /// By its number, from 1 on.
    Daemon n(int number) {
        return daemons.get(number - 1);
    }

    List<Daemon> others(Daemon... than) {
        return daemons.stream().filter(each -> !List.of(than).contains(each)).toList();
    }

    /// Starts as many more, all at once, and returns when they are ready.
    void grow(int more) {
        List<Daemon> added = IntStream.rangeClosed(daemons.size() + 1, daemons.size() + more)
                .mapToObj(number -> new Daemon(image, network, "n" + number))
                .toList();
        daemons.addAll(added);
        Startables.deepStart(added).join();
    }

    /// Starts one that is elsewhere.
    void add(Daemon daemon) {
        daemons.add(daemon);
        daemon.start();
    }

    /// It is gone, with its volume, and will not come back.
    void remove(Daemon daemon) {
        daemons.remove(daemon);
        daemon.stop();
    }

    // --- what is broadcast

    /// From now on clients broadcast through these, one each.
    void speakThrough(List<Daemon> some) {
        some.forEach(each -> voices.add(new Voice(ledger.voice(), each.address(), PAUSE, ledger)));
    }

    /// Waits until as many more records are acknowledged.
    void awaitAcknowledged(int more) {
        int all = ledger.acknowledged() + more;
        await(more + " more records acknowledged").atMost(PATIENCE).until(() -> ledger.acknowledged() >= all);
    }

    /// All clients say no more, and have been told what they will be told.
    void silence() {
        voices.parallelStream().forEach(Voice::close);
        voices.clear();
    }

    int acknowledged() {
        return ledger.acknowledged();
    }

    /// Broadcasts one record by the command inside this daemon, with these options.
    ExecResult broadcast(Daemon daemon, String... options) {
        int number = ledger.offer();
        String text = new String(Ledger.payload(ledger.voice(), number), StandardCharsets.US_ASCII);
        ExecResult result =
                daemon.run(Stream.concat(Stream.concat(Stream.of("broadcast"), Stream.of(options)), Stream.of(text))
                        .toList());
        result.getStdout().lines().forEach(id -> ledger.acknowledged(number, RecordId.parse(id)));
        return result;
    }

    /// Waits until nothing but this one's lack keeps a broadcast from being held by all, and who waits is told so.
    void awaitMissing(Daemon missing, Daemon asked) {
        await("a wait for all names " + missing + ", and nobody else")
                .atMost(PATIENCE)
                .until(() -> {
                    ExecResult waited = broadcast(asked, "--wait", "all", "--within", "2s");
                    assertThat(waited.getExitCode()).as(waited.getStderr()).isEqualTo(4);
                    return waited.getStderr().strip().endsWith("missing at " + missing);
                });
    }

    // --- what became of it

    /// Waits until these hold the same, whoever knows it.
    void awaitSame(String after, List<Daemon> some) {
        long start = System.nanoTime();
        await(some + " hold the same after " + after)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(RumorException.class)
                .until(() -> some.stream()
                                .map(Daemon::status)
                                .map(Status::records)
                                .distinct()
                                .count()
                        == 1);
        tell(start, "hold the same", some.size(), after);
        assertNothingLost(some);
    }

    /// Waits until all are linked, hold the same and know it; then reads all of it everywhere.
    void awaitLevel(String after) {
        awaitLevel(after, System.nanoTime());
    }

    /// @param since from when the time counts that is told, by [System#nanoTime]
    void awaitLevel(String after, long since) {
        Witness.awaitLevel(daemons.stream().map(Daemon::witness).toList());
        tell(since, "level", daemons.size(), after);
        assertNothingLost(daemons);
    }

    private void assertNothingLost(List<Daemon> some) {
        assertThat(some.stream().flatMap(each -> each.witness().faults(ledger).stream()))
                .isEmpty();
    }

    private void tell(long start, String state, int count, String after) {
        System.out.printf(
                Locale.ROOT,
                "%d containers %s %.2f s after %s; %,d records acknowledged so far, none missing%n",
                count,
                state,
                (System.nanoTime() - start) / 1e9,
                after,
                ledger.acknowledged());
    }

    @Override
    public void close() {
        silence();
        daemons.parallelStream().forEach(Daemon::stop);
        network.close();
    }
}
