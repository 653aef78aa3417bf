package dev.rumor.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rumor.workbench.Workload.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// Looks from the heal on, every 100 ms, whether all nodes answer the same. Its reads are no operations of the run.
final class Probe {

    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Agenda agenda;
    private final Settings settings;
    private final Set<String> acknowledged = new HashSet<>();
    private final List<Client> clients = new ArrayList<>();

    Probe(Agenda agenda, Settings settings, List<Operation> history, Supplier<Client> open) {
        this.agenda = agenda;
        this.settings = settings;
        if (settings.workload.isSet()) {
            history.stream()
                    .filter(each -> each.isOk() && !each.request().isRead())
                    .forEach(write -> acknowledged.add(write.request().value().toString()));
        }
        for (int k = 0; k < settings.nodes; k++) {
            clients.add(open.get());
        }
    }

    /// @param levelled gets the time at which the reads were asked that were all the same
    void start(LongConsumer levelled) {
        long asked = agenda.now();
        List<Set<String>> answers = new ArrayList<>();
        for (int k = 0; k < clients.size(); k++) {
            clients.get(k).ask("n" + k, settings.workload.read().body(), Client.TIMEOUT, reply -> {
                String field = settings.workload.read().answer();
                answers.add(reply.map(body -> values(body.path(field))).orElse(Set.of("no answer")));
                if (answers.size() == clients.size()) {
                    if (areLevel(answers)) {
                        levelled.accept(asked);
                    } else {
                        agenda.in(PERIOD, () -> start(levelled));
                    }
                }
            });
        }
    }

    private boolean areLevel(List<Set<String>> answers) {
        return answers.stream().distinct().count() == 1 && answers.getFirst().containsAll(acknowledged);
    }

    private static Set<String> values(JsonNode answer) {
        Set<String> values = new HashSet<>();
        if (answer.isArray()) {
            answer.forEach(value -> values.add(value.toString()));
        } else {
            values.add(answer.toString());
        }
        return values;
    }
}
