package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Golden transcripts: each file in `scenarios/` holds commands (`> …`) and behind each the full list of events and
/// effects that followed. `-Dtest.options=-Dscenarios.update=true` rewrites them; the diff is then the change in
/// behaviour.
class ScenarioTest {

    private static final Path FOLDER = Path.of("src/test/resources/scenarios");

    static List<Path> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void goes_as_it_went(Path file) throws IOException {
        List<String> recorded = Files.readAllLines(file);
        List<String> replayed = replay(recorded);
        if (Boolean.getBoolean("scenarios.update")) {
            Files.write(file, replayed);
        }
        assertThat(replayed).as("-Dscenarios.update=true rewrites it").isEqualTo(Files.readAllLines(file));
    }

    private static List<String> replay(List<String> script) {
        Stage stage = new Stage(1);
        List<String> out = new ArrayList<>();
        stage.transcript = line -> {
            if (!line.isEmpty()) {
                out.addAll(List.of(line.split("\n")));
            }
        };
        for (String line : script) {
            if (line.startsWith("#")) {
                out.add(line);
            } else if (line.startsWith("> ")) {
                out.add("");
                out.add(line);
                perform(stage, out, line.substring(2).split(" "));
            }
        }
        return out;
    }

    private static void perform(Stage stage, List<String> out, String[] words) {
        switch (words[0]) {
            case "seed" -> stage.add(words[1], true);
            case "limits" ->
                stage.configure = it -> it.withLimits(1 << 20, Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "mesh" -> stage.configure = it -> it.withMesh(Integer.parseInt(words[1]));
            case "retention" -> retain(stage, words);
            case "rot" -> rot(stage.actors.get(words[1]).disk, words);
            case "quietly" -> {
                int kept = out.size();
                perform(stage, out, List.of(words).subList(1, words.length).toArray(String[]::new));
                out.subList(kept, out.size()).clear();
            }
            case "start" ->
                stage.start(words[1], List.of(words).subList(2, words.length).toArray(String[]::new));
            case "run" -> stage.run(Long.parseLong(words[1]));
            case "broadcast" -> stage.broadcast(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "leave" -> stage.leave(words[1], Long.parseLong(words[2]));
            case "evict" -> stage.evict(words[1], words[2], words.length > 3);
            case "kill" -> stage.kill(words[1]);
            case "lose-disk" -> stage.actors.get(words[1]).disk = new Disk();
            case "clog" -> clog(stage, words, true);
            case "drain" -> clog(stage, words, false);
            case "cut" -> stage.close(stage.between(words[1], words[2]), 0);
            case "no-dials" -> stage.dials = false;
            case "dials" -> stage.dials = true;
            case "status" -> out.addAll(status(stage.actors.get(words[1]).view()));
            default -> throw new UncheckedIOException(new IOException("unknown command " + words[0]));
        }
    }

    private static void retain(Stage stage, String[] words) {
        UnaryOperator<Settings> before = stage.configure;
        Duration age = Duration.ofSeconds(Long.parseLong(words[1]));
        Settings.WhenFull full = Settings.WhenFull.valueOf(words[2]);
        stage.configure = it -> before.apply(it).withRetention(age, full);
    }

    /// `rot NODE ORIGIN FROM TO`: of the first stream of that origin.
    private static void rot(Disk disk, String[] words) {
        dev.rumor.core.stream.Stream stream = disk.runs.stream()
                .map(Run::stream)
                .filter(each -> each.origin().equals(words[2]))
                .findFirst()
                .orElseThrow();
        disk.rot(new Range(stream, Long.parseLong(words[3]), Long.parseLong(words[4])));
    }

    private static void clog(Stage stage, String[] words, boolean on) {
        long link = stage.between(words[1], words[2]).id;
        stage.actors.get(words[1]).feed(on ? new Event.Clogged(link) : new Event.Drained(link));
    }

    private static List<String> status(View view) {
        List<String> lines = new ArrayList<>();
        lines.add("  holds " + view.durable() + ", " + view.records() + " records");
        lines.add("  committed " + view.committed());
        view.blocker().ifPresent(it -> lines.add("  blocked by " + it.name() + ", which lacks " + it.records()));
        for (View.Member member : view.members()) {
            lines.add("  " + member.register().name() + " " + member.register().standing() + " " + member.liveness());
        }
        return lines;
    }
}
