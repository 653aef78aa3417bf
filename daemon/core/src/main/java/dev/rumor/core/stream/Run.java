package dev.rumor.core.stream;

import java.util.Arrays;
import java.util.List;

/// Consecutive records of one stream as one block of bytes: encoded once by their origin, and from then on stored,
/// pushed, forwarded and pulled as they are. Arithmetic, storage, checksums and sends cost per run, not per record.
///
/// The header (stream, tag, first sequence, clock, and each record's length and CRC32C) is the core's to read. The
/// bytes are not: the core carries them from the event that brought them to the effect that stores them. A run can be
/// sliced at record borders without copying; a slice shares the bytes of its whole.
///
/// Equal by header. Immutable by agreement: nobody writes to the arrays once the run is made.
public final class Run {

    /// What a run costs on disk beyond its records' bytes, and a record beyond its own; counted against retention so
    /// that a flood of tiny records is bounded by what it really takes. Measured: 72 bytes where many runs are
    /// synced together, 160 for one that is synced alone. (In memory a run takes 288, and a record 8.)
    public static final int RUN_OVERHEAD_BYTES = 128;

    public static final int RECORD_OVERHEAD_BYTES = 12;

    private final Stream stream;
    private final int tag;
    private final long first;
    private final long clock;
    private final int[] lengths;
    private final int[] checksums;
    private final byte[] bytes;
    private final int index;
    private final int count;
    private final int offset;
    private final int size;

    /// @param tag the epoch's random tag; two tags under one stream mean two histories
    /// @param first sequence of the first record, at least 1
    /// @param clock hybrid clock of the first record (milliseconds since 1970 in the upper 48 bits, a counter
    ///     in the lower 16); record `k` of the run has `clock + k`
    /// @param lengths bytes of each record, in order; at least one record
    /// @param checksums CRC32C of each record, computed by its origin over id and content
    /// @param bytes the records, one after the other; its length is the sum of `lengths`
    public Run(Stream stream, int tag, long first, long clock, int[] lengths, int[] checksums, byte[] bytes) {
        this(stream, tag, first, clock, lengths, checksums, bytes, 0, lengths.length, 0, bytes.length);
        long sum = 0;
        for (int length : lengths) {
            if (length < 0) {
                throw new IllegalArgumentException("a record of " + length + " bytes");
            }
            sum += length;
        }
        if (first < 1 || count < 1 || first > Long.MAX_VALUE - count || checksums.length != count) {
            throw new IllegalArgumentException(
                    "a run of " + count + " records and " + checksums.length + " checksums from " + first);
        }
        if (sum != bytes.length) {
            throw new IllegalArgumentException("records of " + sum + " bytes in a block of " + bytes.length);
        }
    }

    private Run(
            Stream stream,
            int tag,
            long first,
            long clock,
            int[] lengths,
            int[] checksums,
            byte[] bytes,
            int index,
            int count,
            int offset,
            int size) {
        this.stream = stream;
        this.tag = tag;
        this.first = first;
        this.clock = clock;
        this.lengths = lengths;
        this.checksums = checksums;
        this.bytes = bytes;
        this.index = index;
        this.count = count;
        this.offset = offset;
        this.size = size;
    }

    /// The records `from` to `to`, both included and both within this run, sharing its bytes.
    public Run slice(long from, long to) {
        if (from < first || to > last() || from > to) {
            throw new IllegalArgumentException(from + ".." + to + " of " + this);
        }
        if (from == first && to == last()) {
            return this;
        }
        int skip = (int) (from - first);
        int taken = (int) (to - from + 1);
        int start = offset;
        for (int k = 0; k < skip; k++) {
            start += length(k);
        }
        int sum = 0;
        for (int k = skip; k < skip + taken; k++) {
            sum += length(k);
        }
        return new Run(stream, tag, from, clock + skip, lengths, checksums, bytes, index + skip, taken, start, sum);
    }

    /// The same run, and none of the bytes that a slice keeps alive with its whole, which nobody accounts for.
    public Run own() {
        if (size == bytes.length) {
            return this;
        }
        int[] ownLengths = Arrays.copyOfRange(lengths, index, index + count);
        int[] ownChecksums = Arrays.copyOfRange(checksums, index, index + count);
        byte[] ownBytes = Arrays.copyOfRange(bytes, offset, offset + size);
        return new Run(stream, tag, first, clock, ownLengths, ownChecksums, ownBytes);
    }

    public Stream stream() {
        return stream;
    }

    public int tag() {
        return tag;
    }

    public long first() {
        return first;
    }

    public long last() {
        return first + count - 1;
    }

    public long clock() {
        return clock;
    }

    /// When the last record was broadcast, in milliseconds since 1970, as its hybrid clock says.
    public long lastMillis() {
        return clock + count - 1 >>> 16;
    }

    public int count() {
        return count;
    }

    /// Bytes of record `k` (0 for the first of this run).
    public int length(int k) {
        return lengths[index + k];
    }

    /// CRC32C of record `k` (0 for the first of this run).
    public int checksum(int k) {
        return checksums[index + k];
    }

    /// The block that holds the records, from [#offset] on for [#size] bytes. For hosts; never written to.
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /// Bytes of all records together.
    public int size() {
        return size;
    }

    /// What this run counts against retention: its bytes and what keeping them costs.
    public long cost() {
        return RUN_OVERHEAD_BYTES + (long) count * RECORD_OVERHEAD_BYTES + size;
    }

    public Stream.Range range() {
        return new Stream.Range(stream, first, last());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Run run
                && stream.equals(run.stream)
                && tag == run.tag
                && first == run.first
                && count == run.count
                && clock == run.clock
                && size == run.size;
    }

    @Override
    public int hashCode() {
        return stream.hashCode() * 31 + Long.hashCode(first) * 7 + count;
    }

    @Override
    public String toString() {
        return range() + " (" + size + " B)";
    }

    /// Records as a client gave them, not yet numbered: each encoded and ready to be copied into a run.
    ///
    /// @param records at least one; the bytes are the host's, the core looks at their lengths only
    public record Draft(List<byte[]> records) {
        public Draft {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("a draft without records");
            }
        }

        public int count() {
            return records.size();
        }

        public long size() {
            long sum = 0;
            for (byte[] each : records) {
                sum += each.length;
            }
            return sum;
        }

        @Override
        public String toString() {
            return count() + " records (" + size() + " B)";
        }
    }
}
