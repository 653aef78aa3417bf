package dev.rumor.containers;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Status;
import dev.rumor.trial.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/// A daemon in a container, which finds its peers by the one name that all of them have in their network. From outside
/// it is reached at a port of this host, which stays the same however often it is started again.
final class Daemon extends GenericContainer<Daemon> {

    private static final String SHARED_NAME = "rumor";
    private static final int GOSSIP_PORT = 7400;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final Network network;
    private final String address;

    Daemon(Image image, Network network, String name) {
        super(image.name());
        int port = freePort();
        this.name = name;
        this.network = network;
        this.address = "127.0.0.1:" + port;
        setPortBindings(List.of("127.0.0.1:" + port + ":" + GOSSIP_PORT));
        withNetwork(network);
        withNetworkAliases(SHARED_NAME);
        with("--seeds", SHARED_NAME + ":" + GOSSIP_PORT);
        waitingFor(Wait.forLogMessage("rumor " + name + " ready on .*\\n", 1).withStartupTimeout(PATIENCE));
    }

    /// Has it start with these flags, in place of those that find the others in its network.
    Daemon with(String... flags) {
        return withCommand(Stream.concat(Stream.of("daemon", "--name", name, "--insecure"), Stream.of(flags))
                .toArray(String[]::new));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    /// Where clients on this host find it.
    String address() {
        return address;
    }

    Witness witness() {
        return new Witness(name, address);
    }

    RumorClient client() {
        return RumorClient.connect(Address.parse(address), PATIENCE);
    }

    Status status() {
        try (RumorClient client = client()) {
            return client.status();
        }
    }

    /// Waits until it answers and has this many links.
    void awaitLinks(int count) {
        await(count + " links of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(RumorException.class)
                .until(() -> status().linked() == count);
    }

    /// Runs `rumor` with these arguments inside, however that ends.
    ExecResult run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("rumor"));
        command.addAll(arguments);
        try {
            return execInContainer(command.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Runs `rumor` with these arguments inside, and gives what it printed.
    String rumor(String... arguments) {
        ExecResult result = run(List.of(arguments));
        if (result.getExitCode() != 0) {
            throw new AssertionError(name + ": " + List.of(arguments) + ": " + result.getStderr());
        }
        return result.getStdout().strip();
    }

    // --- what can happen to it

    ContainerState state() {
        return getCurrentContainerInfo().getState();
    }

    /// How its network sees it.
    ContainerNetwork place() {
        return getCurrentContainerInfo().getNetworkSettings().getNetworks().values().stream()
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

    void pause() {
        dockerClient.pauseContainerCmd(getContainerId()).exec();
    }

    void unpause() {
        dockerClient.unpauseContainerCmd(getContainerId()).exec();
    }

    /// Kills it with -9.
    void kill() {
        dockerClient.killContainerCmd(getContainerId()).exec();
    }

    /// Has it end in good order, as `docker stop` does.
    void end() {
        dockerClient.stopContainerCmd(getContainerId()).withTimeout(10).exec();
    }

    /// Starts it again with what is on its volume.
    void startAgain() {
        dockerClient.startContainerCmd(getContainerId()).exec();
    }

    /// Starts another in its place, with an empty volume.
    void replace() {
        stop();
        start();
    }

    @Override
    public String toString() {
        return name;
    }
}
