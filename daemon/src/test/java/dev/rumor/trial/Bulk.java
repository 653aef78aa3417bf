package dev.rumor.trial;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Many records of one size, as fast as one daemon takes them.
final class Bulk {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TOGETHER = 500;

    private Bulk() {}

    /// One after the other, each when the last is acknowledged: so each is a run of its own, which costs most.
    static void broadcastSingly(String daemon, int records, int payloadBytes) {
        try (RumorClient client = RumorClient.connect(Address.parse(daemon), PATIENCE)) {
            for (int sent = 0; sent < records; sent++) {
                client.broadcast("bulk", new byte[payloadBytes]);
            }
        }
    }

    /// Returns when all are acknowledged.
    static void broadcast(String daemon, int records, int payloadBytes) {
        try (RumorClient client = RumorClient.connect(Address.parse(daemon), PATIENCE)) {
            byte[] payload = new byte[payloadBytes];
            CompletableFuture<Acknowledgement> last = null;
            for (int sent = 0; sent < records; sent += TOGETHER) {
                List<byte[]> some = Collections.nCopies(Math.min(TOGETHER, records - sent), payload);
                last = client.broadcastAsync("bulk", some);
            }
            last.join();
        }
    }
}
