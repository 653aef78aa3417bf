package dev.rumor.storage;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// A run as a block: in its head stream, tag, first sequence, clock, and of each record length, its origin's
/// checksum and ours; in its body the records.
///
/// The origin's checksum is kept as it came. What it is computed from is for the wire to know, so a record
/// has another one, over its bytes as they lie here.
final class RunLayout {

    /// What a block was found to hold.
    ///
    /// @param bad sequences of those records of the run that fail their check
    record Found(Run run, Intervals bad) {}

    private static final int FIXED_BYTES = Integer.BYTES + 2 * Long.BYTES + Integer.BYTES;
    private static final int RECORD_BYTES = 3 * Integer.BYTES;

    private RunLayout() {}

    static int headBytes(Run run) {
        return streamBytes(run.stream()) + FIXED_BYTES + run.count() * RECORD_BYTES;
    }

    static void putHead(ByteBuffer head, Run run) {
        putStream(head, run.stream());
        head.putInt(run.tag()).putLong(run.first()).putLong(run.clock()).putInt(run.count());
        CRC32C sum = new CRC32C();
        int offset = run.offset();
        for (int k = 0; k < run.count(); k++) {
            sum.reset();
            sum.update(run.bytes(), offset, run.length(k));
            offset += run.length(k);
            head.putInt(run.length(k)).putInt(run.checksum(k)).putInt((int) sum.getValue());
        }
    }

    static Found read(Block block) {
        ByteBuffer head = block.head();
        Stream stream = getStream(head);
        int tag = head.getInt();
        long first = head.getLong();
        long clock = head.getLong();
        int[] lengths = new int[head.getInt()];
        int[] checksums = new int[lengths.length];
        byte[] bytes = new byte[block.body().remaining()];
        block.body().get(bytes);
        Intervals bad = Intervals.NONE;
        CRC32C sum = new CRC32C();
        int offset = 0;
        for (int k = 0; k < lengths.length; k++) {
            lengths[k] = head.getInt();
            checksums[k] = head.getInt();
            sum.reset();
            sum.update(bytes, offset, lengths[k]);
            offset += lengths[k];
            if ((int) sum.getValue() != head.getInt()) {
                bad = bad.plus(first + k, first + k);
            }
        }
        return new Found(new Run(stream, tag, first, clock, lengths, checksums, bytes), bad);
    }

    static int streamBytes(Stream stream) {
        return 1 + stream.origin().length() + Long.BYTES;
    }

    /// A name has no characters but of ASCII.
    static void putStream(ByteBuffer into, Stream stream) {
        byte[] origin = stream.origin().getBytes(StandardCharsets.US_ASCII);
        into.put((byte) origin.length).put(origin).putLong(stream.epoch());
    }

    static Stream getStream(ByteBuffer from) {
        byte[] origin = new byte[from.get()];
        from.get(origin);
        return new Stream(new String(origin, StandardCharsets.US_ASCII), from.getLong());
    }
}
