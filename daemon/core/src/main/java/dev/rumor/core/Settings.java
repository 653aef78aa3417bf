package dev.rumor.core;

import dev.rumor.core.stream.Retention;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;

/// The protocol's knobs.
///
/// @param name who this node is, see [Stream#isName]
/// @param cluster whom it speaks to: nodes of another cluster are refused; same alphabet as names
/// @param addresses `host:port` under which others may dial it; may be empty (it dials, nobody dials it)
/// @param seeded whether there are seeds to ask before choosing an epoch
/// @param gossip how records spread
/// @param maxPayload largest payload broadcast here, in bytes, 1 to 8 MiB
/// @param retention what is kept; records are retained for 0 (as long as there is room) or 1 s to 3650 days, by their
///     hybrid clock
/// @param deliveryBudget how long a record may take to every member; it is used to collect records through a relay.
///     0 sends each record at once, else 10 ms to 1 min
/// @param members the whole roster, this node included, on a host that fixes it and has no links; empty elsewhere.
///     There, link `k` stands for the k-th in order of names, from the first event on: it never comes or goes, and
///     what is sent on it may be lost, doubled or overtaken
/// @param software release of the program, told to peers
public record Settings(
        String name,
        String cluster,
        List<String> addresses,
        boolean seeded,
        Gossip gossip,
        int maxPayload,
        Retention.Limits retention,
        Duration deliveryBudget,
        List<String> members,
        String software) {

    /// How records spread.
    ///
    /// @param interval between gossip rounds while something differs, 10 ms to 1 h; backs off to eight times that
    /// @param fanout peers per gossip round, 1 to 64
    /// @param mesh largest roster of which everybody is linked to everybody, 1 to 64; beyond it each member keeps
    ///     eight links, and nobody learns what all hold. The same for all members
    /// @param eagerPush whether new records are pushed at once; off, gossip rounds alone spread them
    public record Gossip(Duration interval, int fanout, int mesh, boolean eagerPush) {
        public Gossip {
            require(
                    interval.compareTo(Duration.ofMillis(10)) >= 0 && interval.compareTo(Duration.ofHours(1)) <= 0,
                    "the gossip interval is 10ms to 1h",
                    interval);
            require(fanout >= 1 && fanout <= 64, "the fanout is 1 to 64", fanout);
            require(mesh >= 1 && mesh <= MAX_MESH, "the mesh is 1 to 64 members", mesh);
        }
    }

    /// What becomes of records that not every member holds, when there is no room for more.
    public enum WhenFull {
        /// They stay, and broadcasts are refused.
        REFUSE,
        /// The oldest are discarded; who still needed them is told so.
        TRIM
    }

    /// The longest time that records may be asked to be kept.
    public static final Duration LONGEST_RETAINED = Duration.ofDays(3650);

    /// The largest payload the protocol carries, in bytes.
    public static final int MAX_PAYLOAD = 8 << 20;

    /// The largest mesh: beyond it a full mesh costs more than it gives (notes: 64 links a node).
    public static final int MAX_MESH = 64;

    public Settings {
        require(Stream.isName(name), "a name is 1 to 64 of A-Z a-z 0-9 . _ -", name);
        require(Stream.isName(cluster), "a cluster is 1 to 64 of A-Z a-z 0-9 . _ -", cluster);
        require(maxPayload >= 1 && maxPayload <= MAX_PAYLOAD, "the largest payload is 1 B to 8 MiB", maxPayload);
        require(retention.bytes() >= 0, "retained bytes are 0 or more", retention.bytes());
        require(
                retention.hardBytes() >= retention.bytes(),
                "the hard limit is at least what is retained",
                retention.hardBytes());
        require(
                retention.time().isZero()
                        || retention.time().compareTo(Duration.ofSeconds(1)) >= 0
                                && retention.time().compareTo(LONGEST_RETAINED) <= 0,
                "records are retained for 0 (as long as there is room) or 1s to 3650 days",
                retention.time());
        require(
                deliveryBudget.isZero()
                        || deliveryBudget.compareTo(Duration.ofMillis(10)) >= 0
                                && deliveryBudget.compareTo(Duration.ofMinutes(1)) <= 0,
                "the delivery budget is 0 or 10ms to 1m",
                deliveryBudget);
        require(
                members.isEmpty() || members.contains(name) && members.size() <= MAX_MESH + 1,
                "a fixed roster holds this node and at most 64 others",
                members);
        members.forEach(each -> require(Stream.isName(each), "a name is 1 to 64 of A-Z a-z 0-9 . _ -", each));
        addresses = List.copyOf(addresses);
        members = members.stream().sorted().distinct().toList();
    }

    private static void require(boolean holds, String rule, Object given) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", not " + given);
        }
    }

    /// The defaults that `rumor daemon --help` states.
    public static Settings of(String name, String cluster, List<String> addresses, boolean seeded, String software) {
        return new Settings(
                name,
                cluster,
                addresses,
                seeded,
                new Gossip(Duration.ofSeconds(1), 3, MAX_MESH, true),
                1 << 20,
                new Retention.Limits(256L << 20, 512L << 20, Duration.ZERO, false),
                Duration.ZERO,
                List.of(),
                software);
    }

    // --- what differs

    public Settings withGossip(Duration interval, int peers) {
        return with(new Gossip(interval, peers, gossip.mesh, gossip.eagerPush));
    }

    public Settings withMesh(int most) {
        return with(new Gossip(gossip.interval, gossip.fanout, most, gossip.eagerPush));
    }

    public Settings withEagerPush(boolean on) {
        return with(new Gossip(gossip.interval, gossip.fanout, gossip.mesh, on));
    }

    private Settings with(Gossip other) {
        return new Settings(
                name, cluster, addresses, seeded, other, maxPayload, retention, deliveryBudget, members, software);
    }

    public Settings withLimits(int payload, long soft, long hard) {
        return with(payload, new Retention.Limits(soft, hard, retention.time(), retention.discards()));
    }

    public Settings withRetention(Duration time, WhenFull full) {
        boolean discards = full == WhenFull.TRIM;
        return with(maxPayload, new Retention.Limits(retention.bytes(), retention.hardBytes(), time, discards));
    }

    private Settings with(int payload, Retention.Limits kept) {
        return new Settings(name, cluster, addresses, seeded, gossip, payload, kept, deliveryBudget, members, software);
    }

    public Settings withDeliveryBudget(Duration budget) {
        return new Settings(name, cluster, addresses, seeded, gossip, maxPayload, retention, budget, members, software);
    }

    public Settings withMembers(List<String> roster) {
        return new Settings(
                name, cluster, addresses, seeded, gossip, maxPayload, retention, deliveryBudget, roster, software);
    }

    // --- one by one

    public Duration gossipInterval() {
        return gossip.interval;
    }

    public int fanout() {
        return gossip.fanout;
    }

    public int mesh() {
        return gossip.mesh;
    }

    public boolean eagerPush() {
        return gossip.eagerPush;
    }

    public long retainBytes() {
        return retention.bytes();
    }

    public long retainHard() {
        return retention.hardBytes();
    }

    public Duration retainFor() {
        return retention.time();
    }

    public WhenFull whenFull() {
        return retention.discards() ? WhenFull.TRIM : WhenFull.REFUSE;
    }

    /// Whether the host has links that come and go, and lose nothing while they stand.
    boolean isLinked() {
        return members.isEmpty();
    }

    /// Whether records are collected through a relay.
    boolean isCollecting() {
        return !deliveryBudget.isZero();
    }

    /// This part of the budget is kept for what takes longer than thought.
    long spareNanos() {
        return deliveryBudget.toNanos() / 16;
    }

    /// What comes this much too late for a relay's window may still be sent on with it.
    long lateNanos() {
        return 2 * spareNanos();
    }
}
