package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Status;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// A node as its clients see it.
///
/// @param address where it listens, `127.0.0.1:7400`
public record Witness(String name, String address) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Waits until these are linked to each other, and all hold the same and know it.
    public static void awaitLevel(List<Witness> all) {
        await("all nodes level")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(RumorException.class)
                .until(() -> isLevel(all.stream().map(Witness::status).toList()));
    }

    private static boolean isLevel(List<Status> all) {
        long most = all.stream().mapToLong(Status::records).max().orElseThrow();
        return all.stream()
                .allMatch(
                        each -> each.linked() == all.size() - 1 && each.records() == most && each.committed() == most);
    }

    private Status status() {
        try (RumorClient client = connect()) {
            return client.status();
        }
    }

    /// Reads it whole: [Ledger#faults].
    public List<String> faults(Ledger ledger) {
        return read(ledger::faults);
    }

    /// Reads it whole: [Ledger#lies].
    List<String> lies(Ledger ledger) {
        return read(ledger::lies);
    }

    private List<String> read(BiFunction<String, Stream<ReceivedRecord>, List<String>> check) {
        try (RumorClient client = connect();
                Stream<ReceivedRecord> shown = client.read(null, 0)) {
            return check.apply(name, shown);
        }
    }

    private RumorClient connect() {
        return RumorClient.connect(Address.parse(address), PATIENCE);
    }
}
