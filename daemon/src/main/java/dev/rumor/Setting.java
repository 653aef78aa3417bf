package dev.rumor;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;

/// What can be set. Each setting has one name: `--gossip-interval` on the command line,
/// `RUMOR_GOSSIP_INTERVAL` in the environment, `gossip-interval` in a file and in [Config#of].
enum Setting {
    NAME(
            "NAME",
            "Name of this node: 1 to 64 of A-Z a-z 0-9 . _ -. Default: the one in its data directory; at first the "
                    + "host name."),
    CLUSTER("NAME", "Nodes of another cluster are refused: 1 to 64 of A-Z a-z 0-9 . _ -. Default: default."),
    LISTEN(
            "HOST:PORT",
            "Where peers and clients connect; port 0 to 65535, 0 lets the system choose. Default: 127.0.0.1:7400."),
    ADVERTISE(
            "HOST:PORT",
            "Where others dial this node. Default: where it listens; if that is everywhere, an address of its own and "
                    + "its host name."),
    HTTP(
            "HOST:PORT",
            "Where HTTP is served: the interface under /v1, a page at /, and /metrics, /live and /ready; port 0 to "
                    + "65535, 0 lets the system choose. Default: nowhere."),
    HTTP_READ_ONLY("", "Take no broadcasts over HTTP."),
    HTTP_HOSTS(
            "NAME[,NAME...]",
            "Other host names under which HTTP may be asked for. Addresses in digits, names without a dot and those in "
                    + "--http, --listen and --advertise always are; others are refused, because a page on the web "
                    + "could have its own name stand for this node. Default: none."),
    SEEDS(
            "HOST:PORT[,HOST:PORT...]",
            "Nodes to dial first. A host name stands for all its addresses and is looked up again for ever. "
                    + "Default: none."),
    FIRST(
            "",
            "Be ready (GET /ready) at once, though there are seeds: for the first node of a cluster. Others are when "
                    + "they hold all that some live peer held when they met."),
    GOSSIP_INTERVAL("DURATION", "Between gossip rounds while something differs: 10ms to 1h. Default: 1s."),
    FANOUT("COUNT", "Peers in each gossip round: 1 to 64. Default: 3."),
    MESH(
            "COUNT",
            "Up to so many members everybody is linked to everybody; beyond that each keeps eight links, and nobody "
                    + "learns what all hold. The same at all members: 1 to 64. Default: 64."),
    DELIVERY_BUDGET(
            "DURATION",
            "How long a record may take to every member; the time is used to collect records, for fewer messages. 0, "
                    + "or 10ms to 1m. Default: 0, which sends each record at once."),
    MAX_PAYLOAD("SIZE", "Largest payload that may be broadcast here: 1B to 8MiB. Default: 1MiB."),
    RETAIN_BYTES("SIZE", "Committed records beyond this are trimmed, oldest first: 0B to 1TiB. Default: 256MiB."),
    RETAIN_HARD("SIZE", "Beyond this broadcasts are refused: retain-bytes to 2TiB. Default: twice retain-bytes."),
    RETAIN_FOR(
            "DURATION",
            "Committed records older than this are trimmed. 0, which keeps them as long as there is room, or 1s to "
                    + "3650d. Default: 0."),
    WHEN_FULL(
            "CHOICE",
            "What gives way at retain-hard: refuse refuses broadcasts; trim discards the oldest records, though "
                    + "members that are away may need them. Default: refuse."),
    INSECURE("", "Listen on an address that others can reach, without encryption or authentication."),
    DATA_DIR(
            "DIR",
            "Where records are kept; made if it is not there. One node's alone, and it holds the node's name. Default: "
                    + "<cluster>/<name> in $STATE_DIRECTORY, or in rumor in $XDG_STATE_HOME or ~/.local/state."),
    EPHEMERAL("", "Keep records in memory only: the node forgets them when it ends."),
    LOG_FORMAT("FORMAT", "Lines on standard error: text or json. Default: text."),

    // Of a cluster in one process, and not of a node.

    NODES("COUNT", "How many nodes: 1 to 64. Default: 5."),
    BASE_PORT(
            "PORT",
            "Port of the first on 127.0.0.1, 0 to 65435; the others take those after it, and each serves HTTP "
                    + "at 100 more. 0 lets the system choose. Default: 7400."),
    SEND_INTERVAL(
            "DURATION",
            "From one version to the next: 1ms to 24h; a number alone is in seconds, as in 0.5. Default: none is "
                    + "broadcast."),

    // Of a node under Maelstrom, and of no other.

    WORKLOAD(
            "NAME",
            "What a read is of, where that is not to be inferred from what was asked before, and what else is refused: "
                    + "echo, unique-ids, broadcast, g-set, g-counter, pn-counter. Default: inferred.");

    private static final String PREFIX = "RUMOR_";

    static final Set<Setting> ALL = upTo(WORKLOAD);

    /// Those of one node.
    static final Set<Setting> OF_NODE = upTo(LOG_FORMAT);

    private final String label;
    private final String description;

    Setting(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /// No EnumSet, which has the constants by reflection: for that the JVM writes code, and a node under Maelstrom has
    /// to start fast.
    private static Set<Setting> upTo(Setting last) {
        return Collections.unmodifiableSet(new TreeSet<>(Arrays.asList(values()).subList(0, last.ordinal() + 1)));
    }

    /// In a file, and in [Config#of].
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String flag() {
        return "--" + key();
    }

    String variable() {
        return PREFIX + name();
    }

    OptionSpec option() {
        OptionSpec.Builder option = OptionSpec.builder(flag()).description(description);
        return isSwitch()
                ? option.type(boolean.class).build()
                : option.type(String.class).arity("1").paramLabel(label).build();
    }

    private boolean isSwitch() {
        return label.isEmpty();
    }
}
