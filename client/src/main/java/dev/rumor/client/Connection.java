package dev.rumor.client;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// A socket to a daemon that speaks client.proto: requests out, replies in. One thread may receive while
/// others send.
final class Connection implements AutoCloseable {

    /// Of the protocol, the same for all daemons and clients.
    static final int MAX_FRAME_BYTES = 9 << 20;

    private static final byte[] PREFACE = "RUMC".getBytes(StandardCharsets.US_ASCII);
    /// What an HTTP server says first, read as a length.
    private static final int HTTP = 'H' << 24 | 'T' << 16 | 'T' << 8 | 'P';

    private static final int BUFFER_BYTES = 64 << 10;

    private final Address address;
    private final Duration timeout;
    private final Socket socket;
    private final DataInputStream in;
    private final ReentrantLock writing = new ReentrantLock();

    private Connection(Address address, Duration timeout, Socket socket) throws IOException {
        this.address = address;
        this.timeout = timeout;
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    /// Tries every address that the host name stands for, one after the other, each for at most `timeout`.
    static Connection open(Address address, Duration timeout) {
        IOException reason = null;
        for (InetAddress each : lookUp(address)) {
            try {
                return open(address, new InetSocketAddress(each, address.port()), timeout);
            } catch (IOException e) {
                reason = reason == null ? e : reason;
            }
        }
        if (reason instanceof SocketTimeoutException) {
            throw RumorException.timedOut(address, timeout);
        }
        throw RumorException.unreachable("cannot reach " + address + ": " + why(reason), reason);
    }

    private static InetAddress[] lookUp(Address address) {
        try {
            return InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw RumorException.unreachable("cannot reach " + address + ": there is no such host", e);
        }
    }

    private static Connection open(Address address, InetSocketAddress target, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(target, Math.toIntExact(timeout.toMillis()));
            socket.getOutputStream().write(PREFACE);
            return new Connection(address, timeout, socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Returns when the socket has taken the whole frame.
    void send(ClientRequest request) throws IOException {
        int size = request.getSerializedSize();
        byte[] frame = new byte[Integer.BYTES + size];
        ByteBuffer.wrap(frame).putInt(size);
        request.writeTo(CodedOutputStream.newInstance(frame, Integer.BYTES, size));
        writing.lock();
        try {
            socket.getOutputStream().write(frame);
        } finally {
            writing.unlock();
        }
    }

    /// Waits for the next reply, for as long as the daemon is not silent for the whole timeout.
    ClientReply receive() {
        return receive(Duration.ZERO);
    }

    /// As above, when the daemon may take its time.
    ///
    /// @param more for how long beyond the timeout it may be silent
    ClientReply receive(Duration more) {
        Duration patience = timeout.plus(more);
        try {
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            int size = in.readInt();
            if (size == HTTP) {
                throw foreign("HTTP");
            }
            if (size < 0 || size > MAX_FRAME_BYTES) {
                throw foreign("a frame of " + Integer.toUnsignedLong(size) + " bytes, where " + MAX_FRAME_BYTES
                        + " is the most");
            }
            byte[] frame = new byte[size];
            in.readFully(frame);
            return ClientReply.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            throw foreign("a frame that is no reply");
        } catch (SocketTimeoutException e) {
            throw RumorException.timedOut(address, patience);
        } catch (EOFException e) {
            throw RumorException.unreachable(address + " closed the connection", e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    RumorException lost(IOException e) {
        return RumorException.unreachable("the connection to " + address + " was lost: " + why(e), e);
    }

    private RumorException foreign(String what) {
        return RumorException.failed(address + " does not speak Rumor's client protocol: it sent " + what);
    }

    private static String why(IOException e) {
        return e == null || e.getMessage() == null ? "no reason given" : e.getMessage();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
    }
}
