package dev.rumor.wire;

import dev.rumor.core.stream.Stream;

/// One broadcast as readers see it, taken out of its run.
///
/// @param sequence its number in the stream, from 1
/// @param timeMillis when it was broadcast by its origin's clock, in milliseconds since 1970
/// @param kind 0 for data; others are reserved, kept and forwarded, and not shown to readers
/// @param topic at most 255 bytes of UTF-8, may be empty
/// @param payload at most 8 MiB, may be empty; never written to
public record StoredRecord(Stream stream, long sequence, long timeMillis, int kind, String topic, byte[] payload) {

    /// The only kind that readers are shown.
    public static final int DATA = 0;

    /// The record id as people see it, see [Stream#id].
    public String id() {
        return stream.id(sequence);
    }

    @Override
    public String toString() {
        return id() + " " + topic + " (" + payload.length + " B)";
    }
}
