package dev.rumor.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload.Operation;
import dev.rumor.workbench.Workload.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong with a history, in sentences; nothing when it is valid. All that Maelstrom's checkers find, and what
/// escapes them: values shown twice or never written, and nodes that differ at the end (Maelstrom takes a value that
/// one node lacks for late, not lost, if another node's last read was asked after that one's).
final class Verdict {

    private static final int MOST_NAMED = 5;

    private final Settings settings;
    private final List<Operation> history;
    private final List<String> faults = new ArrayList<>();

    private Verdict(Settings settings, List<Operation> history) {
        this.settings = settings;
        this.history = history;
    }

    /// @param set the same history's, of a workload that is a set
    static List<String> faults(Settings settings, List<Operation> history, SetFull set) {
        Verdict verdict = new Verdict(settings, history);
        verdict.everyKindSucceeds();
        verdict.available();
        switch (settings.workload) {
            case ECHO -> verdict.echoesAreTrue();
            case UNIQUE_IDS -> verdict.idsAreUnique();
            case BROADCAST, G_SET -> verdict.setIsWhole(set);
            case G_COUNTER, PN_COUNTER -> verdict.countersAreRight();
        }
        return verdict.faults;
    }

    private void everyKindSucceeds() {
        Set<String> asked =
                history.stream().map(each -> each.request().type()).collect(Collectors.toCollection(TreeSet::new));
        Set<String> ok = history.stream()
                .filter(Operation::isOk)
                .map(each -> each.request().type())
                .collect(Collectors.toSet());
        asked.removeAll(ok);
        asked.forEach(type -> faults.add("no " + type + " ever succeeded"));
    }

    private void available() {
        double share = history.stream().filter(Operation::isOk).count() / (double) Math.max(1, history.size());
        if (share < settings.availability) {
            faults.add("only " + share + " of the operations succeeded, not " + settings.availability);
        }
    }

    private void echoesAreTrue() {
        List<String> wrong = history.stream()
                .filter(each ->
                        each.isOk() && !each.answer().equals(each.request().value()))
                .map(each -> each.answer().toString())
                .toList();
        blame("echoed otherwise than asked", wrong);
    }

    private void idsAreUnique() {
        Set<String> seen = new HashSet<>();
        List<String> twice = history.stream()
                .filter(Operation::isOk)
                .map(each -> each.answer().toString())
                .filter(id -> !seen.add(id))
                .toList();
        blame("ids given twice", twice);
    }

    private void setIsWhole(SetFull set) {
        blame("lost", set.lost());
        blame("read, though nobody wrote it", set.strangers());
        if (set.duplicates() > 0) {
            faults.add(set.duplicates() + " times a read showed a value twice");
        }
        if (lastSets().distinct().count() > 1) {
            faults.add("the nodes' last reads differ");
        }
        if (set.latenciesMillis().isEmpty()) {
            faults.add("no value became stable");
        }
    }

    private Stream<Set<JsonNode>> lastSets() {
        return history.stream().filter(each -> each.last() && each.isOk()).map(read -> {
            Set<JsonNode> values = new HashSet<>();
            read.answer().forEach(values::add);
            return values;
        });
    }

    private void countersAreRight() {
        Set<Long> right = sums();
        List<String> wrong = history.stream()
                .filter(each -> each.last() && each.isOk())
                .map(Operation::answer)
                .filter(value -> !value.isIntegralNumber() || !right.contains(value.asLong()))
                .map(JsonNode::toString)
                .toList();
        blame(
                "read at last, while right would be "
                        + right.stream().limit(MOST_NAMED).toList(),
                wrong);
    }

    /// All that was surely added, and any choice of what may have been.
    private Set<Long> sums() {
        Set<Long> sums = new TreeSet<>(
                Set.of(added(Outcome.OK).stream().mapToLong(Long::longValue).sum()));
        for (long open : added(Outcome.UNKNOWN)) {
            Set<Long> more = new TreeSet<>(sums);
            sums.forEach(sum -> more.add(sum + open));
            sums = more;
        }
        return sums;
    }

    private List<Long> added(Outcome outcome) {
        return history.stream()
                .filter(each -> !each.request().isRead() && each.outcome() == outcome)
                .map(each -> each.request().value().asLong())
                .toList();
    }

    private void blame(String what, List<String> values) {
        if (!values.isEmpty()) {
            String some = values.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            faults.add(values.size() + " " + what + ": " + some + (values.size() > MOST_NAMED ? ", …" : ""));
        }
    }
}
