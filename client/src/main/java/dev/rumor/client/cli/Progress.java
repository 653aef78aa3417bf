package dev.rumor.client.cli;

import dev.rumor.client.cli.text.Quantity;
import java.time.Duration;

/// One line on standard error that says how far a long command is; nothing for a short one, and nothing where
/// nobody would see it.
final class Progress implements AutoCloseable {

    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NEXT_NANOS = Duration.ofMillis(200).toNanos();
    private static final String ERASE = "\r\033[K";

    private final Stdio stdio;
    private final String done;
    private final boolean writesOutput;
    private final long start = System.nanoTime();
    private long due = start + FIRST_NANOS;
    private Boolean seen;
    private long records;
    private long bytes;

    /// @param done what has happened to the records counted, such as "acknowledged"
    /// @param writesOutput whether the command also writes to standard output as it goes
    Progress(Stdio stdio, String done, boolean writesOutput) {
        this.stdio = stdio;
        this.done = done;
        this.writesOutput = writesOutput;
    }

    void advance(long moreRecords, long moreBytes) {
        records += moreRecords;
        bytes += moreBytes;
        long now = System.nanoTime();
        if (now - due < 0) {
            return;
        }
        due = now + NEXT_NANOS;
        if (seen == null) {
            seen = stdio.showsProgress(writesOutput);
        }
        if (seen) {
            stdio.mutter(ERASE + line(now - start));
        }
    }

    private String line(long nanos) {
        long perSecond = (long) (records * 1e9 / nanos);
        return Quantity.number(records) + " records " + done + ", " + Quantity.bytes(bytes) + ", "
                + Quantity.number(perSecond) + "/s";
    }

    void erase() {
        if (seen != null && seen) {
            stdio.mutter(ERASE);
        }
    }

    @Override
    public void close() {
        erase();
    }
}
