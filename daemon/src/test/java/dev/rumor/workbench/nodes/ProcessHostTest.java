package dev.rumor.workbench.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import dev.rumor.workbench.command.ProcessHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same in real time, with processes of the system.
class ProcessHostTest {

    @TempDir
    private Path logs;

    @Test
    void nodes_that_are_processes_echo() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Result result = run(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Stdio.class.getName(),
                "ECHO"));
        assertThat(result.faults()).isEmpty();
        assertThat(result.operations()).isNotEmpty();
        assertThat(result.availability()).isEqualTo(1);
        assertThat(result.ready()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
        assertThat(result.residentBytes()).isGreaterThan(1 << 20);
        assertThat(ProcessHandle.current()
                        .descendants()
                        .filter(each -> each.info().commandLine().orElse("").contains("Stdio")))
                .isEmpty();
    }

    @Test
    void a_process_that_ends_at_once_is_named_with_its_log() {
        Result result = run(List.of("sh", "-c", "exit 3"));
        assertThat(result.faults())
                .first()
                .asString()
                .contains("exited with status 3")
                .contains(logs.toString());
        assertThat(result.operations()).isEmpty();
    }

    @Test
    void a_program_that_is_not_there_is_named() {
        assertThat(run(List.of("/nowhere/node")).faults()).first().asString().contains("/nowhere/node");
    }

    private Result run(List<String> command) {
        return Workbench.run(
                Settings.of("--workload echo --nodes 2 --rate 50 --time-limit 1"),
                1,
                Agenda.real(),
                name -> new ProcessHost(name, command, logs.resolve(name + ".log")));
    }
}
