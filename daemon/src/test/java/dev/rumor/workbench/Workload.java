package dev.rumor.workbench;

import static dev.rumor.workbench.Message.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What clients ask in a run, and how the answers must look (notes 7.5).
public enum Workload {
    ECHO("echo"),
    UNIQUE_IDS("generate"),
    BROADCAST("broadcast"),
    G_SET("add"),
    G_COUNTER("add"),
    PN_COUNTER("add");

    /// One question to a node.
    ///
    /// @param field what the request carries besides its type, empty for nothing
    /// @param answer the one key a reply must have besides its type, empty for none; it may have no other
    public record Request(String type, String field, JsonNode value, String answer) {

        boolean isRead() {
            return type.equals("read");
        }

        ObjectNode body() {
            ObjectNode body = JSON.objectNode().put("type", type);
            return field.isEmpty() ? body : body.set(field, value);
        }

        /// Why Maelstrom's closed schema would not take this reply.
        Optional<String> complaint(ObjectNode reply) {
            if (!reply.path("type").asText().equals(type + "_ok")) {
                return Optional.of("its type is not " + type + "_ok");
            }
            if (!answer.isEmpty() && !reply.has(answer)) {
                return Optional.of("it lacks '" + answer + "'");
            }
            if (reply.has("msg_id") && !reply.path("msg_id").isIntegralNumber()) {
                return Optional.of("its msg_id is not a whole number");
            }
            return reply.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(key -> !key.equals("type")
                            && !key.equals("in_reply_to")
                            && !key.equals("msg_id")
                            && !key.equals(answer))
                    .findFirst()
                    .map(key -> "its key '" + key + "' is one too many");
        }
    }

    /// A request that a client has made, and what came of it. Times are nanoseconds of the agenda.
    ///
    /// @param last whether it belongs to the last reading, after the recovery
    public record Operation(
            Request request,
            int node,
            boolean last,
            long invokedNanos,
            long completedNanos,
            Outcome outcome,
            JsonNode answer) {

        public enum Outcome {
            OK,
            /// It surely did not happen.
            FAILED,
            /// Nobody knows whether it happened: no answer, or an error that does not say.
            UNKNOWN
        }

        public boolean isOk() {
            return outcome == Outcome.OK;
        }

        boolean isOkRead() {
            return isOk() && request.isRead();
        }
    }

    private final String writing;

    Workload(String writing) {
        this.writing = writing;
    }

    /// @param number of the request, which makes its value unique
    Request draw(long number, RandomGenerator dice) {
        if (hasReads() && dice.nextBoolean()) {
            return read();
        }
        return switch (this) {
            case ECHO -> new Request(writing, "echo", JSON.textNode("Please echo " + number), "echo");
            case UNIQUE_IDS -> new Request(writing, "", null, "id");
            case BROADCAST -> new Request(writing, "message", JSON.numberNode(number), "");
            case G_SET -> new Request(writing, "element", JSON.numberNode(number), "");
            case G_COUNTER -> new Request(writing, "delta", JSON.numberNode(dice.nextInt(5)), "");
            case PN_COUNTER -> new Request(writing, "delta", JSON.numberNode(dice.nextInt(10) - 5), "");
        };
    }

    Request read() {
        return new Request("read", "", null, this == BROADCAST ? "messages" : "value");
    }

    /// Whether there is something to read, and so a last reading of all nodes.
    boolean hasReads() {
        return this != ECHO && this != UNIQUE_IDS;
    }

    boolean isSet() {
        return this == BROADCAST || this == G_SET;
    }

    boolean isCounter() {
        return this == G_COUNTER || this == PN_COUNTER;
    }

    /// Whether an error's code says that surely nothing happened. G-set and the counters do not look at it (7.4).
    boolean isDefinite(int code) {
        return !isCounter() && this != G_SET && (code == 1 || code >= 10 && code <= 30 && code != 13);
    }

    /// A request that changes nothing has failed when its outcome is unknown; with others it stays open.
    boolean isIdempotent(Request request) {
        return this == BROADCAST && request.isRead();
    }

    /// Whether a client stays after an operation of which nobody knows the outcome. Most are replaced, and a late
    /// answer to them goes to nobody (7.3).
    boolean keepsClient() {
        return this == UNIQUE_IDS;
    }
}
