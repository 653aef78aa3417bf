package dev.rumor.wire;

import dev.rumor.core.Settings;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Records into runs and out of them. An origin encodes a run once; everybody else stores and forwards its
/// bytes and looks into them only to check them, or for a reader.
///
/// What a record looks like inside is [RecordCodec]'s to know, so that a host with records of its own needs no
/// protobuf.
public final class RunCodec {

    /// The longest topic, in bytes of UTF-8.
    public static final int MAX_TOPIC_BYTES = 255;

    /// The largest record as it stands in a run: payload, topic, and room for the fields around them.
    public static final int MAX_RECORD_BYTES = Settings.MAX_PAYLOAD + 1024;

    private RunCodec() {}

    /// A record as a [Run.Draft] holds it.
    ///
    /// @param topic at most [#MAX_TOPIC_BYTES] of UTF-8
    /// @param payload at most [Settings#MAX_PAYLOAD] bytes, read from its position to its limit
    /// @throws IllegalArgumentException if either is longer
    public static byte[] record(String topic, ByteBuffer payload) {
        return RecordCodec.encode(topic, payload);
    }

    /// See [#record(String, ByteBuffer)].
    public static byte[] record(String topic, byte[] payload) {
        return record(topic, ByteBuffer.wrap(payload));
    }

    /// Numbers the records of these drafts from `first` on and makes them one run of the origin's own stream.
    ///
    /// @param clock hybrid clock of the first record, see [Run]
    public static Run encode(Stream stream, int tag, long first, long clock, List<Run.Draft> drafts) {
        int count = Math.toIntExact(drafts.stream().mapToLong(Run.Draft::count).sum());
        int size = Math.toIntExact(drafts.stream().mapToLong(Run.Draft::size).sum());
        int[] lengths = new int[count];
        int[] checksums = new int[count];
        byte[] bytes = new byte[size];
        Checksum checksum = new Checksum(stream);
        int k = 0;
        int offset = 0;
        for (Run.Draft draft : drafts) {
            for (byte[] record : draft.records()) {
                System.arraycopy(record, 0, bytes, offset, record.length);
                lengths[k] = record.length;
                checksums[k] = checksum.of(first + k, bytes, offset, record.length);
                offset += record.length;
                k++;
            }
        }
        return new Run(stream, tag, first, clock, lengths, checksums, bytes);
    }

    /// Whether every record is what its origin encoded, under the number that its origin gave it.
    public static boolean verify(Run run) {
        Checksum checksum = new Checksum(run.stream());
        int offset = run.offset();
        for (int k = 0; k < run.count(); k++) {
            if (checksum.of(run.first() + k, run.bytes(), offset, run.length(k)) != run.checksum(k)) {
                return false;
            }
            offset += run.length(k);
        }
        return true;
    }

    /// Record `k` of the run (0 for the first).
    ///
    /// @throws Malformed if its origin wrote what is no record, which those who forwarded it do not look for
    public static StoredRecord decode(Run run, int k) throws Malformed {
        int offset = run.offset();
        for (int before = 0; before < k; before++) {
            offset += run.length(before);
        }
        return RecordCodec.decode(run, k, offset);
    }

    /// What readers are shown of the run: its records of kind [StoredRecord#DATA], in order. A record that is
    /// none, which only its origin can have made, is nothing that can be shown and is left out.
    public static List<StoredRecord> shown(Run run) {
        List<StoredRecord> shown = new ArrayList<>(run.count());
        int offset = run.offset();
        for (int k = 0; k < run.count(); k++) {
            try {
                StoredRecord record = RecordCodec.decode(run, k, offset);
                if (record.kind() == StoredRecord.DATA) {
                    shown.add(record);
                }
            } catch (Malformed notARecord) {
                // Left out.
            }
            offset += run.length(k);
        }
        return shown;
    }

    /// CRC32C over the origin's name, the epoch, the sequence and the bytes: a record that turns up under a
    /// number not its own fails as surely as one with a bit flipped.
    private static final class Checksum {
        private final CRC32C sum = new CRC32C();
        private final ByteBuffer id;
        private final int sequenceAt;

        Checksum(Stream stream) {
            byte[] origin = stream.origin().getBytes(StandardCharsets.UTF_8);
            id = ByteBuffer.allocate(origin.length + 2 * Long.BYTES);
            id.put(origin).putLong(stream.epoch());
            sequenceAt = id.position();
        }

        int of(long sequence, byte[] bytes, int offset, int length) {
            id.putLong(sequenceAt, sequence);
            sum.reset();
            sum.update(id.array());
            sum.update(bytes, offset, length);
            return (int) sum.getValue();
        }
    }
}
