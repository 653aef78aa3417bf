package dev.rumor.maelstrom;

import dev.rumor.core.stream.Run;
import dev.rumor.wire.Malformed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// What one record of this host says, as JSON text in UTF-8: `{"broadcast":17}`, `{"add":[1,"two"]}`, `{"delta":-3}`.
sealed interface Operation {

    /// A value for everybody's messages.
    record Broadcast(Json value) implements Operation {
        @Override
        public Json.Fields fields() {
            return new Json.Fields().put("broadcast", value);
        }
    }

    /// A value for everybody's set.
    record Add(Json element) implements Operation {
        @Override
        public Json.Fields fields() {
            return new Json.Fields().put("add", element);
        }
    }

    /// What a counter grows by.
    record Count(BigInteger delta) implements Operation {
        @Override
        public Json.Fields fields() {
            return new Json.Fields().put("delta", new Json.Raw(delta.toString()));
        }
    }

    Json.Fields fields();

    default byte[] record() {
        return fields().write().getBytes(StandardCharsets.UTF_8);
    }

    /// @throws Malformed if this is no record of this host
    static Operation of(String record) throws Malformed {
        Json.Fields fields = Json.fieldsOf("a record", Json.read(record));
        if (fields.has("broadcast")) {
            return new Broadcast(fields.get("broadcast"));
        }
        return fields.has("add") ? new Add(fields.get("add")) : new Count(fields.integer("delta"));
    }

    /// The records of a run, as text.
    static Stream<String> records(Run run) {
        Stream.Builder<String> records = Stream.builder();
        int offset = run.offset();
        for (int k = 0; k < run.count(); k++) {
            records.add(new String(run.bytes(), offset, run.length(k), StandardCharsets.UTF_8));
            offset += run.length(k);
        }
        return records.build();
    }
}
