package dev.rumor.core;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static void tune(String what, long budgetMillis, int nodes, double rate) {
        Ether ether = new Ether(nodes, 42, settings -> settings.withDeliveryBudget(Duration.ofMillis(budgetMillis)));
        ether.run(1000);
        int before = ether.messages;
        ether.load(rate, 20_000);
        ether.run(20_000);
        int during = ether.messages;
        ether.run(10_000);
        List<Long> took = ether.latenciesMillis();
        System.out.printf(
                "%s: %d records, %d + %d messages, %.2f per record, %.3f per op; median %d max %d%n",
                what,
                took.size(),
                during - before,
                ether.messages - during,
                ether.messages / (double) took.size(),
                ether.messages / (2.0 * took.size()),
                took.get(took.size() / 2),
                took.getLast());
        System.out.println(ether.kinds);
        ether.broadcastAt.forEach((id, at) -> {
            long last = ether.deliveries.get(id).values().stream().mapToLong(Long::longValue).max().orElseThrow();
            if (budgetMillis > 0 && last - at > budgetMillis * 950_000L) {
                System.out.println(id + " at " + at / 1_000_000 + " took " + (last - at) / 1_000_000 + " "
                        + ether.deliveries.get(id).values().stream().map(t -> (t - at) / 1_000_000).distinct().toList());
            }
        });
    }

    @Test
    void tune() {
        tune("direct", 0, 25, 50);
        tune("600", 600, 25, 50);
        tune("2s", 2000, 25, 50);
        tune("3c", 0, 5, 5);
        tune("counter", 2000, 3, 50);
    }
}
