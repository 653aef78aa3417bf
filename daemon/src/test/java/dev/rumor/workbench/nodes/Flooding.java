package dev.rumor.workbench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rumor.workbench.Host;
import dev.rumor.workbench.Message;
import dev.rumor.workbench.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The naive node, for all workloads: what it is told, it tells every other node at once, and nothing is repeated. It
/// is what the workbench is tested with; the others of this package differ from it in one thing each.
class Flooding implements Host {

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Workload workload;
    private final List<String> peers = new ArrayList<>();
    private final Map<String, JsonNode> known = new LinkedHashMap<>();
    private Shell shell;
    private String name = "";
    private boolean killed;

    Flooding(Workload workload) {
        this.workload = workload;
    }

    @Override
    public final void start(Shell around) {
        shell = around;
        shell.started();
    }

    @Override
    public final void kill() {
        killed = true;
    }

    @Override
    public final void hear(Supplier<String> line) {
        try {
            if (!killed) {
                hear(Message.parse(line.get()));
            }
        } catch (Message.Malformed malformed) {
            throw new IllegalStateException("the workbench said " + line.get(), malformed);
        }
    }

    private void hear(Message message) {
        ObjectNode body = message.body();
        switch (body.path("type").asText()) {
            case "init" -> begin(message);
            case "topology" -> reply(message, JSON.objectNode());
            case "echo" -> reply(message, JSON.objectNode().set("echo", body.path("echo")));
            case "generate" -> reply(message, JSON.objectNode().put("id", newId()));
            case "broadcast" -> write(message, body.path("message"));
            case "add" -> write(message, body.path(workload == Workload.G_SET ? "element" : "delta"));
            case "read" -> reply(message, answer());
            case "news" -> learn(message.src(), body.path("news"));
            default -> say(message.src(), JSON.objectNode().put("type", "error").put("code", 10));
        }
    }

    private void begin(Message init) {
        name = init.body().path("node_id").asText();
        init.body().path("node_ids").forEach(each -> peers.add(each.asText()));
        peers.remove(name);
        reply(init, JSON.objectNode());
    }

    private void write(Message message, JsonNode value) {
        String id = newId();
        known.put(id, value);
        reply(message, JSON.objectNode());
        spread(Map.of(id, value));
    }

    private void learn(String from, JsonNode news) {
        Map<String, JsonNode> fresh = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : news.properties()) {
            if (known.putIfAbsent(each.getKey(), each.getValue()) == null) {
                fresh.put(each.getKey(), each.getValue());
            }
        }
        if (!fresh.isEmpty()) {
            learned(from, fresh);
        }
    }

    // --- what other nodes do otherwise

    String newId() {
        return name + "/" + known.size() + "/" + shell.now();
    }

    /// What a client has written here.
    void spread(Map<String, JsonNode> fresh) {
        peers.forEach(peer -> tell(peer, fresh));
    }

    /// What another node has told, and what was not known before.
    void learned(String from, Map<String, JsonNode> fresh) {}

    List<JsonNode> visible() {
        return List.copyOf(known.values());
    }

    void reply(Message request, ObjectNode body) {
        if (!body.has("type")) {
            body.put("type", request.body().path("type").asText() + "_ok");
        }
        body.set("in_reply_to", request.body().path("msg_id"));
        say(request.src(), body);
    }

    // --- what they have for it

    final void tell(String peer, Map<String, JsonNode> news) {
        ObjectNode all = JSON.objectNode().setAll(news);
        say(peer, JSON.objectNode().put("type", "news").set("news", all));
    }

    final void say(String dest, ObjectNode body) {
        if (!killed) {
            shell.say(new Message(name, dest, body).line(0));
        }
    }

    final Shell shell() {
        return shell;
    }

    final String name() {
        return name;
    }

    final List<String> peers() {
        return peers;
    }

    final Map<String, JsonNode> known() {
        return known;
    }

    private ObjectNode answer() {
        if (workload == Workload.BROADCAST || workload == Workload.G_SET) {
            String field = workload == Workload.BROADCAST ? "messages" : "value";
            return JSON.objectNode().set(field, JSON.arrayNode().addAll(visible()));
        }
        return JSON.objectNode()
                .put("value", visible().stream().mapToLong(JsonNode::asLong).sum());
    }
}
