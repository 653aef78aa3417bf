package dev.rumor.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Looks into a file through a buffer, so that neighbours cost one read together.
///
/// What the disk refuses to read looks like zeros, page by page. It fails its check then, as what was read
/// wrong does.
final class Window {
    private static final int PAGE_BYTES = 4096;

    private final Disk.File file;
    private final long size;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long start;

    Window(Disk.File file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    long size() {
        return size;
    }

    /// The bytes from `position` on, all within the file, valid until the next call.
    ///
    /// @param ahead how many to have at hand then, from `position` on
    ByteBuffer at(long position, int length, int ahead) {
        if (position < start || position + length > start + buffer.limit()) {
            fill(position, (int) Math.min(size - position, Math.max(length, ahead)));
        }
        return buffer.slice((int) (position - start), length);
    }

    private void fill(long position, int length) {
        if (buffer.capacity() < length || buffer.capacity() > 4 * length) {
            buffer = ByteBuffer.allocate(length);
        }
        start = position;
        if (!read(0, length)) {
            for (int k = 0; k < length; k += PAGE_BYTES) {
                int page = Math.min(PAGE_BYTES, length - k);
                if (!read(k, page)) {
                    buffer.put(k, new byte[page]);
                }
            }
        }
        buffer.position(0).limit(length);
    }

    private boolean read(int from, int length) {
        try {
            buffer.limit(from + length).position(from);
            file.read(buffer, start + from);
            return !buffer.hasRemaining();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
