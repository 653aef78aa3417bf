package dev.rumor.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A program that others wrote and that tests let have a look at our files. In CI it has to be there; elsewhere what it
/// would look at is left out without it.
public record Tool(String name) {

    /// Where this repository is checked out.
    public static final Path CHECKOUT = Path.of(System.getProperty("basedir", "daemon"))
            .toAbsolutePath()
            .normalize()
            .getParent();

    /// @param name by which the PATH has it
    public static Tool required(String name) {
        Tool tool = new Tool(name);
        if (!Boolean.parseBoolean(System.getenv("CI"))) {
            assumeThat(tool.isThere())
                    .as("there is no %s on the PATH: what it would check was not checked", name)
                    .isTrue();
        }
        return tool;
    }

    public boolean isThere() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, name)));
    }

    /// Runs it in the checkout, and gives what it printed, errors too.
    ///
    /// @param input what it reads from its standard input
    public String run(String input, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(name));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .directory(CHECKOUT.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            assertThat(process.waitFor())
                    .as("exit code of %s: %s", command, output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// A file of this repository.
    public static String file(String path) {
        try {
            return Files.readString(CHECKOUT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
