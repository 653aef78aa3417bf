package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.wire.PeerCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a cluster says when it has nothing to say. Bytes are counted where they are heard, frames and all; what one
/// node hears another has said, so both directions of a node are twice what it hears, on average.
class QuietIT {

    private static final int ROUNDS = 3;
    private static final long LIMIT_BYTES_PER_SECOND = 1024;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();
    private final List<Rumor> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(Rumor::close);
    }

    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {5, 25})
    void a_quiet_cluster_stays_below_a_kibibyte_per_second_and_node(int size) throws IOException {
        for (int k = 1; k <= size; k++) {
            String seeds = nodes.isEmpty() ? "" : nodes.getFirst().address().toString();
            Config config =
                    Config.of(Map.of("name", "n" + k, "listen", "127.0.0.1:0", "ephemeral", "true", "seeds", seeds));
            nodes.add(Rumor.start(config, (event, effects) -> count(event), settings -> settings));
        }
        nodes.getFirst().broadcast("", new byte[100]).join();
        await().atMost(Duration.ofSeconds(60)).until(this::isLevel);

        long since = System.nanoTime();
        bytes.set(0);
        rounds.set(0);
        await().atMost(Duration.ofSeconds(120))
                .until(() -> rounds.get() >= (long) ROUNDS * size * Math.min(3, size - 1));
        double seconds = (System.nanoTime() - since) / 1e9;

        long perNode = Math.round(2 * bytes.get() / seconds / size);
        System.out.printf(
                "a quiet cluster of %d says and hears %d B/s per node, over %.0f s%n", size, perNode, seconds);
        assertThat(perNode).isBetween(1L, LIMIT_BYTES_PER_SECOND);
    }

    /// Formed, active, of one mind about the roster, and level.
    private boolean isLevel() {
        List<View> views = nodes.stream().map(Rumor::view).toList();
        return views.stream().map(QuietIT::roster).distinct().count() == 1
                && views.stream()
                        .allMatch(view -> view.linked() == nodes.size() - 1
                                && view.records() == 1
                                && !view.committed().isEmpty());
    }

    private static List<Register> roster(View view) {
        return view.members().stream().map(View.Member::register).toList();
    }

    private void count(Event event) {
        if (event instanceof Event.Heard heard) {
            bytes.addAndGet(PeerCodec.encode(heard.message()).length);
            rounds.addAndGet(heard.message() instanceof Message.Round ? 1 : 0);
        }
    }
}
