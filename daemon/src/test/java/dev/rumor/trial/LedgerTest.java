package dev.rumor.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each fault that a ledger is there to see, it sees.
class LedgerTest {

    private static final int CLIENT = 7;

    private final Ledger ledger = new Ledger();
    private final List<ReceivedRecord> shown = new ArrayList<>();

    @Test
    void nothingIsWrongWithWhatWasBroadcast() {
        broadcast(200);
        assertThat(faults()).isEmpty();
    }

    @Test
    void whatWasNotAcknowledgedMayBeThereOrNot() {
        broadcast(3);
        ledger.offer();
        assertThat(faults()).isEmpty();
        shown.add(record(4, ledger.offer()));
        assertThat(faults()).isEmpty();
    }

    @Test
    void anAcknowledgedRecordIsMissing() {
        broadcast(3);
        shown.removeLast();
        assertThat(faults()).containsExactly("n1: n2/1/3 was acknowledged and is missing");
    }

    @Test
    void aRecordIsThereTwice() {
        broadcast(3);
        shown.add(record(4, 2));
        assertThat(faults()).contains("n1: n2/1/4 is record 2, which was shown before");
    }

    @Test
    void aRecordHasAnotherId() {
        broadcast(3);
        ledger.acknowledged(1, new RecordId("n3", 1, 2));
        assertThat(faults()).containsExactly("n1: n2/1/2 was acknowledged as n3/1/2");
    }

    @Test
    void aBitIsNotWhatItWas() {
        broadcast(3);
        shown.get(1).payload()[5] ^= 1;
        assertThat(faults())
                .containsExactlyInAnyOrder(
                        "n1: n2/1/2 is nothing that was broadcast", "n1: n2/1/2 was acknowledged and is missing");
    }

    @Test
    void nobodyBroadcastIt() {
        broadcast(3);
        shown.add(record(4, 3));
        assertThat(faults()).containsExactly("n1: n2/1/4 is nothing that was broadcast");
    }

    @Test
    void aStreamHasAHole() {
        broadcast(3);
        shown.add(record(5, ledger.offer()));
        assertThat(faults()).containsExactly("n1: n2/1/5 comes where 4 is next");
    }

    @Test
    void aStreamIsOutOfOrder() {
        broadcast(3);
        Collections.swap(shown, 0, 1);
        assertThat(faults()).contains("n1: n2/1/2 comes where 1 is next");
    }

    @Test
    void aClientsRecordsAreOutOfOrder() {
        int first = ledger.offer();
        shown.add(record(1, ledger.offer()));
        shown.add(record(2, first));
        assertThat(faults()).containsExactly("n1: n2/1/2 comes after a later record of the same client");
    }

    @Test
    void whatIsNotThereIsNoLie() {
        broadcast(5);
        shown.remove(3);
        shown.removeLast();
        assertThat(ledger.lies("n1", shown.stream())).isEmpty();
        shown.add(shown.getFirst());
        assertThat(ledger.lies("n1", shown.stream())).isNotEmpty();
    }

    private void broadcast(int count) {
        for (int sequence = 1; sequence <= count; sequence++) {
            int number = ledger.offer();
            ReceivedRecord record = record(sequence, number);
            ledger.acknowledged(number, record.id());
            shown.add(record);
        }
    }

    private static ReceivedRecord record(long sequence, int number) {
        return new ReceivedRecord(new RecordId("n2", 1, sequence), "", Ledger.payload(CLIENT, number), Instant.EPOCH);
    }

    private List<String> faults() {
        return ledger.faults("n1", shown.stream());
    }
}
