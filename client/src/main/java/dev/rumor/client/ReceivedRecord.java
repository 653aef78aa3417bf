package dev.rumor.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// A record as a daemon shows it. Equal to another with the same content.
///
/// @param topic empty for none
/// @param payload any bytes; not copied, so leave them as they are
/// @param time when it was broadcast, by its origin's clock
public record ReceivedRecord(RecordId id, String topic, byte[] payload, Instant time) {

    /// The payload as text; empty when it is not UTF-8.
    public Optional<String> text() {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceivedRecord record
                && id.equals(record.id)
                && topic.equals(record.topic)
                && time.equals(record.time)
                && Arrays.equals(payload, record.payload);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id + " (" + payload.length + " B)";
    }
}
