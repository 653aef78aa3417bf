package dev.rumor.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/// The shapes that Maelstrom offers to a broadcast node, which may ignore them. Neighbours are mutual.
public enum Topology {
    LINE((a, b) -> b - a == 1 ? 1 : 0),
    TOTAL((a, b) -> 1),
    TREE(2),
    TREE2(2),
    TREE3(3),
    TREE4(4),
    GRID;

    private final IntBinaryOperator joined;

    Topology() {
        joined = null;
    }

    Topology(IntBinaryOperator joined) {
        this.joined = joined;
    }

    Topology(int branches) {
        this((a, b) -> (b - 1) / branches == a ? 1 : 0);
    }

    /// For each of `count` nodes its neighbours, in ascending order.
    List<List<Integer>> neighbours(int count) {
        int side = (int) Math.ceil(Math.sqrt(count));
        List<List<Integer>> all = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            int self = k;
            all.add(IntStream.range(0, count)
                    .filter(other -> other != self && areJoined(Math.min(self, other), Math.max(self, other), side))
                    .boxed()
                    .toList());
        }
        return all;
    }

    private boolean areJoined(int lower, int upper, int side) {
        if (this == GRID) {
            return upper - lower == side || upper - lower == 1 && upper % side != 0;
        }
        return joined.applyAsInt(lower, upper) == 1;
    }
}
