package dev.rumor.storage;

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

/// A directory of the system's. Files that are made here can be read by their owner only.
final class FileDisk implements Disk {
    private final Path directory;

    FileDisk(Path directory) {
        this.directory = directory;
    }

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
        return new Opened(FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
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
