package dev.rumor.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Jepsen's `set-full`: how long after a value was known there still was a read that did not show it (notes 7.10).
///
/// A value is *known* from its acknowledgement, or from the first read that shows it. It is *stable* when a read
/// shows it that was asked later than every read that does not; *lost* when it was known and a read asked after that
/// does not show it, nor any read after; else it was *never read*.
///
/// @param latenciesMillis of the stable values, ascending
/// @param duplicates how often a read showed a value again; Jepsen would not see it
/// @param strangers values read that nobody wrote
public record SetFull(
        List<Long> latenciesMillis, List<String> lost, List<String> neverRead, int duplicates, List<String> strangers) {

    private record Read(long invokedNanos, long completedNanos, BitSet values) {}

    static SetFull of(List<Operation> history) {
        return new Reckoning(history).reckon();
    }

    /// The value below which a share `p` of the latencies is; 1 gives the largest, and 0 stands for none at all.
    long quantileMillis(double p) {
        int size = latenciesMillis.size();
        return size == 0 ? 0 : latenciesMillis.get(Math.min(size - 1, (int) (size * p)));
    }

    private static final class Reckoning {
        private final List<Operation> writes;
        private final Map<String, Integer> places = new LinkedHashMap<>();
        private final List<Read> reads = new ArrayList<>();
        private final List<String> strangers = new ArrayList<>();
        private int duplicates;

        Reckoning(List<Operation> history) {
            writes = history.stream().filter(each -> !each.request().isRead()).toList();
            writes.forEach(write -> places.put(write.request().value().toString(), places.size()));
            history.stream()
                    .filter(Operation::isOkRead)
                    .forEach(read ->
                            reads.add(new Read(read.invokedNanos(), read.completedNanos(), values(read.answer()))));
            reads.sort(Comparator.comparingLong(Read::invokedNanos).reversed());
        }

        private BitSet values(JsonNode answer) {
            BitSet values = new BitSet();
            for (JsonNode value : answer) {
                Integer place = places.get(value.toString());
                if (place == null) {
                    strangers.add(value.toString());
                } else if (values.get(place)) {
                    duplicates++;
                } else {
                    values.set(place);
                }
            }
            return values;
        }

        SetFull reckon() {
            List<Long> latencies = new ArrayList<>();
            List<String> lost = new ArrayList<>();
            List<String> neverRead = new ArrayList<>();
            for (Operation write : writes) {
                String value = write.request().value().toString();
                int place = places.get(value);
                long known = known(write, place);
                Optional<Read> present = last(place, true);
                Optional<Read> absent = last(place, false);
                if (isAfter(present, absent)) {
                    long stable = absent.map(read -> read.invokedNanos() + 1).orElse(0L);
                    latencies.add(Math.max(0, stable - known) / 1_000_000);
                } else if (absent.isPresent() && absent.get().invokedNanos() > known) {
                    lost.add(value);
                } else {
                    neverRead.add(value);
                }
            }
            latencies.sort(null);
            return new SetFull(latencies, lost, neverRead, duplicates, List.copyOf(strangers));
        }

        /// [Long#MAX_VALUE] for never.
        private long known(Operation write, int place) {
            long acknowledged = write.isOk() ? write.completedNanos() : Long.MAX_VALUE;
            long read = reads.stream()
                    .filter(each -> each.values().get(place))
                    .mapToLong(Read::completedNanos)
                    .min()
                    .orElse(Long.MAX_VALUE);
            return Math.min(acknowledged, read);
        }

        /// The read asked last of those that do, or do not, show the value.
        private Optional<Read> last(int place, boolean shown) {
            return reads.stream()
                    .filter(each -> each.values().get(place) == shown)
                    .findFirst();
        }

        private static boolean isAfter(Optional<Read> present, Optional<Read> absent) {
            return present.isPresent()
                    && (absent.isEmpty()
                            || present.get().invokedNanos() > absent.get().invokedNanos());
        }
    }
}
