package dev.rumor.containers;

import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/// A daemon in a container, which finds its peers by the one name that all of them have in their network.
final class Daemon extends GenericContainer<Daemon> {

    private static final String SHARED_NAME = "rumor";
    private static final int HTTP_PORT = 7500;

    private final String name;
    private final Network network;

    Daemon(Image image, Network network, String name) {
        super(image.name());
        this.name = name;
        this.network = network;
        withNetwork(network);
        withExposedPorts(HTTP_PORT);
        withNetworkAliases(SHARED_NAME);
        withCommand("daemon", "--name", name, "--insecure", "--seeds", SHARED_NAME + ":7400");
        waitingFor(
                Wait.forLogMessage("rumor " + name + " ready on .*\\n", 1).withStartupTimeout(Duration.ofMinutes(1)));
    }

    String broadcast(String text) {
        return rumor("broadcast", text);
    }

    List<String> read() {
        return rumor("read").lines().toList();
    }

    /// Runs a command inside.
    String rumor(String... arguments) {
        List<String> command = new ArrayList<>(List.of("rumor"));
        command.addAll(List.of(arguments));
        try {
            ExecResult result = execInContainer(command.toArray(String[]::new));
            if (result.getExitCode() != 0) {
                throw new AssertionError(name + ": " + command + ": " + result.getStderr());
            }
            return result.getStdout().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What it serves at `/metrics`.
    String metrics() {
        URI metrics = URI.create("http://" + getHost() + ":" + getMappedPort(HTTP_PORT) + "/metrics");
        try (InputStream answer = metrics.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its address in the network of all.
    String address() {
        return getCurrentContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getIpAddress)
                .findFirst()
                .orElseThrow();
    }

    void disconnect() {
        dockerClient
                .disconnectFromNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    void reconnect() {
        dockerClient
                .connectToNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(SHARED_NAME))
                .exec();
    }

    /// Kills it with -9.
    void kill() {
        dockerClient.killContainerCmd(getContainerId()).exec();
    }

    /// Starts it again, after it was killed.
    void restart() {
        dockerClient.startContainerCmd(getContainerId()).exec();
    }

    @Override
    public String toString() {
        return name;
    }
}
