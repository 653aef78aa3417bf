package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.Network;

/// Five daemons in containers, found by one name, and what may happen to containers while clients broadcast
/// through them. Whatever it was, in the end all five hold all that was acknowledged, and how long that took is
/// printed. They are the same five for all tests, until one fails.
@ExtendWith({Docker.class, Image.Built.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {

    private Cluster five;
    private boolean level;

    @BeforeEach
    void startFive(Image image) {
        if (!level) {
            removeAll();
            five = new Cluster(image, 5);
        }
        level = false;
        five.speakThrough(five.daemons());
        five.awaitAcknowledged(100);
    }

    @AfterEach
    void silence() {
        five.silence();
    }

    @AfterAll
    void removeAll() {
        if (five != null) {
            five.close();
        }
    }

    /// The test is over, and so is what it did.
    private void endLevel(String after, long since) {
        five.silence();
        five.awaitLevel(after, since);
        level = true;
    }

    @Test
    void whoIsPausedIsNamedAndThenGetsWhatItMissed() {
        Daemon n3 = five.n(3);
        n3.pause();
        five.awaitMissing(n3, five.n(1));
        five.awaitAcknowledged(500);
        long start = System.nanoTime();
        n3.unpause();
        endLevel("a pause of one of them", start);
    }

    @Test
    void whoIsKilledAndStartedAgainOnItsVolumeGetsWhatItMissed() {
        five.n(2).kill();
        five.awaitAcknowledged(500);
        long start = System.nanoTime();
        five.n(2).startAgain();
        endLevel("one that was killed was started again on its volume", start);
    }

    /// What it alone held would be gone with its volume, so the others hold that before.
    @Test
    void whoIsKilledAndStartedAgainWithoutItsVolumeGetsAllOfItBack() {
        Daemon n4 = five.n(4);
        five.silence();
        five.awaitLevel("the last broadcast");
        n4.kill();
        five.speakThrough(five.others(n4));
        five.awaitAcknowledged(500);
        long start = System.nanoTime();
        n4.replace();
        endLevel("one that was killed was started again without its volume", start);
        five.speakThrough(List.of(n4));
        five.awaitAcknowledged(20);
        endLevel("its next broadcast", System.nanoTime());
    }

    @Test
    void whoComesBackWithAnotherAddressGetsWhatItMissedAndIsReached() {
        Daemon n5 = five.n(5);
        String address = n5.place().getIpAddress();
        n5.disconnect();
        five.awaitAcknowledged(500);
        // Whoever comes now may get the address that is free.
        String squatter = Docker.run(
                "run",
                "--detach",
                "--network",
                five.network().getId(),
                "--entrypoint",
                "sleep",
                five.image().name(),
                "600");
        try {
            long start = System.nanoTime();
            n5.reconnect();
            assertThat(n5.place().getIpAddress()).isNotEqualTo(address);
            endLevel("a new address", start);
        } finally {
            Docker.run("rm", "--force", "--volumes", squatter);
        }
    }

    @Test
    void wherePacketsAreLostNothingElseIs() {
        PacketFilter.require();
        five.daemons().forEach(each -> new PacketFilter(each).lose(0.2));
        try {
            five.awaitAcknowledged(1_000);
            five.silence();
            five.awaitSame("the last broadcast, of each packet one in five lost", five.daemons());
        } finally {
            five.daemons().forEach(each -> new PacketFilter(each).clear());
        }
        endLevel("no packet was lost any more", System.nanoTime());
    }

    /// Each record finds a way around.
    @Test
    void whereSomeDoNotHearOthersAllGetEverything() {
        PacketFilter.require();
        List<PacketFilter> deaf = List.of(new PacketFilter(five.n(2)), new PacketFilter(five.n(5)));
        deaf.get(0).deafenTo(five.n(1));
        deaf.get(1).deafenTo(five.n(4));
        try {
            five.awaitAcknowledged(1_000);
            five.silence();
            five.awaitSame("the last broadcast, n1 to n2 and n4 to n5 cut", five.daemons());
        } finally {
            deaf.forEach(PacketFilter::clear);
        }
        endLevel("the cuts healed", System.nanoTime());
    }

    /// In another network, from which nobody is reached but through a proxy on this host; nor is it, from elsewhere.
    @Test
    void whoIsFarAwayGetsAllOfItAndIsHeard(Image image) {
        Duration delay = Duration.ofMillis(100);
        try (Network elsewhere = Network.newNetwork()) {
            Daemon far = new Daemon(image, elsewhere, "far");
            try (far;
                    DelayingProxy there = new DelayingProxy(far.address(), delay);
                    DelayingProxy here = new DelayingProxy(five.n(1).address(), delay)) {
                far.with(
                        "--seeds", Cluster.gateway(elsewhere) + ":" + here.port(),
                        "--advertise", Cluster.gateway(five.network()) + ":" + there.port());
                long start = System.nanoTime();
                five.add(far);
                five.speakThrough(List.of(far));
                five.awaitAcknowledged(1_000);
                five.silence();
                five.awaitLevel("one joined that is 100 ms away", start);
                start = System.nanoTime();
                assertThat(five.broadcast(far, "--wait", "all", "--within", "30s")
                                .getExitCode())
                        .isZero();
                System.out.printf(
                        Locale.ROOT,
                        "a record of one that is 100 ms away was held by all, and it knew, within %.2f s%n",
                        (System.nanoTime() - start) / 1e9);
                assertThat(far.rumor("leave")).contains("far has left");
                five.remove(far);
            }
        }
        endLevel("it left", System.nanoTime());
    }

    @Test
    void allAreRestartedInTurnWhileClientsBroadcast() {
        long start = System.nanoTime();
        for (Daemon each : five.daemons()) {
            each.end();
            assertThat(each.state().getExitCodeLong())
                    .as("exit code of " + each)
                    .isZero();
            each.startAgain();
            each.awaitLinks(4);
        }
        System.out.printf(
                Locale.ROOT,
                "five containers restarted one after the other in %.2f s%n",
                (System.nanoTime() - start) / 1e9);
        endLevel("the last of five restarts", System.nanoTime());
    }
}
