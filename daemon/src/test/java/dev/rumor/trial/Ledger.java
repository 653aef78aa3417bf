package dev.rumor.trial;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What clients broadcast and what was acknowledged, held against what a node shows. Payloads are unique, and each
/// follows from its client and its number, so that every byte that is shown can be checked and none need be kept.
public final class Ledger {

    private static final int MOST_FAULTS = 20;

    private final AtomicInteger voices = new AtomicInteger();
    private final AtomicInteger offered = new AtomicInteger();
    private final Map<Integer, RecordId> acknowledged = new ConcurrentHashMap<>();

    /// Takes the number of the next client.
    public int voice() {
        return voices.getAndIncrement();
    }

    /// Takes the number of the next record.
    public int offer() {
        return offered.getAndIncrement();
    }

    public void acknowledged(int number, RecordId id) {
        acknowledged.put(number, id);
    }

    int offered() {
        return offered.get();
    }

    public int acknowledged() {
        return acknowledged.size();
    }

    /// Mostly short, one in 64 of up to 16 KiB.
    public static byte[] payload(int client, int number) {
        byte[] name = (client + " " + number + " ").getBytes(US_ASCII);
        int mixed = (number + 1) * 0x9E3779B9 >>> 8;
        int more = number % 64 == 0 ? mixed % (16 << 10) : mixed % 200;
        byte[] payload = Arrays.copyOf(name, name.length + more);
        for (int k = name.length; k < payload.length; k++) {
            payload[k] = (byte) ('a' + (number + k) % 26);
        }
        return payload;
    }

    /// What is wrong with a node that has had time to get everything: a record acknowledged and not there, a hole in a
    /// stream, and all that is wrong at any time. Sentences, none if all is well, and no more than twenty.
    List<String> faults(String node, Stream<ReceivedRecord> shown) {
        Check check = new Check(node, true);
        shown.forEach(check::see);
        acknowledged.forEach(check::expect);
        return List.copyOf(check.faults);
    }

    /// What no node may show at any time: a record twice, under another id, altered, or never broadcast; a stream, or
    /// a client's records in it, out of order.
    List<String> lies(String node, Stream<ReceivedRecord> shown) {
        Check check = new Check(node, false);
        shown.forEach(check::see);
        return List.copyOf(check.faults);
    }

    private record Name(int client, int number) {}

    /// Which record this is, if it is one of ours to the last byte.
    private Optional<Name> name(byte[] payload) {
        try {
            String[] words = new String(payload, 0, Math.min(payload.length, 24), US_ASCII).split(" ", 3);
            Name name = new Name(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            boolean ours = name.number >= 0
                    && name.number < offered()
                    && Arrays.equals(payload, payload(name.client, name.number));
            return ours ? Optional.of(name) : Optional.empty();
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException foreign) {
            return Optional.empty();
        }
    }

    /// One reading of one node.
    private final class Check {

        private record Origin(String name, long epoch) {}

        private record Voice(Origin origin, int client) {}

        private final String node;
        private final boolean whole;
        private final List<String> faults = new ArrayList<>();
        private final BitSet seen = new BitSet();
        private final Map<Origin, Long> ends = new HashMap<>();
        private final Map<Voice, Integer> latest = new HashMap<>();

        /// @param whole whether a hole is a fault
        Check(String node, boolean whole) {
            this.node = node;
            this.whole = whole;
        }

        void see(ReceivedRecord record) {
            RecordId id = record.id();
            Origin origin = new Origin(id.origin(), id.epoch());
            long expected = ends.getOrDefault(origin, 0L) + 1;
            require(
                    id.sequence() == expected || !whole && id.sequence() > expected,
                    id,
                    "comes where " + expected + " is next");
            ends.put(origin, id.sequence());
            Optional<Name> name = name(record.payload());
            require(name.isPresent(), id, "is nothing that was broadcast");
            name.ifPresent(known -> see(id, origin, known));
        }

        private void see(RecordId id, Origin origin, Name name) {
            require(!seen.get(name.number), id, "is record " + name.number + ", which was shown before");
            seen.set(name.number);
            RecordId promised = acknowledged.getOrDefault(name.number, id);
            require(promised.equals(id), id, "was acknowledged as " + promised);
            int before = latest.merge(new Voice(origin, name.client), name.number, Math::max);
            require(before == name.number, id, "comes after a later record of the same client");
        }

        void expect(int number, RecordId id) {
            require(seen.get(number), id, "was acknowledged and is missing");
        }

        private void require(boolean holds, RecordId id, String otherwise) {
            if (!holds && faults.size() < MOST_FAULTS) {
                faults.add(node + ": " + id + " " + otherwise);
            }
        }
    }
}
