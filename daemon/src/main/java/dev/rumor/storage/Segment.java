package dev.rumor.storage;

import dev.rumor.core.stream.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;

/// One file of the log. Its header stands there twice, because without the salt nothing else in the file
/// can be found:
///
/// ```
///  0  8  "RUMORLOG"
///  8  4  format version
/// 12  4  zero
/// 16  8  number
/// 24  8  base: where it starts, counted from the start of the first segment ever
/// 32  8  salt, at random
/// 40  4  zero
/// 44  4  CRC32C of the 44 bytes before
/// ```
///
/// What it holds is counted on the loop, once it is durable.
final class Segment {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 96;

    private static final long MAGIC = 0x52554d4f524c4f47L;
    private static final int COPY_BYTES = HEADER_BYTES / 2;
    private static final String PREFIX = "log-";
    private static final String SUFFIX = ".seg";

    static final Comparator<Segment> BY_AGE = Comparator.comparingLong(segment -> segment.number);

    final long number;
    final long base;
    final long salt;
    private long cost;
    private long oldestMillis = Long.MAX_VALUE;
    private long newestMillis;

    Segment(long number, long base, long salt) {
        this.number = number;
        this.base = base;
        this.salt = salt;
    }

    static String fileName(long number) {
        return PREFIX + String.format("%08d", number) + SUFFIX;
    }

    String fileName() {
        return fileName(number);
    }

    /// The number of the segment in a file of this name, -1 if it is none.
    static long number(String fileName) {
        try {
            return fileName.startsWith(PREFIX) && fileName.endsWith(SUFFIX)
                    ? Long.parseLong(fileName.substring(PREFIX.length(), fileName.length() - SUFFIX.length()))
                    : -1;
        } catch (NumberFormatException other) {
            return -1;
        }
    }

    ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        for (int start = 0; start < HEADER_BYTES; start += COPY_BYTES) {
            header.putLong(MAGIC).putInt(VERSION).putInt(0);
            header.putLong(number).putLong(base).putLong(salt).putInt(0);
            header.putInt(Block.crc(header.slice(start, COPY_BYTES - Integer.BYTES)));
        }
        return header.flip();
    }

    /// The segment in this file, null if neither of its headers is whole.
    ///
    /// @throws IOException with a sentence for the user if it was written in a newer format
    static Segment read(Window window, long number) throws IOException {
        for (int start = 0; start < HEADER_BYTES && start + COPY_BYTES <= window.size(); start += COPY_BYTES) {
            ByteBuffer copy = window.at(start, COPY_BYTES, COPY_BYTES);
            int checked = COPY_BYTES - Integer.BYTES;
            if (copy.getLong(0) == MAGIC && copy.getInt(checked) == Block.crc(copy.slice(0, checked))) {
                if (copy.getInt(8) > VERSION) {
                    throw new IOException("the log was written by a newer rumor: " + fileName(number) + " has format "
                            + copy.getInt(8) + ", and this one knows " + VERSION + " at most");
                }
                Segment found = new Segment(copy.getLong(16), copy.getLong(24), copy.getLong(32));
                return found.number == number ? found : null;
            }
        }
        return null;
    }

    // --- on the loop

    void count(Run run) {
        cost += run.cost();
        oldestMillis = Math.min(oldestMillis, run.lastMillis());
        newestMillis = Math.max(newestMillis, run.lastMillis());
    }

    /// What the runs in it cost, see [Run#cost]; those that turned out damaged count on until it is let go.
    long cost() {
        return cost;
    }

    /// Whether all of it was broadcast before this, in milliseconds since 1970.
    boolean isBefore(long millis) {
        return newestMillis < millis;
    }

    /// Whether some of it was broadcast before this, in milliseconds since 1970.
    boolean beginsBefore(long millis) {
        return oldestMillis < millis;
    }

    @Override
    public String toString() {
        return fileName();
    }
}
