package dev.rumor.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/// Where a streamed answer goes: a piece at a time, the next when the one before is taken. So a reader that does not
/// read costs one piece, whatever there is to be read.
public final class Outlet {

    /// Pieces are of about this size, and larger only where what is written at once is.
    private static final int PIECE_BYTES = 64 << 10;

    /// Nobody reads this answer any more.
    public static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1;

        Gone() {
            super("nobody reads this any more", null, false, false);
        }
    }

    private final Function<byte[], CompletableFuture<Void>> pipe;
    private byte[] gathered = new byte[1 << 10];
    private int size;

    /// @param pipe takes a piece, and says when it is taken; or that it will never be
    Outlet(Function<byte[], CompletableFuture<Void>> pipe) {
        this.pipe = pipe;
    }

    /// Waits where the reader is slow.
    ///
    /// @throws Gone if nobody reads this any more
    public void write(byte[] bytes) throws InterruptedException {
        if (size + bytes.length > PIECE_BYTES) {
            flush();
        }
        if (bytes.length >= PIECE_BYTES) {
            send(bytes);
            return;
        }
        if (size + bytes.length > gathered.length) {
            byte[] larger = new byte[Math.min(PIECE_BYTES, Math.max(2 * gathered.length, size + bytes.length))];
            System.arraycopy(gathered, 0, larger, 0, size);
            gathered = larger;
        }
        System.arraycopy(bytes, 0, gathered, size, bytes.length);
        size += bytes.length;
    }

    /// Sends what is gathered; to be called before waiting for more.
    public void flush() throws InterruptedException {
        if (size > 0) {
            byte[] piece = new byte[size];
            System.arraycopy(gathered, 0, piece, 0, size);
            size = 0;
            send(piece);
        }
    }

    private void send(byte[] piece) throws InterruptedException {
        try {
            pipe.apply(piece).get();
        } catch (ExecutionException gone) {
            throw new Gone();
        }
    }
}
