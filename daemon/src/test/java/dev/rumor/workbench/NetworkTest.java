package dev.rumor.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.workbench.Cut.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The network, the shapes it offers and the cuts it suffers.
class NetworkTest {

    private static final long MILLI = 1_000_000;

    private final Agenda agenda = Agenda.virtual();
    private final RandomGenerator dice = new SplittableRandom(1);
    private final List<String> arrivals = new ArrayList<>();
    private Network network;

    @Test
    void a_request_waits_behind_a_message_that_is_on_its_way() throws Message.Malformed {
        start("--latency 100");
        send("n0", "n1");
        agenda.runUntil(30 * MILLI);
        send("c0", "n1");
        agenda.runUntil(200 * MILLI);
        assertThat(arrivals).containsExactly("n0 to n1 at 100", "c0 to n1 at 100");
    }

    @Test
    void without_blocking_it_does_not() throws Message.Malformed {
        start("--latency 100 --no-blocking");
        send("n0", "n1");
        agenda.runUntil(30 * MILLI);
        send("c0", "n1");
        agenda.runUntil(200 * MILLI);
        assertThat(arrivals).containsExactly("c0 to n1 at 30", "n0 to n1 at 100");
    }

    @Test
    void a_cut_eats_what_is_taken_while_it_lasts_however_early_it_was_sent() throws Message.Malformed {
        start("--latency 100");
        send("n2", "n1");
        agenda.runUntil(50 * MILLI);
        send("n0", "n1");
        send("n0", "n1");
        network.cut(new Cut(
                Kind.ONE, new boolean[][] {{false, false, false}, {true, false, false}, {false, false, false}}));
        agenda.runUntil(101 * MILLI);
        send("n1", "n0");
        send("c0", "n1");
        network.heal();
        send("n0", "n1");
        agenda.runUntil(300 * MILLI);
        assertThat(arrivals)
                .containsExactly("n2 to n1 at 100", "c0 to n1 at 101", "n1 to n0 at 201", "n0 to n1 at 201");
        assertThat(network.dropped()).isEqualTo(2);
        assertThat(network.sentByServers()).isEqualTo(5);
    }

    @Test
    void nothing_goes_to_whom_nobody_knows() {
        start("--latency 100");
        assertThatThrownBy(() -> send("n0", "n9")).hasMessageContaining("'n9'");
        assertThatThrownBy(() -> send("n9", "n0")).hasMessageContaining("'n9'");
        assertThat(network.sentByServers()).isZero();
    }

    @Test
    void loss_and_duplication_hit_the_share_they_are_set_to_but_no_client() throws Message.Malformed {
        start("--loss 20 --duplication 50");
        for (int k = 0; k < 10_000; k++) {
            send("n0", "n1");
            send("c0", "n1");
        }
        agenda.runUntil(1);
        assertThat(arrivals.stream().filter(each -> each.startsWith("n0"))).hasSizeBetween(11_500, 12_500);
        assertThat(arrivals.stream().filter(each -> each.startsWith("c0"))).hasSize(10_000);
        assertThat(network.sentByServers()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @EnumSource(Network.Latency.class)
    void latencies_have_the_mean_they_are_set_to(Network.Latency latency) {
        double mean = IntStream.range(0, 20_000)
                .mapToLong(k -> latency.draw(100, dice))
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(97.0, 102.0);
    }

    @ParameterizedTest
    @CsvSource({
        "LINE, 24, 24",
        "GRID, 40, 8",
        "TOTAL, 300, 1",
        "TREE, 24, 8",
        "TREE2, 24, 8",
        "TREE3, 24, 6",
        "TREE4, 24, 5"
    })
    void topologies_have_their_edges_and_diameter(Topology topology, int edges, int diameter) {
        List<List<Integer>> neighbours = topology.neighbours(25);
        assertThat(neighbours.stream().mapToInt(List::size).sum()).isEqualTo(2 * edges);
        assertThat(IntStream.range(0, 25)
                        .map(from -> farthest(neighbours, from))
                        .max())
                .hasValue(diameter);
    }

    @ParameterizedTest
    @CsvSource({"ONE, 25, 48", "ONE, 5, 8", "MINORITY_THIRD, 25, 272", "MINORITY_THIRD, 3, 0", "MAJORITY, 25, 312"})
    void a_cut_severs_as_many_links_as_its_kind_says(Kind kind, int nodes, int severed) {
        assertThat(severed(Cut.draw(kind, nodes, dice))).isEqualTo(severed);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 25})
    void in_a_ring_everybody_hears_a_majority_and_somebody_is_cut_off(int nodes) {
        Cut cut = Cut.draw(Kind.MAJORITIES_RING, nodes, dice);
        assertThat(severed(cut)).isPositive();
        for (int to = 0; to < nodes; to++) {
            int self = to;
            assertThat(cut.severs(self, self)).isFalse();
            assertThat(IntStream.range(0, nodes)
                            .filter(from -> !cut.severs(from, self))
                            .count())
                    .isGreaterThan(nodes / 2);
        }
    }

    private static long severed(Cut cut) {
        int nodes = cut.refused().length;
        return IntStream.range(0, nodes * nodes)
                .filter(k -> cut.severs(k / nodes, k % nodes))
                .count();
    }

    private static int farthest(List<List<Integer>> neighbours, int from) {
        Set<Integer> reached = new HashSet<>(Set.of(from));
        int hops = 0;
        while (reached.size() < neighbours.size()) {
            Set.copyOf(reached).forEach(each -> reached.addAll(neighbours.get(each)));
            hops++;
        }
        return hops;
    }

    private void start(String words) {
        network = new Network(agenda, Settings.of(words), dice);
        for (int k = 0; k < 3; k++) {
            network.join("n" + k, k, (message, id) -> arrived(message));
        }
        network.join("c0", -1, (message, id) -> arrived(message));
    }

    private void arrived(Message message) {
        arrivals.add(message.src() + " to " + message.dest() + " at " + agenda.now() / MILLI);
    }

    private void send(String src, String dest) throws Message.Malformed {
        network.send(new Message(src, dest, Message.JSON.objectNode()));
    }
}
