package dev.rumor.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// The four ways in which Jepsen's nemesis cuts a network: one node off, a third, halves, and a ring of majorities in
/// which every node sees another one.
enum Cut {
    ONE,
    THIRD,
    HALVES,
    RING;

    /// @return who still hears whom
    BiPredicate<String, String> of(List<String> names, long seed) {
        List<String> mixed = new ArrayList<>(names);
        Collections.shuffle(mixed, new Random(seed));
        int count = mixed.size();
        return switch (this) {
            case ONE -> apart(mixed.subList(0, 1));
            case THIRD -> apart(mixed.subList(0, (count - 1) / 3));
            case HALVES -> apart(mixed.subList(0, count / 2));
            case RING -> {
                int reach = count / 4;
                yield (from, to) -> {
                    int apart = Math.floorMod(mixed.indexOf(from) - mixed.indexOf(to), count);
                    return Math.min(apart, count - apart) <= reach;
                };
            }
        };
    }

    private static BiPredicate<String, String> apart(List<String> some) {
        Set<String> side = new TreeSet<>(some);
        return (from, to) -> side.contains(from) == side.contains(to);
    }
}
