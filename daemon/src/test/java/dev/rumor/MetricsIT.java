package dev.rumor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Receipts;
import dev.rumor.client.RecordId;
import dev.rumor.client.Wait;
import dev.rumor.core.Event;
import dev.rumor.deploy.Tool;
import dev.rumor.metrics.Metrics;
import dev.rumor.metrics.Scrape;
import dev.rumor.tcp.Address;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What live nodes tell at their HTTP ports.
class MetricsIT {

    private final Nodes nodes = new Nodes();
    private final Curl curl = new Curl();

    @AfterEach
    void closeAll() {
        curl.close();
        nodes.close();
    }

    @Test
    void whatIsBroadcastAtOneIsPushedThereReceivedElsewhereAndCoversAll() throws IOException {
        List<Rumor> three = cluster();
        for (int k = 0; k < 100; k++) {
            three.getFirst().broadcast("", ("record " + k).getBytes(UTF_8)).join();
        }
        await().untilAsserted(() -> {
            Scrape origin = scrape(three.getFirst());
            assertThat(origin.figure("rumor_records_broadcast_total")).isEqualTo(100);
            assertThat(origin.figure("rumor_records_pushed_total")).isEqualTo(200);
            assertThat(origin.figure("rumor_records")).isEqualTo(100);
            assertThat(origin.figure("rumor_links{state=\"linked\"}")).isEqualTo(2);
            assertThat(origin.figure("rumor_committed_lag_records")).isZero();
            assertThat(origin.figure("rumor_coverage_seconds_count{share=\"100\"}"))
                    .isPositive()
                    .isEqualTo(origin.figure("rumor_coverage_seconds_count{share=\"50\"}"));
            assertThat(frames(origin, "out", "runs")).isPositive();
            for (Rumor other : three.subList(1, 3)) {
                Scrape scrape = scrape(other);
                assertThat(scrape.figure("rumor_records_received_total")).isEqualTo(100);
                assertThat(scrape.figure("rumor_records_duplicate_total")).isZero();
                assertThat(scrape.figure("rumor_queue_bytes{queue=\"log\"}")).isPositive();
            }
        });
        assertThat(frames(scrape(three.getFirst()), "out", "runs"))
                .isEqualTo(frames(scrape(three.get(1)), "in", "runs") + frames(scrape(three.get(2)), "in", "runs"));
    }

    @Test
    void whatIsWrittenToDiskIsTold(@TempDir Path directory) throws IOException {
        Rumor node = nodes.start("n1", Map.of("ephemeral", "false", "data-dir", directory.toString()));
        Scrape before = scrape(node);
        node.broadcast("", new byte[100_000]).join();
        await().untilAsserted(() -> {
            Scrape scrape = scrape(node);
            assertThat(scrape.figure("rumor_log_synced_records_total")).isEqualTo(1);
            assertThat(scrape.figure("rumor_log_sync_seconds_count"))
                    .isGreaterThan(before.figure("rumor_log_sync_seconds_count"));
            assertThat(scrape.figure("rumor_disk_bytes") - before.figure("rumor_disk_bytes"))
                    .isGreaterThan(100_000);
        });
    }

    @Test
    void whoWasAwayPullsAndWhoHoldsUpCommitsIsNamed() throws IOException {
        List<Rumor> three = cluster();
        Rumor away = three.getLast();
        away.close();
        three.getFirst().broadcast("", "meanwhile".getBytes(UTF_8)).join();
        await().untilAsserted(() -> {
            Scrape scrape = scrape(three.getFirst());
            assertThat(scrape.figure("rumor_committed_blocker{member=\"n3\"}")).isEqualTo(1);
            assertThat(scrape.figure("rumor_committed_lag_records")).isEqualTo(1);
        });
        // From n2 alone, to which nobody pushes the records of n1.
        three.getFirst().close();
        Rumor back = nodes.start("n3", three.get(1));
        await().untilAsserted(() ->
                assertThat(scrape(back).figure("rumor_records_pulled_total")).isEqualTo(1));
        assertThat(scrape(three.get(1)).figure("rumor_records_served_total")).isEqualTo(1);
    }

    /// Every second record is waited for, and each goes when the one before is committed everywhere: it shares its
    /// claims with no other, however slow the machine. Rounds come with time, not with records, and so are rare.
    @Test
    void framesPerRecordAreTheSameWhetherAnybodyWaitsOrNot() throws IOException {
        List<Rumor> three = cluster(Map.of("gossip-interval", "1m"));
        double[] frames = new double[2];
        for (int k = 0; k < 200; k++) {
            Wait wait = k % 2 == 0 ? Wait.local() : Wait.all(Duration.ofMinutes(1));
            double before = peerFrames(three);
            Acknowledgement taken =
                    three.getFirst().broadcast("", new byte[100], wait).join();
            assertThat(taken.reached()).isTrue();
            awaitCommitted(taken.first());
            frames[k % 2] += peerFrames(three) - before;
        }
        System.out.printf("frames per record: %.2f, with a waiter %.2f%n", frames[0] / 100, frames[1] / 100);
        assertThat(frames[0])
                .as("two pushes, and a claim of either receiver to both others")
                .isGreaterThan(5 * 100);
        assertThat(frames[1] / frames[0]).isBetween(0.95, 1.05);
    }

    private void awaitCommitted(RecordId record) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> nodes.all().stream()
                        .allMatch(each ->
                                each.holders(record).map(Receipts::committed).orElse(false)));
    }

    private double peerFrames(List<Rumor> nodes) {
        return nodes.stream()
                .map(each -> scrape(each).text())
                .flatMap(String::lines)
                .filter(line -> line.matches("rumor_frames_total\\{direction=\"out\",kind=\".*\",party=\"peer\"} .*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void aScrapeIsAnsweredThoughTheLoopOfTheNodeStandsStill() throws IOException {
        CountDownLatch free = new CountDownLatch(1);
        Rumor node = nodes.start("n1", Map.of(), (event, effects) -> {
            if (event instanceof Event.Offered) {
                awaitUninterruptibly(free);
            }
        });
        await().until(() -> scrape(node).figure("rumor_open") == 1);
        node.broadcast("", new byte[1]);
        try {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                HttpResponse<String> live = curl.get(node, "/live");
                assertThat(live.statusCode()).isEqualTo(503);
                assertThat(live.body()).contains("the node's loop has not turned for ");
            });
            assertThat(scrape(node).figure("rumor_loop_silence_seconds")).isGreaterThan(1);
        } finally {
            free.countDown();
        }
        await().until(() -> curl.get(node, "/live").statusCode() == 200);
    }

    @Test
    void anHttpPortInUseIsSaidBeforeTheNodeJoinsAnything() throws IOException {
        Rumor one = nodes.start("n1");
        Address taken = one.http().orElseThrow();
        assertThatThrownBy(() -> nodes.start("n2", Map.of("http", taken.toString(), "seeds", Nodes.address(one))))
                .hasMessage("cannot listen on " + taken + ": the port is in use");
        assertThat(one.view().members()).hasSize(1);
    }

    @Test
    void aNodeThatIsClosedLeavesItsHttpPortFree() throws IOException {
        Rumor node = nodes.start("n1");
        String http = node.http().orElseThrow().toString();
        node.close();
        assertThat(curl.get(nodes.start("n1", Map.of("http", http)), "/live").statusCode())
                .isEqualTo(200);
    }

    @Test
    void promtoolFindsNothingToSayAboutAScrape() throws IOException {
        Tool promtool = Tool.required("promtool");
        List<Rumor> three = cluster();
        three.getFirst().broadcast("", new byte[1]).join();
        assertThat(promtool.run(scrape(three.getFirst()).text(), "check", "metrics"))
                .isEmpty();
    }

    // --- what the tests share

    private List<Rumor> cluster() throws IOException {
        return cluster(Map.of());
    }

    private List<Rumor> cluster(Map<String, String> settings) throws IOException {
        List<Rumor> all = new ArrayList<>();
        for (String name : List.of("n1", "n2", "n3")) {
            Map<String, String> each = new HashMap<>(settings);
            each.put("seeds", all.stream().map(Nodes::address).collect(Collectors.joining(",")));
            all.add(nodes.start(name, each));
        }
        await().until(() -> all.stream()
                .allMatch(each -> scrape(each).figure("rumor_members{state=\"active\"}") == 3
                        && each.view().linked() == 2));
        return all;
    }

    private Scrape scrape(Rumor node) {
        HttpResponse<String> answer = curl.get(node, "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue(Metrics.CONTENT_TYPE);
        return new Scrape(answer.body());
    }

    private static double frames(Scrape scrape, String direction, String kind) {
        return scrape.figure(
                "rumor_frames_total{direction=\"" + direction + "\",kind=\"" + kind + "\",party=\"peer\"}");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
