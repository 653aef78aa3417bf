package dev.rumor.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// The files of one directory: all that the log asks of the system, so that a test can lose what was not forced, tear
/// it, refuse to force, be full, or flip bits.
interface Disk {

    /// Names of the files that there are.
    List<String> names() throws IOException;

    /// A new, empty file, to be read and written. It may be gone after a crash until the disk is forced.
    File create(String name) throws IOException;

    /// A file that there is, to be read and written.
    File open(String name) throws IOException;

    /// Replaces what has the new name.
    void rename(String from, String to) throws IOException;

    /// Does nothing if there is none.
    void delete(String name) throws IOException;

    /// Makes durable which files there are.
    void force() throws Unforced;

    /// Whether fewer than so many bytes are left.
    boolean lacks(long bytes);

    /// One open file.
    interface File extends Closeable {

        long size() throws IOException;

        /// Reads until the buffer is full or the file ends.
        void read(ByteBuffer into, long at) throws IOException;

        /// Writes all that remains in the buffer.
        void write(ByteBuffer from, long at) throws IOException;

        void truncate(long size) throws IOException;

        /// Makes durable what was written and how long the file is.
        void force() throws Unforced;
    }

    /// What was written before may be lost, or not; forcing it again would say nothing about it.
    final class Unforced extends IOException {
        private static final long serialVersionUID = 1;

        Unforced(IOException cause) {
            super(DataDirectory.reason(cause), cause);
        }
    }
}
