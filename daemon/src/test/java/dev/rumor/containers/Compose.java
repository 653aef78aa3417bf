package dev.rumor.containers;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `deploy/compose.yaml`, brought up as a project of its own with the image of this build, and a Prometheus at a port
/// that is free. It is gone, with its volumes, when it is closed.
final class Compose implements AutoCloseable {

    private final List<String> command;
    private final Map<String, String> environment;

    private Compose(List<String> command, Image image) {
        this.command = command;
        this.environment = Map.of(
                "COMPOSE_PROJECT_NAME",
                "rumor-it-" + ProcessHandle.current().pid(),
                "RUMOR_IMAGE",
                image.name(),
                "PROMETHEUS_PORT",
                "0");
    }

    /// Where `docker` has no `compose`, the command of its own that it was before.
    static Compose up(Image image) {
        Compose compose = new Compose(command(), image);
        try {
            compose.run("up", "--detach");
            return compose;
        } catch (Docker.Failed e) {
            compose.close();
            throw e;
        }
    }

    private static List<String> command() {
        Optional<List<String>> found = Stream.of(List.of("docker", "compose"), List.of("docker-compose"))
                .filter(Compose::isThere)
                .findFirst();
        if (!Docker.REQUIRED) {
            assumeThat(found)
                    .as("there is no docker-compose: compose.yaml was not tried")
                    .isPresent();
        }
        return found.orElseThrow(
                () -> new IllegalStateException("REQUIRE_DOCKER is true, but there is no docker-compose"));
    }

    private static boolean isThere(List<String> command) {
        try {
            Docker.execute(Stream.concat(command.stream(), Stream.of("version")).toList(), Map.of());
            return true;
        } catch (Docker.Failed | UncheckedIOException absent) {
            return false;
        }
    }

    String run(String... arguments) {
        return Docker.execute(
                Stream.of(command, List.of("-f", "deploy/compose.yaml"), List.of(arguments))
                        .flatMap(List::stream)
                        .toList(),
                environment);
    }

    /// Where on this host a port of a container is.
    ///
    /// @param index from 1 on
    String address(String service, int index, int port) {
        return run("port", "--index=" + index, service, "" + port);
    }

    /// Runs `rumor` with these arguments in the daemon of this number.
    String rumor(int index, String... arguments) {
        return run(Stream.concat(Stream.of("exec", "-T", "--index=" + index, "rumor", "rumor"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /// Containers of the daemons.
    List<String> daemons() {
        return run("ps", "-q", "rumor").lines().toList();
    }

    @Override
    public void close() {
        run("down", "--volumes", "--timeout", "5");
    }
}
