package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A cluster becomes larger while clients broadcast through it, and then smaller for good.
@ExtendWith({Docker.class, Image.Built.class})
class GrowthIT {

    @Test
    void fiveBecomeFifteenAtOnceAndOneThatIsGoneForGoodIsEvicted(Image image) {
        try (Cluster cluster = new Cluster(image, 5)) {
            cluster.speakThrough(List.of(cluster.n(1), cluster.n(2)));
            cluster.awaitAcknowledged(500);
            long start = System.nanoTime();
            cluster.grow(10);
            cluster.silence();
            cluster.awaitLevel("five became fifteen, ten starting at once", start);

            Daemon gone = cluster.n(15);
            Daemon n1 = cluster.n(1);
            cluster.remove(gone);
            cluster.speakThrough(List.of(n1, cluster.n(14)));
            cluster.awaitAcknowledged(200);
            cluster.silence();
            cluster.awaitMissing(gone, n1);
            assertThat(n1.status().blockedBy().map(Status.Blocker::name)).hasValue("n15");

            start = System.nanoTime();
            assertThat(n1.rumor("evict", "n15", "--yes")).contains("n15 is evicted");
            cluster.awaitLevel("one that was gone for good was evicted", start);
        }
    }
}
