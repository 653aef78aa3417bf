package dev.rumor.workbench.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes of `./rumor maelstrom` under the workbench: each workload for a short while, all of them at once.
class WorkbenchIT {

    private static final Path RUMOR = Path.of("..", "rumor").toAbsolutePath().normalize();

    @TempDir
    Path logs;

    @Test
    void everyWorkloadIsServedByProcesses() {
        List<String> workloads = List.of("echo", "unique-ids", "broadcast", "g-set", "g-counter", "pn-counter");
        List<Result> results = workloads.parallelStream().map(this::run).toList();
        assertThat(results).allSatisfy(result -> {
            assertThat(result.faults()).as(result.toString()).isEmpty();
            assertThat(result.operations()).as(result.toString()).hasSizeGreaterThan(20);
        });
        assertThat(IntStream.range(0, 2).mapToLong(k -> results.get(k).serverMessages()))
                .as("between nodes, for echo and unique ids")
                .containsOnly(0L);
        assertThat(Stream.of(results.get(2), results.get(3)))
                .as("sets that spread")
                .allMatch(result -> result.serverMessages() > 0 && result.lost() == 0);
    }

    private Result run(String workload) {
        return Workbench.run(
                Settings.of("--workload " + workload + " --nodes 3 --rate 20 --time-limit 3"),
                1,
                Agenda.real(),
                name -> new ProcessHost(
                        name, List.of(RUMOR.toString(), "maelstrom"), logs.resolve(workload + "-" + name + ".log")));
    }
}
