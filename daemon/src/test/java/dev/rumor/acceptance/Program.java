package dev.rumor.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The built program, run once in a process of its own as its users run it. What it prints goes to files. It does not
/// outlive [#close], nor the JVM of the tests.
final class Program implements AutoCloseable {

    /// Where `mvn package` leaves the program: the folder `daemon`, which failsafe names.
    private static final Path HOME =
            Path.of(System.getProperty("basedir", "daemon")).toAbsolutePath();

    static final Path LAUNCHER = HOME.resolveSibling("rumor");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path output;
    private final Path errors;

    private Program(ProcessBuilder builder, Path directory) {
        int number = STARTED.incrementAndGet();
        output = directory.resolve(number + ".out");
        errors = directory.resolve(number + ".err");
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(each -> each.startsWith("RUMOR_"));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LIVE.add(process);
        process.onExit().thenAccept(LIVE::remove);
    }

    /// Starts `rumor` with these arguments, without the launcher.
    ///
    /// @param directory where its output goes
    static Program rumor(Path directory, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:-UsePerfData", "-Dstdout.encoding=UTF-8"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", HOME + "/target/rumor.jar:" + HOME + "/target/lib/*", "dev.rumor.Main"));
        command.addAll(arguments);
        return new Program(new ProcessBuilder(command), directory);
    }

    /// Starts a short-lived command such as `broadcast` or `read`.
    static Program command(Path directory, String... arguments) {
        return rumor(directory, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), List.of(arguments));
    }

    /// Starts an executable file, in a directory to which its output goes as well.
    static Program of(Path directory, String file, String... arguments) {
        List<String> command = new ArrayList<>(List.of(file));
        command.addAll(List.of(arguments));
        return new Program(new ProcessBuilder(command).directory(directory.toFile()), directory);
    }

    /// What is written here the program reads from its standard input.
    OutputStream input() {
        return process.getOutputStream();
    }

    /// Waits for its end.
    int exitCode() {
        return exitCode(PATIENCE);
    }

    int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(this + " still runs after " + patience);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path output() {
        return output;
    }

    List<String> outputLines() {
        return lines(output);
    }

    List<String> errorLines() {
        return lines(errors);
    }

    /// Sends a signal, by its name without SIG.
    void signal(String name) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " exited with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Memory that it occupies now, in bytes (Linux).
    long residentBytes() {
        return lines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .mapToLong(each -> Long.parseLong(each.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }

    @Override
    public String toString() {
        return process.info().commandLine().orElse("process " + process.pid());
    }

    private static List<String> lines(Path file) {
        try {
            // A line is what LF ends: Files.readAllLines would break at CR as well.
            String text = Files.readString(file);
            return text.isEmpty() ? List.of() : List.of(text.split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
