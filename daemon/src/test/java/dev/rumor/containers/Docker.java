package dev.rumor.containers;

import dev.rumor.deploy.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The `docker` command, and whether there is an engine for it. Where none answers, the tests that want one are
/// skipped; unless `REQUIRE_DOCKER` is `true` in the environment, as `.ci/run` sets it: then they fail.
final class Docker implements ExecutionCondition {

    /// A command ended with something else than 0.
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(List<String> command, String output) {
            super(String.join(" ", command) + " failed: " + output);
        }
    }

    static final boolean REQUIRED = "true".equals(System.getenv("REQUIRE_DOCKER"));
    private static final Optional<String> ABSENCE = absence();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (ABSENCE.isEmpty()) {
            return ConditionEvaluationResult.enabled("there is a Docker engine");
        }
        if (REQUIRED) {
            throw new IllegalStateException("REQUIRE_DOCKER is true, but " + ABSENCE.get());
        }
        return ConditionEvaluationResult.disabled(ABSENCE.get());
    }

    private static Optional<String> absence() {
        try {
            run("version");
            return Optional.empty();
        } catch (Failed | UncheckedIOException absent) {
            if (!REQUIRED) {
                System.out.println("The tests in containers are skipped: no Docker engine answers");
            }
            return Optional.of(absent.getMessage());
        }
    }

    /// Runs `docker` in the checkout, and gives what it printed on standard output.
    ///
    /// @throws Failed with what it printed on standard error
    static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return execute(command, Map.of());
    }

    /// Runs any command in the checkout, as [#run] does.
    static String execute(List<String> command, Map<String, String> environment) {
        try {
            Path errors = Files.createTempFile("docker", ".err");
            try {
                return execute(command, environment, errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String execute(List<String> command, Map<String, String> environment, Path errors)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Tool.CHECKOUT.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new Failed(command, output + Files.readString(errors).strip());
        }
        return output;
    }
}
