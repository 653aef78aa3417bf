package dev.rumor.maelstrom;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// What all operations seen here come to: the messages, the set, the sum. Values that are written alike are one.
final class Ledger {

    /// Values in order of their arrival, and the JSON array of them, which is not written anew for each read.
    private static final class Values {
        private final Set<String> known = new HashSet<>();
        private final StringBuilder array = new StringBuilder("[");

        void add(Json value) {
            String text = value.canonical().write();
            if (known.add(text)) {
                array.append(known.size() == 1 ? "" : ",").append(text);
            }
        }

        Json.Raw all() {
            return new Json.Raw(array + "]");
        }
    }

    private final Values messages = new Values();
    private final Values elements = new Values();
    private BigInteger sum = BigInteger.ZERO;

    /// One workload for each kind of operation seen.
    private final Set<Workload> seen = new TreeSet<>();

    void enter(Operation operation) {
        switch (operation) {
            case Operation.Broadcast(Json value) -> {
                seen.add(Workload.BROADCAST);
                messages.add(value);
            }
            case Operation.Add(Json element) -> {
                seen.add(Workload.G_SET);
                elements.add(element);
            }
            case Operation.Count(BigInteger delta) -> {
                seen.add(Workload.PN_COUNTER);
                sum = sum.add(delta);
            }
        }
    }

    /// Which workloads the operations seen so far belong to; to those on a counter either would fit.
    Set<Workload> seen() {
        return seen;
    }

    Json.Raw messages() {
        return messages.all();
    }

    Json.Raw elements() {
        return elements.all();
    }

    Json.Raw sum() {
        return new Json.Raw(sum.toString());
    }
}
