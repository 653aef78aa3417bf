package dev.rumor.workbench.command;

import dev.rumor.workbench.Host;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A node in a process of its own. Two threads block on its pipes, so that a node that does not read its input holds
/// up nobody else. Its working directory is the temporary one, as under Maelstrom.
public final class ProcessHost implements Host {

    private static final Path DIRECTORY = Path.of(System.getProperty("java.io.tmpdir"));

    private final String name;
    private final List<String> command;
    private final Path log;
    private final BlockingQueue<Supplier<String>> input = new LinkedBlockingQueue<>();
    private Process process;
    private boolean killed;

    /// @param log where its standard error goes
    public ProcessHost(String name, List<String> command, Path log) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
    }

    @Override
    public void start(Shell shell) {
        Thread.ofPlatform().daemon().name(name + " output").start(() -> run(shell));
    }

    @Override
    public void hear(Supplier<String> line) {
        input.add(line);
    }

    @Override
    public synchronized void kill() {
        killed = true;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// Of the process and, when a script has started it, of all below it.
    @Override
    public synchronized long residentBytes() {
        return process == null
                ? 0
                : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                        .mapToLong(each -> residentBytes(each.pid()))
                        .sum();
    }

    private static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }

    private void run(Shell shell) {
        String end;
        try {
            Process born = launch();
            shell.post(shell::started);
            Thread writer = Thread.ofPlatform().daemon().name(name + " input").start(() -> write(born));
            read(born, shell);
            end = "exited with status " + born.waitFor() + "; its standard error is " + log;
            writer.interrupt();
        } catch (IOException | InterruptedException failed) {
            end = "failed: " + failed.getMessage();
        }
        String how = end;
        shell.post(() -> shell.exited(how));
    }

    private void read(Process born, Shell shell) throws IOException {
        try (BufferedReader reader = born.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                shell.post(shell.reading(line));
            }
        }
    }

    private synchronized Process launch() throws IOException {
        if (killed) {
            throw new IOException("killed before it had started");
        }
        process = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectError(log.toFile())
                .start();
        return process;
    }

    private void write(Process born) {
        try (BufferedWriter writer = born.outputWriter(StandardCharsets.UTF_8)) {
            while (true) {
                writer.write(input.take().get());
                writer.write('\n');
                if (input.isEmpty()) {
                    writer.flush();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // Whoever reads finds that out too, and says so.
        }
    }
}
