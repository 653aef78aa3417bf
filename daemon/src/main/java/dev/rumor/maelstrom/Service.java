package dev.rumor.maelstrom;

import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.wire.Malformed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What clients ask of an open node, and what they are answered: at once, from what this node holds. Only a write is
/// answered when the node has acknowledged it, which here is in the same turn.
final class Service {

    /// The largest operation taken, in bytes of JSON.
    static final int MAX_OPERATION_BYTES = 1 << 20;

    private static final String OK = "_ok";

    private final Optional<Workload> settled;
    private final BiConsumer<Long, Run.Draft> offer;
    private final Consumer<String> out;
    private final Consumer<String> log;
    private final Ledger ledger = new Ledger();
    private final Map<Long, Envelope> writes = new HashMap<>();
    private boolean hasTopology;
    private String idPrefix = "";
    private long lastId;
    private long lastTicket;

    /// @param offer brings records to the node, under a number for the request
    Service(Optional<Workload> settled, BiConsumer<Long, Run.Draft> offer, Consumer<String> out, Consumer<String> log) {
        this.settled = settled;
        this.offer = offer;
        this.out = out;
        this.log = log;
    }

    /// The node has its epoch, which no start of it has twice; and should a clock go back, the tag differs.
    void open(Stream stream, int tag) {
        idPrefix = stream.origin() + "-" + Long.toString(stream.epoch(), Character.MAX_RADIX) + "-"
                + Integer.toHexString(tag) + "-";
    }

    void serve(Envelope request) throws Malformed, Refused {
        Json.Fields body = request.body();
        switch (request.type()) {
            case "echo" -> answer(request, "echo", body.get("echo"));
            case "generate" -> answer(request, "id", new Json.Text(idPrefix + ++lastId));
            case "topology" -> {
                body.get("topology");
                hasTopology = true;
                answer(request);
            }
            case "broadcast" -> write(request, Workload.BROADCAST, new Operation.Broadcast(body.get("message")));
            case "add" -> add(request);
            case "read" -> read(request);
            default -> throw new Refused(Refused.NOT_SUPPORTED, "'" + request.type() + "' is not supported");
        }
    }

    private void answer(Envelope request) throws Malformed {
        out.accept(request.reply(request.type() + OK, new Json.Fields()));
    }

    private void answer(Envelope request, String field, Json value) throws Malformed {
        out.accept(request.reply(request.type() + OK, new Json.Fields().put(field, value)));
    }

    // --- writes

    private void add(Envelope request) throws Malformed, Refused {
        Json.Fields body = request.body();
        if (body.has("element") == body.has("delta")) {
            throw new Malformed("an add has an 'element' for a set or a 'delta' for a counter");
        }
        if (body.has("element")) {
            write(request, Workload.G_SET, new Operation.Add(body.get("element")));
            return;
        }
        Operation.Count count = new Operation.Count(body.integer("delta"));
        boolean growing = settled.equals(Optional.of(Workload.G_COUNTER));
        if (growing && count.delta().signum() < 0) {
            throw new Malformed("a g-counter only grows: " + count.delta() + " is negative");
        }
        write(request, growing ? Workload.G_COUNTER : Workload.PN_COUNTER, count);
    }

    private void write(Envelope request, Workload workload, Operation operation) throws Malformed, Refused {
        if (settled.isPresent() && settled.get() != workload) {
            throw new Refused(Refused.NOT_SUPPORTED, "this node was started for " + settled.get());
        }
        byte[] record = operation.record();
        if (record.length > MAX_OPERATION_BYTES) {
            throw new Malformed("an operation is at most " + MAX_OPERATION_BYTES + " bytes, not " + record.length);
        }
        writes.put(++lastTicket, request);
        offer.accept(lastTicket, new Run.Draft(List.of(record)));
    }

    void acknowledged(long ticket) {
        try {
            answer(writes.remove(ticket));
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void refused(long ticket, String why) {
        out.accept(error(writes.remove(ticket), Refused.TEMPORARILY_UNAVAILABLE, why));
    }

    static String error(Envelope request, int code, String text) {
        return request.reply("error", new Json.Fields().put("code", code).put("text", text));
    }

    // --- reads

    /// These records may be shown.
    void delivered(Run run) {
        Operation.records(run).forEach(record -> {
            try {
                ledger.enter(Operation.of(record));
            } catch (Malformed wrong) {
                log.accept("of " + run + " a record cannot be shown: " + wrong.getMessage());
            }
        });
    }

    private void read(Envelope request) throws Malformed, Refused {
        switch (workload()) {
            case BROADCAST -> answer(request, "messages", ledger.messages());
            case G_SET -> answer(request, "value", ledger.elements());
            case G_COUNTER, PN_COUNTER -> answer(request, "value", ledger.sum());
            case ECHO, UNIQUE_IDS ->
                throw new Refused(Refused.NOT_SUPPORTED, "there is nothing to read in " + settled.orElseThrow());
        }
    }

    /// A read does not say of what; what was asked before, here or of a peer, does.
    private Workload workload() throws Refused {
        if (settled.isPresent()) {
            return settled.get();
        }
        if (ledger.seen().size() == 1) {
            return ledger.seen().iterator().next();
        }
        if (ledger.seen().isEmpty() && hasTopology) {
            return Workload.BROADCAST;
        }
        String why = ledger.seen().isEmpty()
                ? "nothing was written yet, so it is not clear what to read"
                : ledger.seen().stream().map(Workload::toString).sorted().collect(Collectors.joining(" and "))
                        + " were written, so it is not clear what to read";
        throw new Refused(Refused.TEMPORARILY_UNAVAILABLE, why + "; --workload says");
    }
}
