package dev.rumor.workbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/// One line of the Maelstrom protocol: who says what to whom.
public record Message(String src, String dest, ObjectNode body) {

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Set<String> KEYS = Set.of("id", "src", "dest", "body");

    /// Maelstrom would not have taken this line; the message is a sentence that says why.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String why) {
            super(why);
        }
    }

    /// Checks the envelope as strictly as Maelstrom does: no key but `src`, `dest`, `body` and a whole `id`.
    public static Message parse(String line) throws Malformed {
        try {
            return of(MAPPER.readTree(line));
        } catch (JsonProcessingException notJson) {
            throw new Malformed("not JSON (" + notJson.getOriginalMessage() + ")");
        }
    }

    private static Message of(JsonNode node) throws Malformed {
        if (!(node instanceof ObjectNode envelope)) {
            throw new Malformed("not a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : envelope.properties()) {
            if (!KEYS.contains(field.getKey())) {
                throw new Malformed("the key '" + field.getKey() + "' beside src, dest and body");
            }
        }
        if (!envelope.path("src").isTextual() || !envelope.path("dest").isTextual()) {
            throw new Malformed("src and dest must be strings");
        }
        if (envelope.has("id") && !envelope.path("id").isIntegralNumber()) {
            throw new Malformed("id must be a whole number");
        }
        if (!(envelope.path("body") instanceof ObjectNode body)) {
            throw new Malformed("body must be an object");
        }
        return new Message(
                envelope.path("src").textValue(), envelope.path("dest").textValue(), body);
    }

    /// @param id Maelstrom's own number for the message
    public String line(long id) {
        ObjectNode envelope = JSON.objectNode().put("id", id).put("src", src).put("dest", dest);
        return envelope.set("body", body).toString();
    }

    /// Whether one end is a client: such messages arrive at once, are never cut off, and are not counted as servers'.
    boolean isOfClient() {
        return src.startsWith("c") || dest.startsWith("c");
    }
}
