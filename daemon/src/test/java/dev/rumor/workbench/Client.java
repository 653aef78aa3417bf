package dev.rumor.workbench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// A synchronous client of the network: one question at a time. Answers to questions it has given up are passed over.
final class Client {

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Agenda agenda;
    private final Network network;
    private final String name;
    private long asked;
    private Consumer<Optional<ObjectNode>> waiting;

    /// @param number never used twice
    Client(Agenda agenda, Network network, long number) {
        this.agenda = agenda;
        this.network = network;
        this.name = "c" + number;
        network.join(name, -1, (message, id) -> hear(message));
    }

    /// @param then gets the reply's body, or nothing when the time is over
    void ask(String node, ObjectNode body, Duration timeout, Consumer<Optional<ObjectNode>> then) {
        long question = ++asked;
        waiting = then;
        agenda.in(timeout, () -> {
            if (asked == question) {
                answer(Optional.empty());
            }
        });
        try {
            network.send(new Message(name, node, body.deepCopy().put("msg_id", question)));
        } catch (Message.Malformed gone) {
            throw new IllegalStateException("a client asks a node that is not there", gone);
        }
    }

    void close() {
        network.leave(name);
    }

    private void hear(Message message) {
        if (message.body().path("in_reply_to").asLong(-1) == asked) {
            answer(Optional.of(message.body()));
        }
    }

    private void answer(Optional<ObjectNode> body) {
        Consumer<Optional<ObjectNode>> then = waiting;
        waiting = null;
        if (then != null) {
            then.accept(body);
        }
    }
}
