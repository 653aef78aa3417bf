package dev.rumor.workbench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/// A node in a process of its own. Two threads block on its pipes, so that a node that does not read its input holds
/// up nobody else. Its working directory is the temporary one, as under Maelstrom.
public final class ProcessHost implements Host {

    private static final Path DIRECTORY = Path.of(System.getProperty("java.io.tmpdir"));

    private final String name;
    private final List<String> command;
    private final Path log;
    private final BlockingQueue<String> input = new LinkedBlockingQueue<>();
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
    public void hear(String line) {
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
        try {
            Process born = launch();
            if (born == null) {
                return;
            }
            shell.post(shell::started);
            Thread writer = Thread.ofPlatform().daemon().name(name + " input").start(() -> write(born));
            born.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> shell.post(() -> shell.say(line)));
            int status = born.waitFor();
            writer.interrupt();
            shell.post(() -> shell.exited("exited with status " + status + "; its standard error is " + log));
        } catch (IOException failed) {
            shell.post(() -> shell.exited("could not be started: " + failed.getMessage()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Process launch() throws IOException {
        if (!killed) {
            process = new ProcessBuilder(command)
                    .directory(DIRECTORY.toFile())
                    .redirectError(log.toFile())
                    .start();
        }
        return process;
    }

    private void write(Process born) {
        try (BufferedWriter writer = born.outputWriter(StandardCharsets.UTF_8)) {
            while (true) {
                writer.write(input.take());
                writer.write('\n');
                if (input.isEmpty()) {
                    writer.flush();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // Its end is told by the other thread.
        }
    }
}
