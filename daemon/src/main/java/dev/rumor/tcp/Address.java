package dev.rumor.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/// `host:port` as people write it. The host is a name or a literal address; an IPv6 address stands in brackets.
///
/// @param port 0 to 65535; 0 lets the system choose, where something listens
public record Address(String host, int port) {

    /// @throws IllegalArgumentException with a sentence for the user if `text` is not `host:port`
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets, as in [::1]:7400, not " + text);
        }
        if (host.isBlank() || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("an address is host:port, as in 127.0.0.1:7400, not " + text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        return new Address(host, port);
    }

    /// To listen on it.
    ///
    /// @throws IOException with a sentence for the user
    public InetSocketAddress resolve() throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException unknown) {
            throw new IOException("cannot listen on " + this + ": the host has no address", unknown);
        }
    }

    /// A sentence for the user: why this cannot be listened on.
    public IOException taken(Throwable cause) {
        return new IOException("cannot listen on " + this + ": " + why(cause), cause);
    }

    /// What the system said of a connection, without the call and the address that Netty puts around it.
    static String plain(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? "the connection was closed"
                : message.replaceFirst("^\\S+ failed with error\\(-?\\d+\\): ", "")
                        .replaceFirst(": \\S*/\\S+$", "");
    }

    /// The system's own words where there are none better.
    private static String why(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "the port is in use";
        } else if (message.contains("assign requested address")) {
            return "this machine has no such address";
        } else if (message.contains("ermission denied")) {
            return "this user may not take the port; those below 1024 are privileged";
        }
        return message;
    }

    /// For people: the address in digits, never looked up.
    static String of(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? new Address(inet.getAddress().getHostAddress(), inet.getPort()).toString()
                : String.valueOf(address);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
