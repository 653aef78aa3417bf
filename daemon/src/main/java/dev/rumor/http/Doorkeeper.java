package dev.rumor.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Keeps out the pages of others that a browser on this host shows: they could ask whatever the browser can reach.
///
/// A page of another origin says so when it writes, and is refused. A page whose own host name was made to stand for
/// our address (DNS rebinding) is of the same origin for the browser, but asks under that name: so there are only
/// addresses in digits, names without a dot, which nobody can register, and those that this node was told of.
final class Doorkeeper {

    private static final String LOCAL = "localhost";

    private final Set<String> names;

    /// @param names other host names under which this port may be asked, in lower case
    Doorkeeper(Set<String> names) {
        this.names = names;
    }

    /// Why this is not let in, if so.
    Optional<Refusal> objection(HttpHeaders headers, boolean writes) {
        String host = headers.get(HttpHeaderNames.HOST, "");
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String site = headers.get("sec-fetch-site", "none");
        if (!isOurs(name(host))) {
            return Optional.of(Refusal.of(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this node is not known by that host name: ask for its address, or name it in --http-hosts"));
        } else if (writes && origin != null && !isSame(origin, host)) {
            return Optional.of(Refusal.of(HttpResponseStatus.FORBIDDEN, "a page of another origin may not write here"));
        } else if (writes && !site.equals("none") && !site.equals("same-origin")) {
            return Optional.of(Refusal.of(HttpResponseStatus.FORBIDDEN, "a page of another site may not write here"));
        }
        return Optional.empty();
    }

    private boolean isOurs(String name) {
        return !name.contains(".") && !name.contains(":")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name)
                || name.endsWith("." + LOCAL)
                || names.contains(name);
    }

    /// Without the port, the brackets of an address, and the dot that may end a name.
    private static String name(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        if (name.startsWith("[") && name.endsWith("]")) {
            return name.substring(1, name.length() - 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isSame(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
