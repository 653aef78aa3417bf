package dev.rumor;

import dev.rumor.core.Settings;
import dev.rumor.core.stream.Stream;
import dev.rumor.tcp.Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// How one node is run. What each setting means, its unit, default and range: `rumor daemon --help`, or
/// [Setting].
///
/// @param named whether the name was given; otherwise the one in the data directory outranks it
/// @param advertise where others dial it; empty for the address it listens on
/// @param http where it serves HTTP; empty for nowhere
/// @param httpReadOnly whether nothing can be broadcast over HTTP
/// @param httpHosts other host names under which HTTP may be asked for
/// @param first whether it is ready at once, though it has seeds
/// @param dataDir where it keeps its data; empty for in memory only
public record Config(
        String name,
        boolean named,
        String cluster,
        Address listen,
        Optional<Address> advertise,
        Optional<Address> http,
        boolean httpReadOnly,
        List<String> httpHosts,
        List<Address> seeds,
        boolean first,
        Duration gossipInterval,
        int fanout,
        Duration deliveryBudget,
        int maxPayload,
        long retainBytes,
        long retainHard,
        Duration retainFor,
        Settings.WhenFull whenFull,
        boolean insecure,
        Optional<Path> dataDir,
        LogFormat logFormat) {

    private static final int LONGEST_NAME = 64;
    private static final long TIB = 1L << 40;
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9_-]+([.][a-z0-9_-]+)*");

    /// What a line of the log looks like.
    public enum LogFormat {
        TEXT,
        JSON
    }

    /// From settings by the names that they have in a file: `Config.of(Map.of("name", "n1", "listen",
    /// "127.0.0.1:0"))`. What is not given is the default, as for a daemon: so without `data-dir` and without
    /// `ephemeral`, `"true"`, records are kept in the directory that `rumor daemon --help` states.
    ///
    /// @throws IllegalArgumentException with a sentence for the user if a setting is unknown or out of its
    ///     range
    public static Config of(Map<String, String> settings) {
        return of(new Sources().keys(settings, ""));
    }

    static Config of(Sources sources) {
        long retainBytes =
                sources.get(Setting.RETAIN_BYTES, text -> Quantity.size(text, 0, TIB, "0B to 1TiB"), 256L << 20);
        Optional<String> given = sources.get(Setting.NAME, text -> Optional.of(nodeName(text)), Optional.empty());
        String name = given.orElseGet(Config::nameOfHost);
        String cluster = sources.get(Setting.CLUSTER, Config::nodeName, "default");
        Config config = new Config(
                name,
                given.isPresent(),
                cluster,
                sources.get(Setting.LISTEN, Address::parse, new Address("127.0.0.1", 7400)),
                sources.get(Setting.ADVERTISE, text -> Optional.of(dialable(text)), Optional.empty()),
                sources.get(Setting.HTTP, text -> Optional.of(Address.parse(text)), Optional.empty()),
                sources.get(Setting.HTTP_READ_ONLY, Config::yesOrNo, false),
                sources.get(Setting.HTTP_HOSTS, Config::hostNames, List.of()),
                sources.get(Setting.SEEDS, Config::addresses, List.of()),
                sources.get(Setting.FIRST, Config::yesOrNo, false),
                gossipInterval(sources),
                fanout(sources),
                deliveryBudget(sources),
                sources.get(Setting.MAX_PAYLOAD, Config::payload, 1 << 20),
                retainBytes,
                sources.get(Setting.RETAIN_HARD, text -> hard(text, retainBytes), 2 * retainBytes),
                sources.get(Setting.RETAIN_FOR, Config::age, Duration.ZERO),
                sources.get(Setting.WHEN_FULL, Config::whenFull, Settings.WhenFull.REFUSE),
                sources.get(Setting.INSECURE, Config::yesOrNo, false),
                dataDir(sources, () -> sources.stateDirectory().resolve(cluster).resolve(name)),
                sources.get(Setting.LOG_FORMAT, Config::format, LogFormat.TEXT));
        if (!config.insecure) {
            refuseOpen(config.listen);
            config.http.ifPresent(Config::refuseOpen);
        }
        return config;
    }

    private static void refuseOpen(Address address) {
        if (isOpen(address)) {
            throw new IllegalArgumentException("others can reach " + address
                    + ", and there is neither encryption nor authentication yet: add --insecure to listen there all "
                    + "the same");
        }
    }

    /// The same, with other seeds.
    public Config withSeeds(List<Address> others) {
        return with(name, others);
    }

    /// The same, under the name that its data directory holds.
    Config withName(String kept) {
        return with(kept, seeds);
    }

    private Config with(String otherName, List<Address> otherSeeds) {
        return new Config(
                otherName,
                named,
                cluster,
                listen,
                advertise,
                http,
                httpReadOnly,
                httpHosts,
                otherSeeds,
                first,
                gossipInterval,
                fanout,
                deliveryBudget,
                maxPayload,
                retainBytes,
                retainHard,
                retainFor,
                whenFull,
                insecure,
                dataDir,
                logFormat);
    }

    /// Whether other hosts can connect there. A host that cannot be found now is none.
    static boolean isOpen(Address address) {
        try {
            return !InetAddress.getByName(address.host()).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /// What the node itself is to know of this.
    ///
    /// @param bound the address that it listens on
    Settings settings(InetSocketAddress bound) {
        List<String> addresses = advertise.map(List::of).orElseGet(() -> reachable(bound)).stream()
                .map(Address::toString)
                .toList();
        return Settings.of(name, cluster, addresses, !seeds.isEmpty(), Version.TEXT)
                .withGossip(gossipInterval, fanout)
                .withDeliveryBudget(deliveryBudget)
                .withLimits(maxPayload, retainBytes, retainHard)
                .withRetention(retainFor, whenFull);
    }

    /// As it was asked to listen. If that stands for every address of this host, one of them, and the host's name:
    /// the address is good where nobody knows the name, and the name follows a host that moves to another
    /// address, as a container does that is taken off its network and put back.
    private List<Address> reachable(InetSocketAddress bound) {
        List<Address> reachable = new ArrayList<>();
        if (!bound.getAddress().isAnyLocalAddress()) {
            reachable.add(new Address(listen.host(), bound.getPort()));
        } else {
            reachable.add(new Address(interfaceAddress(), bound.getPort()));
            hostName()
                    .filter(each -> !each.equals("localhost"))
                    .ifPresent(each -> reachable.add(new Address(each, bound.getPort())));
        }
        return reachable;
    }

    /// The first address of the first interface that others may reach; IPv4 before IPv6, loopback if there is
    /// no other.
    private static String interfaceAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Config::isUp)
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                    .min(Comparator.comparing(each -> !(each instanceof Inet4Address)))
                    .orElse(InetAddress.getLoopbackAddress())
                    .getHostAddress();
        } catch (SocketException none) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException unknown) {
            return Optional.empty();
        }
    }

    /// The host name with what a name does not allow replaced by dashes.
    private static String nameOfHost() {
        String fit = hostName().orElse("node").replaceAll("[^A-Za-z0-9._-]", "-");
        return fit.substring(0, Math.min(fit.length(), LONGEST_NAME));
    }

    // --- what settings look like

    private static String nodeName(String text) {
        if (!Stream.isName(text)) {
            throw new IllegalArgumentException("1 to 64 of A-Z a-z 0-9 . _ -, not '" + text + "'");
        }
        return text;
    }

    private static List<Address> addresses(String text) {
        return words(text).map(Config::dialable).toList();
    }

    private static java.util.stream.Stream<String> words(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(each -> !each.isEmpty());
    }

    private static List<String> hostNames(String text) {
        List<String> names =
                words(text).map(each -> each.toLowerCase(Locale.ROOT)).toList();
        names.stream()
                .filter(each -> !HOST_NAME.matcher(each).matches())
                .findFirst()
                .ifPresent(wrong -> {
                    throw new IllegalArgumentException(
                            "host names without ports, as in rumor.example.org, not '" + wrong + "'");
                });
        return names;
    }

    private static Address dialable(String text) {
        Address address = Address.parse(text);
        if (address.port() == 0) {
            throw new IllegalArgumentException("port 0 cannot be dialled: " + text);
        }
        return address;
    }

    /// Where data is kept; nowhere, if it was said to be ephemeral. Of the two the one counts that was said in
    /// the source that comes first, so that what an image or a file says can be undone.
    ///
    /// @param otherwise where it is kept if nothing was said
    static Optional<Path> dataDir(Sources sources, Supplier<Path> otherwise) {
        boolean ephemeral = sources.get(Setting.EPHEMERAL, Config::yesOrNo, false);
        Optional<Path> said = sources.get(Setting.DATA_DIR, text -> Optional.of(directory(text)), Optional.empty());
        if (!ephemeral) {
            return said.or(() -> Optional.of(otherwise.get()));
        }
        int lead = sources.rank(Setting.DATA_DIR) - sources.rank(Setting.EPHEMERAL);
        if (said.isPresent() && lead == 0) {
            throw new IllegalArgumentException(
                    "data-dir keeps records in " + said.get() + " and ephemeral in memory only: say one of the two");
        }
        return lead < 0 ? said : Optional.empty();
    }

    private static Path directory(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a directory, not ''");
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    static Duration gossipInterval(Sources sources) {
        return sources.get(
                Setting.GOSSIP_INTERVAL,
                text -> Quantity.duration(text, Duration.ofMillis(10), Duration.ofHours(1), "10ms to 1h"),
                Duration.ofSeconds(1));
    }

    static int fanout(Sources sources) {
        return sources.get(Setting.FANOUT, text -> Quantity.number(text, 1, 64), 3);
    }

    static Duration deliveryBudget(Sources sources) {
        return sources.get(Setting.DELIVERY_BUDGET, Config::budget, Duration.ZERO);
    }

    private static Duration budget(String text) {
        return text.equals("0")
                ? Duration.ZERO
                : Quantity.duration(text, Duration.ofMillis(10), Duration.ofMinutes(1), "0, or 10ms to 1m");
    }

    private static int payload(String text) {
        return (int) Quantity.size(text, 1, Settings.MAX_PAYLOAD, "1B to 8MiB");
    }

    private static long hard(String text, long least) {
        return Quantity.size(text, least, 2 * TIB, "what retain-bytes is (" + least + " B) to 2TiB");
    }

    private static Duration age(String text) {
        return text.equals("0")
                ? Duration.ZERO
                : Quantity.duration(text, Duration.ofSeconds(1), Settings.LONGEST_RETAINED, "0, or 1s to 3650d");
    }

    private static Settings.WhenFull whenFull(String text) {
        return switch (text) {
            case "refuse" -> Settings.WhenFull.REFUSE;
            case "trim" -> Settings.WhenFull.TRIM;
            default -> throw new IllegalArgumentException("refuse or trim, not '" + text + "'");
        };
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false, not '" + text + "'");
        };
    }

    private static LogFormat format(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw new IllegalArgumentException("text or json, not '" + text + "'");
        };
    }
}
