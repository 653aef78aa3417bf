package dev.rumor.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `deploy/grafana/dashboards`, as far as the files tell; `ComposeIT` runs their queries.
class DashboardsTest {

    static Stream<Dashboard> all() {
        return Dashboard.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDashboardKeepsItsAddressWhateverItIsNamed(Dashboard dashboard) {
        assertThat(dashboard.json().path("uid").asText())
                .isEqualTo("rumor-" + dashboard.file().replace(".json", ""));
        assertThat(dashboard.json().path("schemaVersion").asInt()).isPositive();
        assertThat(dashboard.json().path("title").asText()).startsWith("Rumor");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPanelHasANumberATitleAUnitAndWordsOfItsOwn(Dashboard dashboard) {
        assertThat(dashboard.json().path("panels").findValuesAsText("id")).doesNotHaveDuplicates();
        assertThat(dashboard.panels()).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.findValuesAsText("unit")).hasSize(1);
            assertThat(panel.path("targets")).isNotEmpty();
        });
    }

    /// Whoever imports it chooses where the figures come from.
    @ParameterizedTest
    @MethodSource("all")
    void everyQueryGoesToTheDataSourceThatIsChosen(Dashboard dashboard) {
        List<JsonNode> sources = Stream.concat(
                        dashboard.json().path("panels").findValues("datasource").stream(),
                        dashboard.json().path("templating").findValues("datasource").stream())
                .toList();
        assertThat(sources)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
        assertThat(dashboard.variables().getFirst().path("type").asText()).isEqualTo("datasource");
    }

    @ParameterizedTest
    @MethodSource("all")
    void noPanelLiesOnAnother(Dashboard dashboard) {
        Map<String, String> taken = new HashMap<>();
        for (JsonNode panel : dashboard.json().path("panels")) {
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell = (place.path("x").asInt() + x) + ":"
                            + (place.path("y").asInt() + y);
                    String title = panel.path("title").asText();
                    assertThat(taken.put(cell, title))
                            .as(title + " lies on another")
                            .isNull();
                }
            }
        }
    }
}
