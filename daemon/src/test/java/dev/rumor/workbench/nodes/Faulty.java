package dev.rumor.workbench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rumor.workbench.Message;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Floods, and does one thing wrong once it is warm.
final class Faulty extends Flooding {

    enum Fault {
        FORGETS_A_VALUE,
        SHOWS_A_VALUE_TWICE,
        SHOWS_WHAT_NOBODY_WROTE,
        MISCOUNTS,
        ECHOES_SOMETHING_ELSE,
        REPEATS_AN_ID,
        PRINTS_GARBAGE,
        PRINTS_AN_EMPTY_LINE,
        ADDS_A_KEY_TO_THE_ENVELOPE,
        SPEAKS_TO_NOBODY,
        COPIES_THE_REQUEST_INTO_THE_REPLY,
        LEAVES_OUT_IN_REPLY_TO,
        ANSWERS_LATE,
        REFUSES,
        SPEAKS_BEFORE_THE_OTHERS_ARE_THERE,
        DIES
    }

    private static final int WARM = 5;

    private final Fault fault;
    private int replies;

    Faulty(Workload workload, Fault fault) {
        super(workload);
        this.fault = fault;
    }

    @Override
    String newId() {
        return fault == Fault.REPEATS_AN_ID ? "n" : super.newId();
    }

    @Override
    List<JsonNode> visible() {
        List<JsonNode> values = new ArrayList<>(super.visible());
        if (values.size() > WARM) {
            switch (fault) {
                case FORGETS_A_VALUE -> values.remove(0);
                case SHOWS_A_VALUE_TWICE -> values.add(values.getFirst());
                case SHOWS_WHAT_NOBODY_WROTE -> values.add(JSON.numberNode(-1));
                case MISCOUNTS -> values.add(JSON.numberNode(1));
                default -> {}
            }
        }
        return values;
    }

    @Override
    void reply(Message request, ObjectNode body) {
        if (fault == Fault.SPEAKS_BEFORE_THE_OTHERS_ARE_THERE) {
            peers().forEach(peer -> tell(peer, known()));
        }
        if (++replies <= WARM) {
            super.reply(request, body);
            return;
        }
        switch (fault) {
            case PRINTS_GARBAGE -> shell().say("debug: " + request);
            case PRINTS_AN_EMPTY_LINE -> shell().say("");
            case ADDS_A_KEY_TO_THE_ENVELOPE -> shell().say("{\"src\":\"n0\",\"dest\":\"c0\",\"body\":{},\"time\":1}");
            case SPEAKS_TO_NOBODY -> say("n99", JSON.objectNode());
            case COPIES_THE_REQUEST_INTO_THE_REPLY -> body.set("message", JSON.numberNode(1));
            case ECHOES_SOMETHING_ELSE -> body.put("echo", "echo");
            case REFUSES -> body.put("type", "error").put("code", 11);
            case DIES -> shell().exited("exited with status 0");
            default -> {}
        }
        switch (fault) {
            case LEAVES_OUT_IN_REPLY_TO -> say(request.src(), body.put("type", "read_ok"));
            case ANSWERS_LATE -> shell().in(Duration.ofSeconds(6), () -> super.reply(request, body));
            default -> super.reply(request, body);
        }
    }
}
