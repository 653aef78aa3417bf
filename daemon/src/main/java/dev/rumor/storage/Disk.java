package dev.rumor.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of one directory: all that the log asks of the system, so that a test can lose what was not
/// forced, tear it, refuse to force, be full, or flip bits.
interface Disk {

    /// The files of a directory of the system.
    static Disk of(Path directory) {
        return new Directory(directory);
    }

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

    /// A directory of the system's. Files that are made here can be read by their owner only.
    record Directory(Path directory) implements Disk {

        @Override
        public List<String> names() throws IOException {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
            return names;
        }

        @Override
        public File create(String name) throws IOException {
            return new Opened(FileChannel.open(
                    directory.resolve(name),
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    DataDirectory.OWNERS_FILE));
        }

        @Override
        public File open(String name) throws IOException {
            return new Opened(
                    FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void delete(String name) throws IOException {
            Files.deleteIfExists(directory.resolve(name));
        }

        /// A directory can be opened for reading only, and forced all the same.
        @Override
        public void force() throws Unforced {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException failed) {
                throw new Unforced(failed);
            }
        }

        @Override
        public boolean lacks(long bytes) {
            try {
                return Files.getFileStore(directory).getUsableSpace() < bytes;
            } catch (IOException unknown) {
                return false;
            }
        }

        private record Opened(FileChannel channel) implements File {

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void read(ByteBuffer into, long at) throws IOException {
                long next = at;
                int count = 0;
                while (into.hasRemaining() && count >= 0) {
                    count = channel.read(into, next);
                    next += count;
                }
            }

            @Override
            public void write(ByteBuffer from, long at) throws IOException {
                long next = at;
                while (from.hasRemaining()) {
                    next += channel.write(from, next);
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                channel.truncate(size);
            }

            @Override
            public void force() throws Unforced {
                try {
                    channel.force(false);
                } catch (IOException failed) {
                    throw new Unforced(failed);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }
}
