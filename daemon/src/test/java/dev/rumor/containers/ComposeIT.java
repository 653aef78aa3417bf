package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.deploy.Dashboard;
import dev.rumor.deploy.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// `deploy/compose.yaml` as the README brings it up: five daemons and a Prometheus, with our alerts, that watches
/// them. All that our dashboards ask is asked of it while clients broadcast and one daemon is away.
@ExtendWith({Docker.class, Image.Built.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeIT {

    private static final int DAEMONS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Compose compose;
    private Prometheus prometheus;

    @BeforeAll
    void up(Image image) {
        long start = System.nanoTime();
        compose = Compose.up(image);
        prometheus = new Prometheus(compose.address("prometheus", 1, 9090));
        await("Prometheus sees all daemons up")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> prometheus.targetsUp() == DAEMONS);
        System.out.printf(
                Locale.ROOT, "Prometheus saw %d daemons up %.1f s after `up`%n", DAEMONS, secondsSince(start));
        await("all daemons ready")
                .atMost(PATIENCE)
                .until(() -> IntStream.rangeClosed(1, DAEMONS)
                        .allMatch(index -> isReady(compose.address("rumor", index, 7500))));
    }

    @AfterAll
    void down() {
        if (compose != null) {
            compose.close();
        }
    }

    @Test
    void whatOneIsToldOverHttpIsReadByTheCommandInAnother() throws IOException, InterruptedException {
        URI broadcast = URI.create("http://" + compose.address("rumor", 1, 7500) + "/v1/broadcast?topic=greetings");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest hello = HttpRequest.newBuilder(broadcast)
                    .POST(HttpRequest.BodyPublishers.ofString("hello"))
                    .build();
            HttpResponse<String> taken = client.send(hello, HttpResponse.BodyHandlers.ofString());
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        }
        await("the record at another")
                .atMost(PATIENCE)
                .until(() -> compose.rumor(4, "read", "--topic", "greetings").equals("hello"));
    }

    /// What a probe of Kubernetes asks.
    private static boolean isReady(String address) {
        try {
            return ((HttpURLConnection) URI.create("http://" + address + "/ready")
                                    .toURL()
                                    .openConnection())
                            .getResponseCode()
                    == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Some ask what there is only while all are there, others what there is only while one is away.
    @Test
    void everyQueryOfOurDashboardsAndEverySeriesOfOurAlertsHasData() {
        List<String> daemons = compose.daemons();
        List<Dashboard.Query> queries = new ArrayList<>();
        Dashboard.all().forEach(each -> queries.addAll(each.queries("rumor")));
        queries.addAll(alertSeries());
        int count = queries.size();
        long start = System.nanoTime();
        daemons.forEach(ComposeIT::load);
        awaitData(queries, query -> !query.expression().contains("blocker"));
        Docker.run("kill", daemons.getLast());
        awaitData(queries, query -> true);
        System.out.printf(Locale.ROOT, "%d queries had data within %.1f s%n", count, secondsSince(start));
        assertThat(prometheus.rules())
                .hasSize(5)
                .allSatisfy(rule -> assertThat(rule.path("health").asText()).isEqualTo("ok"));
    }

    /// Waits until all of these queries have had data; those that had are no longer asked.
    private void awaitData(List<Dashboard.Query> queries, Predicate<Dashboard.Query> these) {
        await("data").atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            queries.removeIf(each -> prometheus.shows(each.expression()));
            assertThat(queries.stream().filter(these))
                    .as("queries without data")
                    .isEmpty();
        });
    }

    /// Broadcasts, ten a second, until the daemon ends.
    private static void load(String daemon) {
        Docker.run(
                "exec",
                "--detach",
                daemon,
                "sh",
                "-c",
                "while echo load; do sleep 0.1; done | rumor broadcast --quiet --topic load");
    }

    /// Each kind of series in our alerts; what an alert asks for has no data while all is well.
    private static List<Dashboard.Query> alertSeries() {
        String alerts = Tool.file("deploy/prometheus/alerts.yaml");
        return Pattern.compile("\\brumor_[a-z_]+(\\{[^}]*})?")
                .matcher(alerts)
                .results()
                .map(MatchResult::group)
                .distinct()
                .map(series -> new Dashboard.Query("alerts.yaml", "", series))
                .toList();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
