package dev.rumor.workbench;

import dev.rumor.workbench.Workload.Operation.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// All figures of a run.
///
/// @param faults what makes it invalid, in sentences; none if it is valid
/// @param operations the clients', the last reads included
/// @param writes those that are no reads
/// @param serverMessages sent between nodes, lost ones included
/// @param dropped by cuts, and by loss
/// @param set of broadcast and g-set; empty with the other workloads
/// @param ready until every node had answered `init`, or one had failed to
/// @param level from the last heal until all nodes answered the same, with all that was acknowledged; none if they did
///     not within the recovery, or when it was not looked for
/// @param around of the values written more than two seconds before a last read within a majorities-ring cut, at a
///     node that the reading one does not hear: how many that read shows. More than none: records flow around the cut
/// @param residentBytes of the largest node
public record Result(
        Settings settings,
        long seed,
        List<String> faults,
        List<Workload.Operation> operations,
        long writes,
        long serverMessages,
        long dropped,
        SetFull set,
        Duration ready,
        Optional<Duration> level,
        Share around,
        long residentBytes) {

    /// `part` of `whole`.
    public record Share(long part, long whole) {
        @Override
        public String toString() {
            return whole == 0 ? "-" : Math.round(100.0 * part / whole) + " %";
        }
    }

    public boolean isValid() {
        return faults.isEmpty();
    }

    /// Maelstrom's `:servers :msgs-per-op`.
    public double messagesPerOperation() {
        return serverMessages / (double) Math.max(1, operations.size());
    }

    public double messagesPerWrite() {
        return serverMessages / (double) Math.max(1, writes);
    }

    public double availability() {
        return count(Outcome.OK) / (double) Math.max(1, operations.size());
    }

    /// Maelstrom's `:stable-latencies`; `p` of 0.5 is the median and 1 the largest.
    public long latencyMillis(double p) {
        return set.quantileMillis(p);
    }

    /// Whether it was looked for when all nodes were equal again.
    public boolean isLevelDue() {
        return !settings.cuts().isEmpty() && settings.workload.hasReads();
    }

    /// Whether the workload is one in which values spread.
    public boolean hasLatencies() {
        return settings.workload.isSet();
    }

    public int lost() {
        return set.lost().size();
    }

    public int duplicates() {
        return set.duplicates();
    }

    private long count(Outcome outcome) {
        return operations.stream().filter(each -> each.outcome() == outcome).count();
    }

    /// For people, on several lines.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "%s; seed %d", settings, seed);
        line(text, "%s", isValid() ? "valid" : "INVALID: " + String.join("\n  ", faults));
        line(
                text,
                "operations %d: %d ok, %d failed, %d unknown; availability %.5f",
                operations.size(),
                count(Outcome.OK),
                count(Outcome.FAILED),
                count(Outcome.UNKNOWN),
                availability());
        line(
                text,
                "messages between nodes %d (%d dropped): %.3f per operation, %.2f per write",
                serverMessages,
                dropped,
                messagesPerOperation(),
                messagesPerWrite());
        if (hasLatencies()) {
            line(
                    text,
                    "stable latencies, ms: 0 %d, 0.5 %d, 0.95 %d, 0.99 %d, 1 %d; lost %d, never read %d, duplicates %d",
                    latencyMillis(0),
                    latencyMillis(0.5),
                    latencyMillis(0.95),
                    latencyMillis(0.99),
                    latencyMillis(1),
                    lost(),
                    set.neverRead().size(),
                    duplicates());
        }
        if (isLevelDue()) {
            line(
                    text,
                    "all equal %s after the heal; around majorities-rings: %s",
                    level.map(time -> time.toMillis() + " ms").orElse("NOT within 10 s"),
                    around);
        }
        line(text, "init took %d ms; at most %.1f MiB resident", ready.toMillis(), residentBytes / 1048576.0);
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
