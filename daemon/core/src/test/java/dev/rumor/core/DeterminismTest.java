package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Same settings, seed and events: same effects in the same order, on any JVM. Running twice in one JVM cannot show
/// it, because what differs from one JVM to the next (the order of `Map.of`, say) is the same within one. So each
/// trace's hash is recorded, and every fresh JVM that runs this test is the second run.
class DeterminismTest {

    private static final Path RECORDED = Path.of("src/test/resources/traces.txt");
    private static final int SEEDS = 8;

    @Test
    void every_jvm_does_the_same() throws IOException {
        List<String> traces = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            traces.add(play(seed));
        }
        if (Boolean.getBoolean("traces.update")) {
            Files.write(RECORDED, traces);
        }
        assertThat(traces)
                .as("where the protocol was changed, -Dtraces.update=true records anew")
                .isEqualTo(Files.readAllLines(RECORDED));
    }

    /// Everything that crosses the border of any node, whole: events and effects as records print themselves.
    private static String play(int seed) {
        MessageDigest hash = sha256();
        int[] events = new int[1];
        Stage stage = new Stage(seed);
        stage.configure = it -> it.withEagerPush(seed % 4 != 0).withLimits(1 << 20, 30_000, 60_000);
        stage.trace = (event, effects) -> {
            events[0]++;
            hash.update((stage.now + " " + event + " " + effects + "\n").getBytes(StandardCharsets.UTF_8));
        };
        SplittableRandom dice = new SplittableRandom(seed);
        for (int k = 1; k <= 4; k++) {
            start(stage, "n" + k);
        }
        for (int step = 0; step < 60; step++) {
            disturb(stage, dice);
            stage.run(dice.nextInt(200));
        }
        stage.run(5_000);
        return "seed " + seed + ": " + events[0] + " events, " + HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(Stage stage, String name) {
        if (name.equals("n1")) {
            stage.start(name);
        } else {
            stage.start(name, "n1");
        }
    }

    private static void disturb(Stage stage, SplittableRandom dice) {
        Stage.Actor one = stage.actors.get("n" + (1 + dice.nextInt(4)));
        List<Stage.Wire> wires = new ArrayList<>(one.wires.values());
        Stage.Wire wire = wires.isEmpty() ? null : wires.get(dice.nextInt(wires.size()));
        switch (dice.nextInt(8)) {
            case 0 -> {
                if (one.up) {
                    stage.kill(one.name);
                } else {
                    start(stage, one.name);
                }
            }
            case 1 -> {
                if (wire != null) {
                    wire.cut = true;
                    stage.close(wire, dice.nextLong(500 * Stage.MILLI));
                }
            }
            case 2 -> {
                if (wire != null) {
                    one.feed(new Event.Clogged(wire.id));
                }
            }
            case 3 -> wires.forEach(each -> one.feed(new Event.Drained(each.id)));
            default -> stage.broadcast(one.name, 1 + dice.nextInt(3), dice.nextInt(4_000));
        }
    }
}
