package dev.rumor.workbench;

import dev.rumor.workbench.Workload.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Cuts and heals in turn. The first cut comes at once, the gaps between all steps are uniform between nothing and
/// twice the interval.
final class Nemesis {

    /// A cut and how long it lasted, in nanoseconds of the agenda.
    record Episode(Cut cut, long from, long to) {}

    private static final long LONG_ENOUGH_NANOS = 2_000_000_000L;

    private final Agenda agenda;
    private final Network network;
    private final Settings settings;
    private final RandomGenerator dice;
    private final List<Episode> episodes = new ArrayList<>();
    private Cut cut;
    private long since;
    private boolean ended;

    Nemesis(Agenda agenda, Network network, Settings settings, RandomGenerator dice) {
        this.agenda = agenda;
        this.network = network;
        this.settings = settings;
        this.dice = dice;
    }

    void start() {
        if (!settings.cuts().isEmpty()) {
            step();
        }
    }

    /// No more cuts; what is cut stays so until [#heal].
    void end() {
        ended = true;
    }

    /// How well records went around majorities-ring cuts while these lasted. Counted are pairs of a value and a node
    /// that does not hear where it was written: whether the node's last read within the cut shows the value, if
    /// that was asked long enough after the value was acknowledged.
    Result.Share around(List<Operation> history) {
        long seen = 0;
        long pairs = 0;
        for (Episode episode : episodes) {
            if (episode.cut().kind() == Cut.Kind.MAJORITIES_RING) {
                List<Operation> within = history.stream()
                        .filter(each -> each.isOk() && each.invokedNanos() >= episode.from())
                        .filter(each -> each.completedNanos() <= episode.to())
                        .toList();
                for (Operation read : lastReads(within)) {
                    List<String> due = due(read, within, episode.cut());
                    Set<String> shown = new HashSet<>();
                    read.answer().forEach(value -> shown.add(value.toString()));
                    pairs += due.size();
                    seen += due.stream().filter(shown::contains).count();
                }
            }
        }
        return new Result.Share(seen, pairs);
    }

    private static Collection<Operation> lastReads(List<Operation> within) {
        Map<Integer, Operation> last = new TreeMap<>();
        within.stream().filter(Operation::isOkRead).forEach(read -> last.put(read.node(), read));
        return last.values();
    }

    /// What the read could show although its node does not hear the node where it was written.
    private static List<String> due(Operation read, List<Operation> within, Cut cut) {
        return within.stream()
                .filter(each -> !each.request().isRead() && cut.severs(each.node(), read.node()))
                .filter(write -> read.invokedNanos() - write.completedNanos() > LONG_ENOUGH_NANOS)
                .map(write -> write.request().value().toString())
                .toList();
    }

    private void step() {
        if (ended) {
            return;
        }
        if (cut == null) {
            List<Cut.Kind> kinds = settings.cuts();
            cut = Cut.draw(kinds.get(dice.nextInt(kinds.size())), settings.nodes, dice);
            since = agenda.now();
            network.cut(cut);
        } else {
            heal();
        }
        agenda.at(agenda.now() + (long) (dice.nextDouble() * 2e9 * settings.nemesisIntervalSeconds), this::step);
    }

    void heal() {
        if (cut != null) {
            episodes.add(new Episode(cut, since, agenda.now()));
            cut = null;
            network.heal();
        }
    }
}
