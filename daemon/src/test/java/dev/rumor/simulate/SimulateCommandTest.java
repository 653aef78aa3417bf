package dev.rumor.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.cli.Face;
import dev.rumor.client.cli.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {

    private static final String SMALL = "--nodes 8 --rate 20 --duration 3s --delay 5ms --seed 7";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String arguments) {
        out.reset();
        err.reset();
        Stdio stdio = Stdio.of(new ByteArrayInputStream(new byte[0]), out, err);
        return Face.dress(new CommandLine(new SimulateCommand(stdio)), stdio).execute(arguments.split(" "));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String virtual(String arguments) {
        assertThat(run(arguments)).isZero();
        return out().replaceAll(",\"wall_[a-z_]+\":[0-9.E-]+", "");
    }

    @Test
    void aTableTellsWhatCameOfIt() {
        assertThat(run(SMALL)).isZero();
        assertThat(out())
                .startsWith("8 nodes, 3 s, seed 7: ")
                .contains("A RECORD ON", "half of the nodes", "99 % of the nodes", "all nodes")
                .contains("1.00 for each delivery", "no partition, no crash", "none broken")
                .contains("PER NODE AND SECOND", "push", "rounds");
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonIsTheSameForTheSameSeedButForRealTimeAndWhateverElseIsAskedFor() throws IOException {
        String faults = SMALL + " --loss 5% --partition 1s..2s --crash 25% --json";
        String first = virtual(faults);
        assertThat(first).startsWith("{\"nodes\":8,").contains("\"coverage_ms\"", "\"crashes\":2", "\"complete\":true");
        Path report = directory.resolve("report.html");
        assertThat(virtual(faults + " --report " + report)).isEqualTo(first);
        assertThat(virtual(faults.replace("--seed 7", "--seed 8"))).isNotEqualTo(first);
        assertThat(Files.readString(report))
                .contains("8 nodes, ", "\"cuts\":[{\"from\":1.0,\"to\":2.0}]")
                .doesNotContain("\"the data of the report\"", "http://", "https://", "src=");
    }

    @Test
    void versionsAreToldAsTheyAreCommitted() {
        assertThat(run(SMALL + " --versions")).isZero();
        assertThat(out().lines()).anyMatch(line -> line.matches("committed version 3 on 8/8 nodes in [0-9.]+ ms"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --nodes 0                      | --nodes: 1 to 20000, not '0'
            --nodes 20001                  | --nodes: 1 to 20000, not '20001'
            --fanout 65                    | --fanout: 1 to 64, not '65'
            --rate -1                      | --rate: 0 to 100000, not '-1'
            --loss 5                       | --loss: 0% to 90%, as 5%, not '5'
            --loss 91%                     | --loss: 0% to 90%, as 5%, not '91%'
            --crash 101%                   | --crash: 0% to 100%, as 10%, not '101%'
            --delay 11s                    | --delay: 0ms to 10s, as 20ms or 10ms..30ms, not '11s'
            --delay 30ms..10ms             | --delay: 0ms to 10s, as 20ms or 10ms..30ms, not '30ms..10ms'
            --partition 60s..30s           | --partition: from when to when, as 30s..60s, not '60s..30s'
            --partition 30s                | --partition: from when to when, as 30s..60s, not '30s'
            --duration 0s                  | --duration: 1s to 24h, in ms, s, m or h, not '0s'
            --partition 20s..31s           | --partition ends with --duration (30 s) at the latest, and not after 31.0 s
            --no-links --nodes 66          | --no-links takes --nodes 1 to 65, not 66: without links the roster is \
            fixed, and everybody speaks to everybody
            --no-links --join --nodes 10   | --join needs links: without them the roster is fixed
            --json --versions              | --versions prints lines, and --json one object
            --rate 100000 --duration 1m    | --rate times --duration is at most 1000000 records, not 6000000
            """)
    void whatCannotBeIsRefusedWithTheRange(String arguments, String why) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err().lines().findFirst()).contains("rumor: " + why);
        assertThat(out()).isEmpty();
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeAnythingIsSimulated() {
        assertThat(run(SMALL + " --report " + directory.resolve("no/such/place.html")))
                .isEqualTo(2);
        assertThat(err()).startsWith("rumor: --report: there is no directory " + directory.resolve("no/such") + "\n");
        assertThat(run(SMALL + " --report " + directory)).isEqualTo(2);
        assertThat(err()).contains("rumor: --report: " + directory + " is a directory\n");
        assertThat(out()).isEmpty();
    }
}
