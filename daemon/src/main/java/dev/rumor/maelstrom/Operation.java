package dev.rumor.maelstrom;

import dev.rumor.core.stream.Run;
import dev.rumor.wire.Malformed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// What one record of this host says, as JSON text in UTF-8: `{"broadcast":17}`, `{"add":[1,"two"]}`, `{"delta":-3}`.
sealed interface Operation {

    /// A value for everybody's messages.
    record Broadcast(Json value) implements Operation {}

    /// A value for everybody's set.
    record Add(Json element) implements Operation {}

    /// What a counter grows by.
    record Count(BigInteger delta) implements Operation {}

    default byte[] record() {
        Json.Fields fields = new Json.Fields();
        switch (this) {
            case Broadcast(Json value) -> fields.put("broadcast", value);
            case Add(Json element) -> fields.put("add", element);
            case Count(BigInteger delta) -> fields.put("delta", new Json.Raw(delta.toString()));
        }
        return fields.write().getBytes(StandardCharsets.UTF_8);
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
