package dev.rumor.workbench;

import static dev.rumor.workbench.Message.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rumor.workbench.Workload.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Does with nodes what Maelstrom does: starts them, lets clients ask them over a network that is slow and sometimes
/// cut, and judges the answers. One run; the phases are those of [#run].
public final class Workbench {

    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final int MOST_DEFECTS = 20;

    private final Settings settings;
    private final long seed;
    private final Agenda agenda;
    private final Network network;
    private final Nemesis nemesis;
    private final Workers workers;
    private final List<Seat> seats = new ArrayList<>();
    private final List<String> defects = new ArrayList<>();
    private long clients;
    private int ready;
    private int shaped;
    private Duration allReady = Duration.ZERO;
    private Optional<Duration> level = Optional.empty();
    private long residentBytes;
    private boolean over;

    private Workbench(Settings settings, long seed, Agenda agenda, Function<String, Host> hosts) {
        this.settings = settings;
        this.seed = seed;
        this.agenda = agenda;
        SplittableRandom dice = new SplittableRandom(seed);
        network = new Network(agenda, settings, dice.split());
        nemesis = new Nemesis(agenda, network, settings, dice.split());
        workers = new Workers(agenda, settings, dice.split(), this::open, this::complain);
        for (int k = 0; k < settings.nodes; k++) {
            seats.add(new Seat(k, hosts.apply("n" + k)));
        }
    }

    /// @param agenda [Agenda#virtual] for hosts of this process, [Agenda#real] for any; not used before
    /// @param hosts makes the node of a name; they are `n0`, `n1` and so on
    public static Result run(Settings settings, long seed, Agenda agenda, Function<String, Host> hosts) {
        return new Workbench(settings, seed, agenda, hosts).run();
    }

    private Result run() {
        try {
            start();
            if (defects.isEmpty()) {
                operate();
                recover();
            }
            residentBytes = seats.stream()
                    .mapToLong(seat -> seat.host.residentBytes())
                    .max()
                    .orElse(0);
        } finally {
            over = true;
            seats.forEach(seat -> seat.host.kill());
        }
        return result();
    }

    /// One after the other by a millisecond, so that a node which speaks to peers too early is found out every time.
    private void start() {
        long begun = agenda.now();
        for (Seat seat : seats) {
            agenda.in(Duration.ofMillis(seat.number), () -> seat.host.start(seat));
        }
        agenda.runUntil(() -> ready == seats.size() || !defects.isEmpty());
        allReady = Duration.ofNanos(agenda.now() - begun);
        if (settings.workload == Workload.BROADCAST && defects.isEmpty()) {
            shape();
        }
    }

    private void shape() {
        ObjectNode topology = JSON.objectNode();
        List<List<Integer>> neighbours = settings.topology.neighbours(seats.size());
        for (Seat seat : seats) {
            ArrayNode names = topology.putArray(seat.name);
            neighbours.get(seat.number).forEach(other -> names.add("n" + other));
        }
        ObjectNode body = JSON.objectNode().put("type", "topology").set("topology", topology);
        for (Seat seat : seats) {
            seat.setUp(body, Client.TIMEOUT, () -> shaped++);
        }
        agenda.runUntil(() -> shaped == seats.size() || !defects.isEmpty());
    }

    private void operate() {
        nemesis.start();
        workers.start();
        agenda.runUntil(
                agenda.now() + Duration.ofSeconds(settings.timeLimitSeconds).toNanos());
        nemesis.end();
        workers.end();
        agenda.runUntil(workers::areIdle);
    }

    private void recover() {
        nemesis.heal();
        if (!settings.workload.hasReads()) {
            return;
        }
        long healed = agenda.now();
        if (!settings.cuts().isEmpty()) {
            Probe probe = new Probe(agenda, settings, workers.history(), this::open);
            probe.start(at -> level = Optional.of(Duration.ofNanos(at - healed)));
        }
        agenda.runUntil(healed + RECOVERY.toNanos());
        workers.readAll();
        agenda.runUntil(workers::areIdle);
    }

    private Result result() {
        List<Operation> history = workers.history();
        SetFull set = SetFull.of(settings.workload.isSet() ? history : List.of());
        List<String> faults = new ArrayList<>(defects);
        if (!history.isEmpty()) {
            faults.addAll(Verdict.faults(settings, history, set));
        }
        return new Result(
                settings,
                seed,
                List.copyOf(faults),
                List.copyOf(history),
                history.stream().filter(each -> !each.request().isRead()).count(),
                network.sentByServers(),
                network.dropped(),
                set,
                allReady,
                level,
                nemesis.around(settings.workload.isSet() ? history : List.of()),
                residentBytes);
    }

    private Client open() {
        return new Client(agenda, network, clients++);
    }

    private void complain(String defect) {
        if (defects.size() < MOST_DEFECTS) {
            defects.add(defect);
        }
    }

    /// A node's place at the bench.
    private final class Seat implements Host.Shell {
        private final int number;
        private final String name;
        private final Host host;
        private boolean mute;

        Seat(int number, Host host) {
            this.number = number;
            this.name = "n" + number;
            this.host = host;
        }

        @Override
        public void started() {
            network.join(name, number, (message, id) -> host.hear(() -> message.line(id)));
            ObjectNode init = JSON.objectNode().put("type", "init").put("node_id", name);
            ArrayNode names = init.putArray("node_ids");
            seats.forEach(seat -> names.add(seat.name));
            setUp(init, INIT_TIMEOUT, () -> ready++);
        }

        /// Asks what must be answered before the run can begin.
        void setUp(ObjectNode body, Duration timeout, Runnable then) {
            String type = body.path("type").asText();
            Client client = open();
            client.ask(name, body, timeout, reply -> {
                client.close();
                if (reply.isPresent() && reply.get().path("type").asText().equals(type + "_ok")) {
                    then.run();
                } else {
                    String answer = reply.map(ObjectNode::toString).orElse("nothing for " + timeout.toSeconds() + " s");
                    complain(name + " answered " + type + " with " + answer);
                }
            });
        }

        /// Maelstrom stops to read from a node of which it cannot take a line, and goes on.
        @Override
        public Runnable reading(String line) {
            try {
                Message message = Message.parse(line);
                return () -> send(message, line);
            } catch (Message.Malformed malformed) {
                return () -> silence(malformed, line);
            }
        }

        private void send(Message message, String line) {
            if (mute || over) {
                return;
            }
            try {
                network.send(message);
            } catch (Message.Malformed malformed) {
                silence(malformed, line);
            }
        }

        private void silence(Message.Malformed malformed, String line) {
            if (mute || over) {
                return;
            }
            mute = true;
            complain(name + " said what cannot be sent, and is not heard from then on: " + malformed.getMessage() + ": "
                    + line);
        }

        @Override
        public void exited(String how) {
            if (!over) {
                complain(name + " " + how);
            }
        }

        @Override
        public long now() {
            return agenda.now();
        }

        @Override
        public void in(Duration wait, Runnable action) {
            agenda.in(wait, action);
        }

        @Override
        public void post(Runnable action) {
            agenda.post(action);
        }
    }
}
