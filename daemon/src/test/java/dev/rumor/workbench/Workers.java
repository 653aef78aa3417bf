package dev.rumor.workbench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rumor.workbench.Workload.Operation;
import dev.rumor.workbench.Workload.Operation.Outcome;
import dev.rumor.workbench.Workload.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The clients whose operations count: one for each node, each with one operation at a time.
final class Workers {

    private final Agenda agenda;
    private final Settings settings;
    private final RandomGenerator dice;
    private final Supplier<Client> clients;
    private final Consumer<String> defects;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Operation> history = new ArrayList<>();
    private long writes;
    private int turn;
    private boolean behind;
    private boolean ended;

    /// @param clients opens a client, each time a new one
    Workers(
            Agenda agenda,
            Settings settings,
            RandomGenerator dice,
            Supplier<Client> clients,
            Consumer<String> defects) {
        this.agenda = agenda;
        this.settings = settings;
        this.dice = dice;
        this.clients = clients;
        this.defects = defects;
        for (int k = 0; k < settings.nodes; k++) {
            workers.add(new Worker(k));
        }
    }

    /// Asks until [#end], at times whose gaps are uniform between nothing and twice the mean.
    void start() {
        generate();
    }

    void end() {
        ended = true;
    }

    boolean areIdle() {
        return workers.stream().noneMatch(worker -> worker.busy);
    }

    void readAll() {
        workers.forEach(worker -> worker.perform(settings.workload.read(), true));
    }

    /// In the order in which they were completed.
    List<Operation> history() {
        return history;
    }

    /// When everybody is busy, the operation waits for the first who is free, and those after it are not made up for.
    private void generate() {
        if (ended) {
            return;
        }
        Optional<Worker> free = free();
        if (free.isEmpty()) {
            behind = true;
            return;
        }
        Request request = settings.workload.draw(writes, dice);
        writes += request.isRead() ? 0 : 1;
        free.get().perform(request, false);
        agenda.at(agenda.now() + (long) (dice.nextDouble() * 2e9 / settings.ratePerSecond), this::generate);
    }

    private void catchUp() {
        if (behind) {
            behind = false;
            generate();
        }
    }

    /// Upwards from an index that moves on by one each time, and that counts the nemesis as the last worker of all
    /// (Jepsen 0.3.7; notes 5.4).
    private Optional<Worker> free() {
        int start = turn;
        for (int k = 0; k < workers.size(); k++) {
            Worker worker = workers.get((Math.min(start, workers.size()) + k) % workers.size());
            if (!worker.busy) {
                turn = (turn + 1) % (workers.size() + 1);
                return Optional.of(worker);
            }
        }
        return Optional.empty();
    }

    private final class Worker {
        private final int node;
        private Client client = clients.get();
        private boolean busy;

        Worker(int node) {
            this.node = node;
        }

        void perform(Request request, boolean last) {
            busy = true;
            long invoked = agenda.now();
            client.ask("n" + node, request.body(), Client.TIMEOUT, reply -> {
                Outcome outcome = reply.map(body -> judge(request, body)).orElse(Outcome.UNKNOWN);
                if (outcome == Outcome.UNKNOWN && settings.workload.isIdempotent(request)) {
                    outcome = Outcome.FAILED;
                }
                history.add(new Operation(
                        request,
                        node,
                        last,
                        invoked,
                        agenda.now(),
                        outcome,
                        outcome == Outcome.OK ? reply.orElseThrow().path(request.answer()) : null));
                if (outcome == Outcome.UNKNOWN && !settings.workload.keepsClient()) {
                    client.close();
                    client = clients.get();
                }
                busy = false;
                catchUp();
            });
        }

        private Outcome judge(Request request, ObjectNode body) {
            if (body.path("type").asText().equals("error")) {
                return settings.workload.isDefinite(body.path("code").asInt()) ? Outcome.FAILED : Outcome.UNKNOWN;
            }
            Optional<String> complaint = request.complaint(body);
            complaint.ifPresent(why -> defects.accept("n" + node + " answered " + body + ": " + why));
            return complaint.isPresent() ? Outcome.UNKNOWN : Outcome.OK;
        }
    }
}
