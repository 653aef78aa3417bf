package dev.rumor.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers that go from daemon to daemon while daemons are killed, and stand still so that the others take them for cut
/// off: each reads all that there is, each record once, in the order of its stream.
class FollowIT {

    private static final long SEED = Long.getLong("follow.seed", 7);
    private static final int ROUNDS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final SplittableRandom dice = new SplittableRandom(SEED);
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void whoGoesFromNodeToNodeReadsEachRecordOnceAndInOrder() throws Exception {
        try (FiveDaemons five = FiveDaemons.startWithHttp(directory);
                Program tail = tail(five)) {
            Thread writer = Thread.ofPlatform().start(() -> broadcast(five));
            await("the follower")
                    .atMost(PATIENCE)
                    .until(() -> !tail.outputLines().isEmpty());
            List<Hopper> hoppers = List.of(new CommandHopper(), new EventHopper());
            for (int round = 0; round < ROUNDS; round++) {
                // The first is the one that is followed.
                DaemonProcess victim = five.get(round == 0 ? 0 : dice.nextInt(5));
                boolean kill = round % 2 == 0;
                if (kill) {
                    victim.kill();
                } else {
                    victim.signal("STOP");
                }
                for (Hopper each : hoppers) {
                    each.readAt(five.others(victim).get(dice.nextInt(4)));
                }
                if (kill) {
                    victim.start().awaitReady();
                } else {
                    victim.signal("CONT");
                }
                for (Hopper each : hoppers) {
                    each.readAt(victim);
                }
            }
            over.set(true);
            writer.join();

            Records all = settled(five);
            System.out.printf(
                    "%d records of %d streams, read by three who went from node to node%n",
                    all.count(), all.byStream().size());
            assertThat(all.byStream().size()).isGreaterThan(5);
            for (Hopper each : hoppers) {
                each.finish(() -> each.read.count() < all.count(), five);
                assertThat(each.read.differenceFrom(all)).as(each.toString()).isEmpty();
            }
            await("all that there is")
                    .atMost(PATIENCE)
                    .until(() -> tail.outputLines().size() >= all.count());
            tail.signal("INT");
            assertThat(tail.exitCode()).as("of tail, ended by Ctrl-C").isZero();
            assertThat(Records.read(tail.output()).differenceFrom(all))
                    .as("tail")
                    .isEmpty();
            assertThat(tail.errorLines()).as("it moved").anyMatch(line -> line.contains("going on at"));
        }
    }

    private Program tail(FiveDaemons five) {
        String nodes = five.all().stream().map(DaemonProcess::address).collect(Collectors.joining(","));
        return Program.command(directory, "tail", "--json", "--from", "start", "--timeout", "1s", "--node", nodes);
    }

    /// Until it is over, at whoever takes it. What was under way when a daemon was lost may be taken or not.
    private void broadcast(FiveDaemons five) {
        SplittableRandom where = new SplittableRandom(~SEED);
        for (int k = 1; !over.get(); k++) {
            DaemonProcess node = five.get(where.nextInt(5));
            try (RumorClient client = RumorClient.connect(Address.parse(node.address()), Duration.ofSeconds(1))) {
                for (int together = 0; together < 10; together++) {
                    client.broadcast("", ("record " + k + "." + together).getBytes(UTF_8));
                }
            } catch (RumorException lost) {
                // The next, then.
            }
        }
    }

    private static Records settled(FiveDaemons five) {
        five.awaitLinked();
        await("all five hold the same")
                .atMost(PATIENCE)
                .until(() -> five.all().stream()
                                .map(DaemonProcess::records)
                                .distinct()
                                .count()
                        == 1);
        return five.get(0).read();
    }

    /// A reader that has nothing but its cursor.
    private abstract static class Hopper {
        final Records read = new Records();
        String cursor = "start";

        /// Reads some of what comes after the cursor there.
        abstract void readAt(DaemonProcess node);

        void finish(BooleanSupplier lacks, FiveDaemons five) {
            for (int k = 0; k < 20 && lacks.getAsBoolean(); k++) {
                readAt(five.get(k % 5));
            }
        }

        void take(String object) {
            cursor = Records.field(object, "cursor");
            read.add(Records.field(object, "id"), Records.field(object, "payload"));
        }
    }

    /// `rumor read --after`
    private final class CommandHopper extends Hopper {

        @Override
        void readAt(DaemonProcess node) {
            String limit = String.valueOf(1 + dice.nextInt(500));
            try (Program command = node.ask("read", "--json", "--after", cursor, "--limit", limit)) {
                assertThat(command.exitCode())
                        .as(command.errorLines().toString())
                        .isZero();
                command.outputLines().forEach(this::take);
            }
        }
    }

    /// `GET /v1/stream` with `Last-Event-ID`
    private final class EventHopper extends Hopper {

        @Override
        void readAt(DaemonProcess node) {
            try {
                HttpURLConnection call = (HttpURLConnection) URI.create("http://" + node.http() + "/v1/stream")
                        .toURL()
                        .openConnection();
                call.setRequestProperty("Last-Event-ID", cursor);
                call.setReadTimeout(3_000);
                read(call, 1 + dice.nextInt(500));
                call.disconnect();
            } catch (IOException e) {
                throw new AssertionError("at " + node, e);
            }
        }

        /// So many events, or until none comes for a while.
        private void read(HttpURLConnection call, int most) throws IOException {
            long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(call.getInputStream(), UTF_8))) {
                for (int events = 0; events < most && System.nanoTime() < until; ) {
                    String line = lines.readLine();
                    assertThat(line).isNotNull().isNotEqualTo("event: gap");
                    if (line.startsWith("data: ")) {
                        take(line.substring("data: ".length()));
                        events++;
                    }
                }
            } catch (SocketTimeoutException nothingMore) {
                // All that there is was read.
            }
        }
    }
}
