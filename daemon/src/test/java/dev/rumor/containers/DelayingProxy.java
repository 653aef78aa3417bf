package dev.rumor.containers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A long way: whatever comes in at either end of a connection goes out at the other, later. (The kernels that tests
/// run on may know no `netem`.)
final class DelayingProxy implements AutoCloseable {

    private static final int MOST_BYTES = 16 << 10;
    private static final int MOST_CHUNKS = 1024;

    /// @param due when it goes out, by [System#nanoTime]
    /// @param bytes none at the end
    private record Chunk(long due, byte[] bytes) {}

    private final ServerSocket server;
    private final String host;
    private final int port;
    private final Duration delay;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /// @param to where it leads, `127.0.0.1:7400`
    /// @param delay each way
    DelayingProxy(String to, Duration delay) {
        int colon = to.lastIndexOf(':');
        host = to.substring(0, colon);
        port = Integer.parseInt(to.substring(colon + 1));
        this.delay = delay;
        try {
            server = new ServerSocket(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// Where it begins, on all addresses of this host.
    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = track(server.accept());
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = track(new Socket());
            far.connect(new InetSocketAddress(host, port));
            carry(near, far);
            carry(far, near);
        } catch (IOException unreachable) {
            close(near);
        }
    }

    private Socket track(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Chunk> way = new ArrayBlockingQueue<>(MOST_CHUNKS);
        Thread.ofVirtual().start(new FutureTask<>(() -> read(from, way)));
        Thread.ofVirtual().start(() -> write(way, to));
    }

    private Void read(Socket from, BlockingQueue<Chunk> way) throws InterruptedException {
        byte[] buffer = new byte[MOST_BYTES];
        int count;
        do {
            count = read(from, buffer);
            Chunk chunk = new Chunk(System.nanoTime() + delay.toNanos(), Arrays.copyOf(buffer, count));
            way.put(chunk);
        } while (count > 0);
        return null;
    }

    /// @return 0 at the end
    private static int read(Socket from, byte[] buffer) {
        try {
            return Math.max(0, from.getInputStream().read(buffer));
        } catch (IOException broken) {
            return 0;
        }
    }

    private void write(BlockingQueue<Chunk> way, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk next = way.take(); next.bytes.length > 0; next = way.take()) {
                TimeUnit.NANOSECONDS.sleep(next.due - System.nanoTime());
                out.write(next.bytes);
            }
        } catch (IOException | InterruptedException broken) {
            // Closed below.
        }
        close(to);
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::close);
    }
}
