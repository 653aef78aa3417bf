package dev.rumor.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a daemon listens.
///
/// @param host a name or an IP address, without brackets
/// @param port 1 to 65,535
public record Address(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Za-z:.%]+)]|([\\w.-]+)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    public Address {
        if (host.isEmpty() || port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("no address: host '" + host + "', port " + port);
        }
    }

    /// Reads `host:port` or `[v6]:port`.
    ///
    /// @throws IllegalArgumentException with a sentence that says what an address looks like
    public static Address parse(String text) {
        Matcher form = FORM.matcher(text);
        int port = form.matches() ? Integer.parseInt(form.group(3)) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address: give HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535");
        }
        return new Address(form.group(1) != null ? form.group(1) : form.group(2), port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
