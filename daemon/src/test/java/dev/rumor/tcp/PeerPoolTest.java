package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PeerPoolTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final World world = new World();

    @Test
    void aSeedIsDialledAtAllItsAddresses() {
        world.names.put("peers", List.of("10.0.0.1", "10.0.0.2"));
        pool("peers:7400").start();
        world.pass(Duration.ZERO);
        assertThat(world.dialled).containsExactly(at("10.0.0.1"), at("10.0.0.2"));
    }

    @Test
    void oneDialIsInFlightToAnAddress() {
        pool("10.0.0.1:7400").start();
        world.pass(LONG);
        assertThat(world.dialled).hasSize(1);
    }

    @Test
    void aSeedIsDialledForEverWithPausesOfAtMostTwoSeconds() {
        PeerPool pool = pool("10.0.0.1:7400");
        world.onDial = pool::ended;
        pool.start();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.dialled.size()).isGreaterThan(300);
        assertThat(world.longestPause()).isLessThanOrEqualTo(PeerPool.BACKOFF_CAP);
    }

    @Test
    void thatASeedCannotBeReachedIsNewsOnceUntilItCould() {
        PeerPool pool = pool("10.0.0.1:7400");
        pool.start();
        world.pass(Duration.ZERO);
        assertThat(pool.missed(at("10.0.0.9"))).as("a member").isFalse();
        assertThat(pool.missed(at("10.0.0.1"))).isTrue();
        assertThat(pool.missed(at("10.0.0.1"))).isFalse();
        pool.met(at("10.0.0.1"), "n1");
        assertThat(pool.missed(at("10.0.0.1"))).isTrue();
    }

    @Test
    void pausesGrowFromATenthOfASecond() {
        PeerPool pool = pool("10.0.0.1:7400");
        world.onDial = pool::ended;
        pool.start();
        world.pass(PeerPool.BACKOFF_BASE);
        assertThat(world.dialled.size()).isGreaterThan(1);
        int early = world.dialled.size();
        world.pass(Duration.ofSeconds(10));
        world.dialled.clear();
        world.pass(PeerPool.BACKOFF_BASE);
        assertThat(world.dialled.size()).isLessThan(early);
    }

    @Test
    void aHostNameIsLookedUpAgainAtEachAttempt() {
        pool("peers:7400").start();
        world.pass(LONG);
        assertThat(world.dialled).isEmpty();
        world.names.put("peers", List.of("10.0.0.1"));
        world.pass(LONG);
        assertThat(world.dialled).containsExactly(at("10.0.0.1"));
    }

    @Test
    void aSatisfiedSeedIsStillLookedUpForAddressesThatItGains() {
        world.names.put("peers", List.of("10.0.0.1"));
        PeerPool pool = pool("peers:7400");
        world.onDial = address -> link(pool, address, "n1");
        pool.start();
        world.pass(LONG);
        world.names.put("peers", List.of("10.0.0.1", "10.0.0.2"));
        world.pass(PeerPool.REST);
        assertThat(world.dialled).containsExactly(at("10.0.0.1"), at("10.0.0.2"));
    }

    @Test
    void aSeedIsLeftAloneWhileTheMemberFoundBehindItIsLinked() {
        PeerPool pool = pool("10.0.0.1:7400");
        world.onDial = address -> {
            pool.admitted("n1");
            pool.met(address, "n1");
            pool.ended(address);
        };
        pool.start();
        world.pass(LONG);
        assertThat(world.dialled).hasSize(1);
        pool.lost("n1");
        world.pass(LONG);
        assertThat(world.dialled).hasSize(2);
    }

    @Test
    void aSeedOnWhichTheNodeHungUpIsTriedAgainOnlyNowAndThen() {
        PeerPool pool = pool("10.0.0.1:7400");
        pool.admitted("neighbour");
        world.onDial = address -> {
            link(pool, address, "n1");
            pool.dismissed("n1");
            pool.lost("n1");
            pool.ended(address);
        };
        pool.start();
        world.pass(LONG);
        assertThat(world.dialled).hasSizeBetween(1, 2);
        world.pass(PeerPool.REST.multipliedBy(2));
        assertThat(world.dialled).hasSizeBetween(2, 4);
    }

    @Test
    void aSeedOnWhichTheNodeHungUpIsTriedAtOnceWhenNoLinkIsLeft() {
        PeerPool pool = pool("10.0.0.1:7400");
        pool.admitted("neighbour");
        world.onDial = address -> link(pool, address, "n1");
        pool.start();
        world.pass(LONG);
        pool.dismissed("n1");
        pool.lost("n1");
        pool.ended(at("10.0.0.1"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.dialled).hasSize(1);
        pool.lost("neighbour");
        world.pass(Duration.ofSeconds(5));
        assertThat(world.dialled).hasSize(2);
    }

    @Test
    void aSeedThatIsThisNodeItselfIsTriedAgainOnlyNowAndThen() {
        PeerPool pool = pool("10.0.0.1:7400");
        world.onDial = address -> {
            pool.met(address, "self");
            pool.ended(address);
        };
        pool.start();
        world.pass(LONG);
        assertThat(world.dialled).hasSizeBetween(2, 2 + (int) LONG.dividedBy(Duration.ofSeconds(25)));
    }

    @Test
    void aMemberIsDialledAtItsAddressesByTurnsUntilItIsLinked() {
        PeerPool pool = pool();
        world.onDial = pool::ended;
        pool.reach("n1", addresses("10.0.0.1:7400", "10.0.0.2:7400"));
        world.pass(LONG);
        assertThat(world.dialled).contains(at("10.0.0.1"), at("10.0.0.2"));
        assertThat(world.dialled.get(0)).isNotEqualTo(world.dialled.get(1));
        pool.admitted("n1");
        world.dialled.clear();
        world.pass(LONG);
        assertThat(world.dialled).isEmpty();
    }

    @Test
    void aLinkedMemberIsDialledOnlyWhenItsLastLinkIsLost() {
        PeerPool pool = pool();
        pool.admitted("n1");
        pool.admitted("n1");
        pool.reach("n1", addresses("10.0.0.1:7400"));
        pool.lost("n1");
        world.pass(LONG);
        assertThat(world.dialled).isEmpty();
        pool.lost("n1");
        world.pass(LONG);
        assertThat(world.dialled).containsExactly(at("10.0.0.1"));
    }

    @Test
    void aMemberThatLeftIsDialledNoMore() {
        PeerPool pool = pool();
        world.onDial = pool::ended;
        pool.reach("n1", addresses("10.0.0.1:7400"));
        pool.leave("n1");
        world.pass(LONG);
        assertThat(world.dialled).isEmpty();
    }

    @Test
    void aClosedPoolDialsNobody() {
        PeerPool pool = pool("10.0.0.1:7400");
        pool.start();
        pool.reach("n1", addresses("10.0.0.2:7400"));
        pool.close();
        world.pass(LONG);
        assertThat(world.dialled).isEmpty();
    }

    private PeerPool pool(String... seeds) {
        return new PeerPool("self", addresses(seeds), world, new SplittableRandom(7));
    }

    private static void link(PeerPool pool, InetSocketAddress address, String name) {
        pool.admitted(name);
        pool.met(address, name);
    }

    private static List<Address> addresses(String... texts) {
        return Arrays.stream(texts).map(Address::parse).toList();
    }

    private static InetSocketAddress at(String host) {
        return new InetSocketAddress(host, 7400);
    }

    /// A network in virtual time.
    private static final class World implements PeerPool.Network {

        private record Task(long at, long order, Runnable run) {}

        private final PriorityQueue<Task> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
        private final Map<String, List<String>> names = new HashMap<>();
        private final List<InetSocketAddress> dialled = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();
        private Consumer<InetSocketAddress> onDial = address -> {};
        private long now;
        private long order;

        void pass(Duration time) {
            long until = now + time.toNanos();
            while (!tasks.isEmpty() && tasks.peek().at <= until) {
                Task task = tasks.remove();
                now = task.at;
                task.run.run();
            }
            now = until;
        }

        Duration longestPause() {
            long longest = 0;
            for (int k = 1; k < times.size(); k++) {
                longest = Math.max(longest, times.get(k) - times.get(k - 1));
            }
            return Duration.ofNanos(longest);
        }

        @Override
        public void after(Duration delay, Runnable task) {
            tasks.add(new Task(now + delay.toNanos(), order++, task));
        }

        @Override
        public void lookup(Address address, Consumer<List<InetSocketAddress>> found) {
            boolean literal = Character.isDigit(address.host().charAt(0));
            List<String> hosts = literal ? List.of(address.host()) : names.getOrDefault(address.host(), List.of());
            after(
                    Duration.ZERO,
                    () -> found.accept(hosts.stream()
                            .map(host -> new InetSocketAddress(host, address.port()))
                            .toList()));
        }

        @Override
        public void dial(InetSocketAddress address) {
            dialled.add(address);
            times.add(now);
            after(Duration.ZERO, () -> onDial.accept(address));
        }
    }
}
