package dev.rumor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A directory that lasts as long as this process needs it; made when it is first asked for.
final class TemporaryDirectory implements AutoCloseable {

    private Path path;

    /// @throws UncheckedIOException with a sentence for the user if it cannot be made
    synchronized Path path() {
        if (path == null) {
            try {
                path = Files.createTempDirectory("rumor-");
            } catch (IOException refused) {
                throw new UncheckedIOException(
                        "cannot make a directory for the data in " + System.getProperty("java.io.tmpdir"), refused);
            }
        }
        return path;
    }

    /// Whether this directory was asked for.
    synchronized boolean exists() {
        return path != null;
    }

    /// What cannot be removed stays: that it is temporary is known from where it is.
    @Override
    public synchronized void close() {
        if (path != null) {
            try {
                Files.walkFileTree(path, new Removal());
            } catch (IOException stays) {
                return;
            }
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failed) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
