package dev.rumor.core;

import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;

/// The protocol's knobs.
///
/// @param name who this node is, see [Stream#isName]
/// @param cluster whom it speaks to: nodes of another cluster are refused; same alphabet as names
/// @param addresses `host:port` under which others may dial it; may be empty (it dials, nobody dials it)
/// @param seeded whether there are seeds to ask before choosing an epoch
/// @param gossipInterval between gossip rounds while something differs, 10 ms to 1 h; backs off to eight times that
/// @param fanout peers per gossip round, 1 to 64
/// @param mesh largest roster of which everybody is linked to everybody, 1 to 64; beyond it each member keeps
///     eight links, and nobody learns what all hold. The same for all members
/// @param eagerPush whether new records are pushed at once; off, gossip rounds alone spread them
/// @param maxPayload largest payload broadcast here, in bytes, 1 to 8 MiB
/// @param retainBytes what committed records may cost before the oldest are trimmed, in bytes
/// @param retainHard what all records may cost before broadcasts are refused, in bytes; at least `retainBytes`
/// @param retainFor how long committed records are kept, by their hybrid clock; 0 for as long as there is room, else
///     1 s to 3650 days
/// @param whenFull what gives way at `retainHard`
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
        Duration gossipInterval,
        int fanout,
        int mesh,
        boolean eagerPush,
        int maxPayload,
        long retainBytes,
        long retainHard,
        Duration retainFor,
        WhenFull whenFull,
        Duration deliveryBudget,
        List<String> members,
        String software) {

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
        require(
                gossipInterval.compareTo(Duration.ofMillis(10)) >= 0
                        && gossipInterval.compareTo(Duration.ofHours(1)) <= 0,
                "the gossip interval is 10ms to 1h",
                gossipInterval);
        require(fanout >= 1 && fanout <= 64, "the fanout is 1 to 64", fanout);
        require(mesh >= 1 && mesh <= MAX_MESH, "the mesh is 1 to 64 members", mesh);
        require(maxPayload >= 1 && maxPayload <= MAX_PAYLOAD, "the largest payload is 1 B to 8 MiB", maxPayload);
        require(retainBytes >= 0, "retained bytes are 0 or more", retainBytes);
        require(retainHard >= retainBytes, "the hard limit is at least what is retained", retainHard);
        require(
                retainFor.isZero()
                        || retainFor.compareTo(Duration.ofSeconds(1)) >= 0
                                && retainFor.compareTo(LONGEST_RETAINED) <= 0,
                "records are retained for 0 (as long as there is room) or 1s to 3650 days",
                retainFor);
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
                Duration.ofSeconds(1),
                3,
                MAX_MESH,
                true,
                1 << 20,
                256L << 20,
                512L << 20,
                Duration.ZERO,
                WhenFull.REFUSE,
                Duration.ZERO,
                List.of(),
                software);
    }

    public Settings withGossip(Duration interval, int peers) {
        return with(interval, peers, eagerPush, deliveryBudget, members);
    }

    public Settings withEagerPush(boolean on) {
        return with(gossipInterval, fanout, on, deliveryBudget, members);
    }

    public Settings withDeliveryBudget(Duration budget) {
        return with(gossipInterval, fanout, eagerPush, budget, members);
    }

    public Settings withMembers(List<String> roster) {
        return with(gossipInterval, fanout, eagerPush, deliveryBudget, roster);
    }

    public Settings withMesh(int most) {
        return new Settings(
                name,
                cluster,
                addresses,
                seeded,
                gossipInterval,
                fanout,
                most,
                eagerPush,
                maxPayload,
                retainBytes,
                retainHard,
                retainFor,
                whenFull,
                deliveryBudget,
                members,
                software);
    }

    public Settings withLimits(int payload, long soft, long hard) {
        return new Settings(
                name,
                cluster,
                addresses,
                seeded,
                gossipInterval,
                fanout,
                mesh,
                eagerPush,
                payload,
                soft,
                hard,
                retainFor,
                whenFull,
                deliveryBudget,
                members,
                software);
    }

    public Settings withRetention(Duration age, WhenFull full) {
        return new Settings(
                name,
                cluster,
                addresses,
                seeded,
                gossipInterval,
                fanout,
                mesh,
                eagerPush,
                maxPayload,
                retainBytes,
                retainHard,
                age,
                full,
                deliveryBudget,
                members,
                software);
    }

    private Settings with(Duration interval, int peers, boolean push, Duration budget, List<String> roster) {
        return new Settings(
                name,
                cluster,
                addresses,
                seeded,
                interval,
                peers,
                mesh,
                push,
                maxPayload,
                retainBytes,
                retainHard,
                retainFor,
                whenFull,
                budget,
                roster,
                software);
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
