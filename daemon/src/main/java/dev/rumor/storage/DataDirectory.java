package dev.rumor.storage;

import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Where a node keeps what outlives its process, and the proof that nobody else has it open.
///
/// A small text file, `node`, names the format and the node: a disk's name outranks that of the host that
/// it is plugged into. All files can be read by their owner only. Made by [#open], and closed by the
/// [DurableStore] that is given it.
public final class DataDirectory implements AutoCloseable {

    static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final int FORMAT = 1;
    private static final String NODE = "node";
    private static final String UNFINISHED_NODE = "node.new";
    private static final String LOCK = "lock";

    /// What may lie in a directory that is taken for an empty one; the last is what a fresh disk is mounted
    /// with.
    private static final Set<String> OF_NO_ACCOUNT = Set.of(LOCK, UNFINISHED_NODE, "lost+found");

    /// Those open in this process. The system would give a process its own lock a second time, and give it
    /// up for good when either is closed.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;
    private final String name;

    private DataDirectory(Path path, FileChannel lock, String name) {
        this.path = path;
        this.lock = lock;
        this.name = name;
    }

    /// Opens the directory, and makes it first if it is not there.
    ///
    /// @param name the node's, should the directory be new
    /// @throws IOException with a sentence for the user if another process has it open, if it is of a newer
    ///     format or nothing of ours, or if it cannot be written to
    public static DataDirectory open(Path path, String name) throws IOException {
        try {
            create(path.toAbsolutePath());
            Path real = path.toRealPath();
            if (!OPEN.add(real)) {
                throw new Unusable("is open in this process already");
            }
            try {
                return lock(real, name);
            } catch (IOException | RuntimeException failed) {
                OPEN.remove(real);
                throw failed;
            }
        } catch (IOException failed) {
            throw new IOException("the data directory " + path + " " + sentence(failed), failed);
        }
    }

    /// A directory that may be gone after a crash keeps nothing.
    private static void create(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            if (Files.notExists(path.getParent())) {
                create(path.getParent());
            }
            try {
                Files.createDirectory(path, OWNERS_DIRECTORY);
            } catch (FileAlreadyExistsException exists) {
                if (!Files.isDirectory(path)) {
                    throw exists;
                }
                // Another process that starts beside this one has made it in this moment.
            }
            Disk.of(path.getParent()).force();
        }
    }

    private static final class Unusable extends IOException {
        private static final long serialVersionUID = 1;

        Unusable(String why) {
            super(why);
        }
    }

    private static String sentence(IOException failed) {
        return failed instanceof Unusable ? failed.getMessage() : "cannot be used: " + reason(failed);
    }

    /// What the system said, without the path that most of its exceptions begin with.
    static String reason(IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof FileAlreadyExistsException) {
            return "it is a file";
        }
        if (failed instanceof NoSuchFileException) {
            return "there is no " + failed.getMessage();
        }
        if (failed instanceof FileSystemException at && at.getReason() != null) {
            return at.getReason();
        }
        String message = failed.getMessage();
        return message == null || failed instanceof FileSystemException
                ? failed.getClass().getSimpleName() + (message == null ? "" : " at " + message)
                : message;
    }

    private static DataDirectory lock(Path path, String name) throws IOException {
        Path file = path.resolve(LOCK);
        FileChannel lock = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                OWNERS_FILE);
        try {
            if (lock.tryLock() == null) {
                String holder = Files.readString(file).strip();
                throw new Unusable("is in use by another process" + (holder.isEmpty() ? "" : ", " + holder));
            }
            lock.truncate(0);
            lock.write(text("pid " + ProcessHandle.current().pid() + "\n"), 0);
            return new DataDirectory(path, lock, known(path, name));
        } catch (IOException | RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    private static String known(Path path, String name) throws IOException {
        Path node = path.resolve(NODE);
        if (!Files.exists(node)) {
            describe(path, name);
        }
        Properties found = new Properties();
        try {
            found.load(new StringReader(Files.readString(node)));
            int format = Integer.parseInt(found.getProperty("format", "").strip());
            if (format > FORMAT) {
                throw new Unusable("was written by a newer rumor: it has format " + format + ", and this one knows "
                        + FORMAT + " at most");
            }
        } catch (IllegalArgumentException garbled) {
            throw new Unusable("has a file '" + NODE + "' that does not say which format it has");
        }
        String known = found.getProperty("name", "").strip();
        if (!Stream.isName(known)) {
            throw new Unusable("has a file '" + NODE + "' that names no node");
        }
        return known;
    }

    /// The description is there whole or not at all.
    private static void describe(Path path, String name) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String found = entry.getFileName().toString();
                if (!OF_NO_ACCOUNT.contains(found)) {
                    throw new Unusable("is none of rumor's: it has no file '" + NODE + "', but '" + found + "'");
                }
            }
        }
        Disk disk = Disk.of(path);
        disk.delete(UNFINISHED_NODE);
        try (Disk.File file = disk.create(UNFINISHED_NODE)) {
            file.write(text("# A data directory of rumor.\nformat=" + FORMAT + "\nname=" + name + "\n"), 0);
            file.force();
        }
        disk.rename(UNFINISHED_NODE, NODE);
        disk.force();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The node's name, as given when the directory was made.
    public String name() {
        return name;
    }

    public Path path() {
        return path;
    }

    Disk disk() {
        return Disk.of(path);
    }

    /// Lets others have it.
    @Override
    public void close() throws IOException {
        if (lock.isOpen()) {
            lock.close();
            OPEN.remove(path);
        }
    }
}
