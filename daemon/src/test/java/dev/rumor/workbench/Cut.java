package dev.rumor.workbench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// A partition of the nodes, by their numbers: `refused[to][from]` says whose messages a node does not get.
record Cut(Kind kind, boolean[][] refused) {

    enum Kind {
        /// One node is alone.
        ONE,
        /// Fewer than a third are apart from the rest; with three nodes or fewer that is nobody.
        MINORITY_THIRD,
        /// Two random halves.
        MAJORITY,
        /// Every node sees a majority, each another one: what one hears, its neighbour may not.
        MAJORITIES_RING
    }

    static Cut draw(Kind kind, int nodes, RandomGenerator dice) {
        List<Integer> order = shuffled(nodes, dice);
        return new Cut(
                kind,
                switch (kind) {
                    case ONE -> apart(order, 1);
                    case MINORITY_THIRD -> apart(order, (nodes - 1) / 3);
                    case MAJORITY -> apart(order, nodes / 2);
                    case MAJORITIES_RING -> nodes <= 5 ? ring(order) : net(nodes, dice);
                });
    }

    boolean severs(int from, int to) {
        return refused[to][from];
    }

    /// The first `size` of `order` and the rest do not hear each other.
    private static boolean[][] apart(List<Integer> order, int size) {
        boolean[][] refused = new boolean[order.size()][order.size()];
        for (int a : order.subList(0, size)) {
            for (int b : order.subList(size, order.size())) {
                refused[a][b] = true;
                refused[b][a] = true;
            }
        }
        return refused;
    }

    /// Each node hears those around it in a circle, as many as make a majority. With an even majority it hears one
    /// more on one side than on the other, so there are links that carry in one direction only.
    private static boolean[][] ring(List<Integer> order) {
        int nodes = order.size();
        int majority = nodes / 2 + 1;
        boolean[][] heard = new boolean[nodes][nodes];
        for (int start = 0; start < nodes; start++) {
            int self = order.get((start + majority / 2) % nodes);
            for (int k = 0; k < majority; k++) {
                heard[self][order.get((start + k) % nodes)] = true;
            }
        }
        return inverse(heard);
    }

    /// Links are drawn between those that have the fewest, until each hears a majority.
    private static boolean[][] net(int nodes, RandomGenerator dice) {
        boolean[][] heard = new boolean[nodes][nodes];
        int[] degrees = new int[nodes];
        for (int k = 0; k < nodes; k++) {
            heard[k][k] = true;
            degrees[k] = 1;
        }
        while (true) {
            List<Integer> order = shuffled(nodes, dice);
            order.sort((a, b) -> Integer.compare(degrees[a], degrees[b]));
            int poorest = order.getFirst();
            if (degrees[poorest] >= nodes / 2 + 1) {
                return inverse(heard);
            }
            int other = order.stream()
                    .filter(each -> !heard[poorest][each])
                    .findFirst()
                    .orElseThrow();
            heard[poorest][other] = true;
            heard[other][poorest] = true;
            degrees[poorest]++;
            degrees[other]++;
        }
    }

    private static boolean[][] inverse(boolean[][] heard) {
        boolean[][] refused = new boolean[heard.length][heard.length];
        for (int to = 0; to < heard.length; to++) {
            for (int from = 0; from < heard.length; from++) {
                refused[to][from] = !heard[to][from];
            }
        }
        return refused;
    }

    private static List<Integer> shuffled(int nodes, RandomGenerator dice) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
        Collections.shuffle(order, Random.from(dice));
        return order;
    }
}
