package dev.rumor.acceptance;

import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A daemon in a process of its own, on a port that the system chose. It can be killed and started again with the same
/// flags.
public final class DaemonProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final String name;
    private final int port;
    private final List<String> flags;
    private int heapMib = 320;
    private Program program;

    /// Not yet started, see [#start].
    ///
    /// @param directory where its output goes
    /// @param seeds ports of other daemons on this machine
    /// @param more flags
    public DaemonProcess(Path directory, String name, int port, List<Integer> seeds, String... more) {
        this.directory = directory;
        this.name = name;
        this.port = port;
        flags = new ArrayList<>(List.of("daemon", "--name", name, "--listen", address()));
        flags.addAll(List.of("--data-dir", data().toString()));
        if (!seeds.isEmpty()) {
            flags.add("--seeds");
            flags.add(String.join(
                    ",", seeds.stream().map(each -> "127.0.0.1:" + each).toList()));
        }
        flags.addAll(List.of(more));
    }

    /// From its next start on.
    public DaemonProcess withHeap(int mib) {
        heapMib = mib;
        return this;
    }

    /// Ports that were free a moment ago, all different.
    public static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket each : sockets) {
                each.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first of as many free ports in a row as a cluster has nodes; and as many for HTTP, 100 further on.
    static int freePortsInARow(int count) {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = freePorts(1).getFirst();
            if (IntStream.range(first, first + count).allMatch(port -> isFree(port) && isFree(port + 100))) {
                return first;
            }
        }
        throw new AssertionError("no " + count + " free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public String name() {
        return name;
    }

    /// Where it keeps its data.
    Path data() {
        return directory.resolve(name);
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /// Where it serves HTTP, if it was told to.
    String http() {
        return flags.get(flags.indexOf("--http") + 1);
    }

    public DaemonProcess start() {
        program = Program.rumor(directory, List.of("-Xmx" + heapMib + "m"), flags);
        return this;
    }

    /// Its one line on standard output.
    public String awaitReady() {
        return await("ready line of " + name).atMost(PATIENCE).until(this::firstLine, line -> !line.isEmpty());
    }

    private String firstLine() {
        if (!program.isAlive()) {
            throw new AssertionError(name + " ended instead of starting: " + program.errorLines());
        }
        return program.outputLines().stream().findFirst().orElse("");
    }

    public void signal(String signal) {
        program.signal(signal);
    }

    /// Kills it with -9.
    public void kill() {
        program.close();
    }

    public boolean isAlive() {
        return program.isAlive();
    }

    public int exitCode(Duration patience) {
        return program.exitCode(patience);
    }

    public long residentBytes() {
        return program.residentBytes();
    }

    public List<String> log() {
        return program.errorLines();
    }

    /// Starts `rumor COMMAND --node <this daemon>`.
    Program ask(String command, String... arguments) {
        return Program.command(
                directory,
                Stream.concat(Stream.of(command, "--node", address()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /// How it stands: asked for by the client library, which costs less than a process for each question.
    public Status status() {
        try (RumorClient client = client()) {
            return client.status();
        }
    }

    public RumorClient client() {
        return RumorClient.connect(Address.parse(address()), PATIENCE);
    }

    /// How many records it holds.
    public long records() {
        return status().records();
    }

    /// `rumor read --json`
    Records read() {
        try (Program read = ask("read", "--json")) {
            if (read.exitCode() != 0) {
                throw new AssertionError("cannot read at " + name + ": " + read.errorLines());
            }
            return Records.read(read.output());
        }
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
