package dev.rumor.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `deploy/prometheus`, by Prometheus's own promtool (Debian: prometheus).
class AlertsTest {

    private static final String ALERTS = "deploy/prometheus/alerts.yaml";
    private static final String EXAMPLES = "deploy/prometheus/alerts_test.yaml";

    @Test
    void promtoolReadsTheConfigurationAndItsAlerts() {
        assertThat(Tool.required("promtool")
                        .run("", "check", "config", "--lint=all", "--lint-fatal", "deploy/prometheus/prometheus.yaml"))
                .contains("is valid prometheus config file syntax", "5 rules found");
    }

    @Test
    void everyAlertFiresWhenItShouldAndOnlyThen() {
        assertThat(Tool.required("promtool").run("", "test", "rules", EXAMPLES)).endsWith("SUCCESS");
    }

    @Test
    void everyAlertHasAnExampleWhereItFiresAndOneWhereItDoesNot() {
        List<String> alerts = names(Tool.file(ALERTS), "- alert: (\\w+)");
        String examples = Tool.file(EXAMPLES);
        assertThat(names(examples, "alertname: (\\w+)\\n +exp_alerts:")).containsAll(alerts);
        assertThat(names(examples, "alertname: (\\w+)(?!\\n +exp_alerts:|\\w)")).containsAll(alerts);
    }

    private static List<String> names(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
