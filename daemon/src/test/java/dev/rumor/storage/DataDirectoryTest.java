package dev.rumor.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path temporary;

    private Path path;

    @BeforeEach
    void itIsNotThereYet() {
        path = temporary.resolve("rumor").resolve("web-1");
    }

    @Test
    void itKeepsTheFirstName() throws IOException {
        try (DataDirectory directory = DataDirectory.open(path, "web-1")) {
            assertThat(directory.name()).isEqualTo("web-1");
        }
        try (DataDirectory directory = DataDirectory.open(path, "another")) {
            assertThat(directory.name()).isEqualTo("web-1");
        }
    }

    @Test
    void nobodyButItsOwnerMayLook() throws IOException {
        DataDirectory directory = DataDirectory.open(path, "web-1");
        DurableStore store = new DurableStore(directory, 1 << 20, event -> {}, Runnable::run, (records, nanos) -> {});
        store.open(1);
        store.close();
        assertThat(permissions(path)).isEqualTo("rwx------");
        try (var files = Files.list(path)) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file ->
                            assertThat(permissions(file)).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void itIsOpenOnce() throws IOException {
        try (DataDirectory directory = DataDirectory.open(path, "web-1")) {
            assertThatThrownBy(() -> DataDirectory.open(path, "web-1"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the data directory " + path + " is open in this process already");
            assertThat(directory.name()).isEqualTo("web-1");
        }
        DataDirectory.open(path, "web-1").close();
    }

    @Test
    void whatTheSystemRefusesIsToldInAWordOfEverydayLanguage() {
        assertThat(DataDirectory.reason(new AccessDeniedException("/data"))).isEqualTo("permission denied");
        assertThat(DataDirectory.reason(new FileAlreadyExistsException("/data")))
                .isEqualTo("it is a file");
        assertThat(DataDirectory.reason(new FileSystemException("/data", null, "Read-only file system")))
                .isEqualTo("Read-only file system");
    }

    @Test
    void thoseThatStartAtOnceMakeTheDirectoriesAboveTogether() throws Exception {
        List<Callable<String>> starts = new ArrayList<>();
        for (int k = 0; k < 32; k++) {
            String name = "n" + k;
            starts.add(() -> {
                try (DataDirectory directory =
                        DataDirectory.open(temporary.resolve("a/b/c").resolve(name), name)) {
                    return directory.name();
                }
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(starts.size())) {
            for (Future<String> each : threads.invokeAll(starts)) {
                assertThat(each.get()).startsWith("n");
            }
        }
    }

    @Test
    void anotherProcessThatHasItIsNamed() throws Exception {
        DataDirectory.open(path, "web-1").close();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> DataDirectory.open(path, "web-1"))
                    .hasMessage("the data directory " + path + " is in use by another process, pid " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        DataDirectory.open(path, "web-1").close();
    }

    /// Opens a data directory and holds it until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            DataDirectory directory = DataDirectory.open(Path.of(arguments[0]), "other");
            IO.println("open");
            int ended = System.in.read();
            directory.close();
            System.exit(ended);
        }
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        DataDirectory.open(path, "web-1").close();
        Files.writeString(path.resolve("node"), "format=2\nname=web-1\n");
        assertThatThrownBy(() -> DataDirectory.open(path, "web-1"))
                .isInstanceOf(IOException.class)
                .hasMessage("the data directory " + path
                        + " was written by a newer rumor: it has format 2, and this one knows 1 at most");
    }

    @Test
    void aLogOfANewerFormatIsRefused() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (OpenStore opened = OpenStore.begin(disk)) {
            opened.keep(OpenStore.run(OpenStore.A, 1, 1));
        }
        String name = disk.segments().getFirst();
        byte[] bytes = disk.bytes(name);
        bytes[11] = 2;
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putInt(44, Block.crc(header.slice(0, 44)));
        disk.replace(name, bytes);
        assertThatThrownBy(() -> OpenStore.on(disk))
                .hasMessage("the log cannot be opened: the log was written by a newer rumor: " + name
                        + " has format 2, and this one knows 1 at most");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whereNoDirectoryCanBeMadeItSaysWhatThereIsNot() {
        Path nowhere = Path.of("/proc/nothing/b");
        assertThatThrownBy(() -> DataDirectory.open(nowhere, "web-1"))
                .hasMessage("the data directory /proc/nothing/b cannot be used: there is no /proc/nothing");
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("thesis.tex"), "");
        assertThatThrownBy(() -> DataDirectory.open(path, "web-1"))
                .hasMessage(
                        "the data directory " + path + " is none of rumor's: it has no file 'node', but 'thesis.tex'");
        Files.delete(path.resolve("thesis.tex"));
        DataDirectory.open(path, "web-1").close();
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "");
        assertThatThrownBy(() -> DataDirectory.open(path, "web-1"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the data directory " + path + " cannot be used: ");
    }

    @Test
    void aStoreOnItRemembers() throws Exception {
        LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (Store store = new DurableStore(
                DataDirectory.open(path, "web-1"), 1 << 20, events::add, Runnable::run, (records, nanos) -> {})) {
            store.open(1);
            store.openEpoch(OpenStore.DISK, 3, 4);
            assertThat(events.take()).isEqualTo(new Event.EpochOpened());
        }
        try (Store store = new DurableStore(
                DataDirectory.open(path, "web-1"), 1 << 20, events::add, Runnable::run, (records, nanos) -> {})) {
            Event.Recovered recovered = store.open(2);
            assertThat(recovered.found()).isEqualTo(Found.CLEAN);
            assertThat(recovered.lastEpoch()).isEqualTo(3);
            assertThat(List.copyOf(events)).isEmpty();
        }
    }
}
