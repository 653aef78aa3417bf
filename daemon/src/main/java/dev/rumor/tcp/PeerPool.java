package dev.rumor.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Whom to dial, and when. There are two kinds of target: a *seed* is an address from the configuration,
/// whose host name stands for all its addresses; a *member* is a name that the node wants a link to. Both are
/// tried for ever.
///
/// A member is satisfied while there is a link to it. A seed is satisfied while each of its addresses is
/// settled: the member found behind it is linked, or is this node itself. What was found behind an address is
/// believed only as long as that link lasts, because addresses move from one process to another.
///
/// In a large cluster the node hangs up on a seed when others are its neighbours. Then the seed is tried again
/// only now and then, in case it has become another cluster meanwhile; and at once, if there is no link at all.
///
/// Lives on the node's loop; not for other threads.
final class PeerPool {

    static final Duration BACKOFF_BASE = Duration.ofMillis(100);
    static final Duration BACKOFF_CAP = Duration.ofSeconds(2);

    /// A satisfied seed is looked up so often, for addresses that its name has gained.
    static final Duration REST = Duration.ofSeconds(30);

    /// What the pool needs of the world.
    interface Network {
        void after(Duration delay, Runnable task);

        /// Finds all addresses of a host, none if there are none now; answers on the loop, never at once.
        void lookup(Address address, Consumer<List<InetSocketAddress>> found);

        /// Ends in [PeerPool#ended], sooner or later.
        void dial(InetSocketAddress address);
    }

    private final String self;
    private final Network network;
    private final RandomGenerator dice;
    private final Map<String, Integer> linked = new HashMap<>();
    private final Map<InetSocketAddress, String> found = new HashMap<>();
    private final Set<String> dismissed = new HashSet<>();
    private final Set<InetSocketAddress> dialling = new HashSet<>();
    private final List<Target> seeds;
    private final Map<String, Target> members = new TreeMap<>();

    PeerPool(String self, List<Address> seeds, Network network, RandomGenerator dice) {
        this.self = self;
        this.network = network;
        this.dice = dice;
        this.seeds = seeds.stream().map(Target::seed).toList();
    }

    void start() {
        seeds.forEach(this::attempt);
    }

    /// Keep a link to this member.
    void reach(String name, List<Address> addresses) {
        Target target = members.computeIfAbsent(name, Target::new);
        target.addresses = List.copyOf(addresses);
        wake(target);
    }

    /// Dial this member no more.
    void leave(String name) {
        Target target = members.remove(name);
        if (target != null) {
            target.dropped = true;
        }
    }

    /// A link now belongs to `name`.
    void admitted(String name) {
        linked.merge(name, 1, Integer::sum);
        dismissed.remove(name);
    }

    /// The node hung up on this peer, and may do without it.
    void dismissed(String name) {
        if (!members.containsKey(name)) {
            dismissed.add(name);
        }
    }

    /// At the other end of the connection dialled to `address` is `name`.
    void met(InetSocketAddress address, String name) {
        found.put(address, name);
        seeds.stream().filter(each -> each.known.contains(address)).forEach(each -> each.isMissed = false);
    }

    /// A link of `name` is gone.
    void lost(String name) {
        if (linked.merge(name, -1, Integer::sum) > 0) {
            return;
        }
        linked.remove(name);
        if (linked.isEmpty()) {
            found.values().removeIf(dismissed::contains);
            dismissed.clear();
        }
        if (!dismissed.contains(name)) {
            found.values().removeIf(name::equals);
        }
        seeds.forEach(this::wake);
        if (members.containsKey(name)) {
            wake(members.get(name));
        }
    }

    /// There was nobody at this address.
    ///
    /// @return whether it is a seed's, and that is news since it last could be reached
    boolean missed(InetSocketAddress address) {
        boolean news = false;
        for (Target seed : seeds) {
            news |= !seed.isMissed && seed.known.contains(address);
            seed.isMissed |= seed.known.contains(address);
        }
        return news;
    }

    /// The dial to `address` failed, or the connection that it brought is gone.
    void ended(InetSocketAddress address) {
        dialling.remove(address);
    }

    void close() {
        seeds.forEach(each -> each.dropped = true);
        members.values().forEach(each -> each.dropped = true);
    }

    /// A target that rests and is no longer satisfied is tried soon; one that is being tried keeps its rhythm.
    private void wake(Target target) {
        if (target.attempts == 0 && !isSatisfied(target)) {
            target.attempts = 1;
            schedule(target, jitter(target.attempts));
        }
    }

    private void schedule(Target target, Duration delay) {
        int turn = ++target.turn;
        network.after(delay, () -> {
            if (turn == target.turn) {
                attempt(target);
            }
        });
    }

    private void attempt(Target target) {
        if (target.dropped) {
            return;
        }
        boolean satisfied = isSatisfied(target);
        if (satisfied && target.isSeed()) {
            // Behind one address there may be many nodes by turns, and it need not be this one that answers next.
            found.values().removeIf(name -> name.equals(self) || dismissed.contains(name));
            dismissed.retainAll(found.values());
        }
        target.attempts = satisfied ? 0 : target.attempts + 1;
        schedule(target, satisfied ? REST : jitter(target.attempts));
        if (target.lookingUp || satisfied && !target.isSeed() || target.addresses.isEmpty()) {
            return;
        }
        target.lookingUp = true;
        network.lookup(target.next(), all -> lookedUp(target, all));
    }

    private void lookedUp(Target target, List<InetSocketAddress> all) {
        target.lookingUp = false;
        if (target.dropped || all.isEmpty()) {
            return;
        }
        target.known = all;
        if (target.isSeed()) {
            all.forEach(this::dial);
        } else if (!isSatisfied(target)) {
            dial(all.get(target.attempts % all.size()));
        }
    }

    private void dial(InetSocketAddress address) {
        if (!isSettled(address) && dialling.add(address)) {
            network.dial(address);
        }
    }

    private boolean isSatisfied(Target target) {
        return target.isSeed()
                ? !target.known.isEmpty() && target.known.stream().allMatch(this::isSettled)
                : linked.containsKey(target.member);
    }

    private boolean isSettled(InetSocketAddress address) {
        String name = found.get(address);
        return name != null && (name.equals(self) || linked.containsKey(name) || dismissed.contains(name));
    }

    /// Full jitter: anything between nothing and the back-off, so that nodes that lost each other at the same
    /// moment do not meet again at the same moment (Brooker, "Exponential Backoff And Jitter", 2015).
    private Duration jitter(int attempts) {
        long ceiling = BACKOFF_BASE.toNanos() << Math.min(attempts - 1, 10);
        return Duration.ofNanos(dice.nextLong(Math.min(ceiling, BACKOFF_CAP.toNanos())));
    }

    private static final class Target {
        /// Empty for a seed.
        private final String member;

        private List<Address> addresses = List.of();
        private List<InetSocketAddress> known = List.of();
        private boolean lookingUp;
        private boolean isMissed;
        private boolean dropped;

        /// 0 while it rests.
        private int attempts;

        /// Which of the alarms set for it counts: the last.
        private int turn;

        private Target(String member) {
            this.member = member;
        }

        private static Target seed(Address address) {
            Target target = new Target("");
            target.addresses = List.of(address);
            return target;
        }

        private boolean isSeed() {
            return member.isEmpty();
        }

        /// The addresses of a member by turns.
        private Address next() {
            return addresses.get(attempts % addresses.size());
        }
    }
}
