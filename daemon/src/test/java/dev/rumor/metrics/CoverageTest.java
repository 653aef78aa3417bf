package dev.rumor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.message.Register.State;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// n1 broadcasts; n2, n3 and n4, on links of these numbers, claim what they hold.
class CoverageTest {

    private static final Stream OWN = new Stream("n1", 1);

    private long now;
    private final Metrics metrics = new Metrics(() -> now, "n1", "default", "1.2.3");

    @BeforeEach
    void fourMembers() {
        observe(new Event.EpochOpened(), new Effect.Ready(OWN), register("n1", State.ACTIVE));
        for (long link = 2; link <= 4; link++) {
            observe(new Event.Connected(link, true), new Effect.Admit(link, "n" + link));
            observe(new Event.Woke(), register("n" + link, State.ACTIVE));
        }
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aShareIsReachedWhenSoManyMembersHoldTheRecord() {
        broadcast(1);
        pass(Duration.ofMillis(3));
        observe(new Event.Appended(OWN, 1, 1));
        assertThat(count(50)).isZero();
        claimed(2, 1);
        assertThat(count(50)).isEqualTo(1);
        assertThat(seconds(50)).isEqualTo(0.003);
        pass(Duration.ofMillis(4));
        claimed(3, 1);
        assertThat(count(90)).isZero();
        claimed(4, 1);
        assertThat(List.of(count(50), count(90), count(99), count(100))).containsOnly(1.0);
        assertThat(seconds(100)).isEqualTo(0.007);
    }

    @Test
    void aClaimThatIsRepeatedOrDoesNotReachTheRecordCountsForNothing() {
        broadcast(5);
        claimed(2, 5);
        claimed(2, 5);
        claimed(3, 4);
        assertThat(count(50)).isZero();
    }

    @Test
    void oneOfManyRecordsInARowIsSampled() {
        for (long sequence = 1; sequence <= 100; sequence++) {
            broadcast(sequence);
        }
        everybodyHolds(100);
        assertThat(count(100)).isEqualTo(1);
        pass(Duration.ofMillis(10));
        broadcast(101);
        everybodyHolds(101);
        assertThat(count(100)).isEqualTo(2);
    }

    @Test
    void whoeverLeavesIsNotWaitedFor() {
        broadcast(1);
        observe(new Event.Appended(OWN, 1, 1));
        claimed(2, 1);
        claimed(3, 1);
        pass(Duration.ofSeconds(9));
        observe(new Event.Woke(), register("n4", State.EVICTED));
        assertThat(count(100)).isEqualTo(1);
        assertThat(seconds(100)).isEqualTo(9);
    }

    @Test
    void whileAMemberIsAwayOldAndNewAreWatchedAndNotMoreThanTheBound() {
        int records = 10 * Coverage.MOST;
        for (long sequence = 1; sequence <= records; sequence++) {
            pass(Duration.ofSeconds(1));
            broadcast(sequence);
        }
        everybodyHolds(records);
        assertThat(count(100)).isBetween(Coverage.MOST / 2.0, (double) Coverage.MOST);
        assertThat(figure("rumor_coverage_seconds_max{share=\"100\"}")).isEqualTo(records - 1);
        assertThat(figure("rumor_coverage_seconds_bucket{share=\"100\",le=\"1.0\"}"))
                .isPositive();
    }

    private void broadcast(long sequence) {
        Run.Draft draft = new Run.Draft(List.of(new byte[1]));
        observe(new Event.Offered(sequence, draft, 0), new Effect.AppendOwn(OWN, 0, sequence, 0, List.of(draft)));
    }

    private void everybodyHolds(long upTo) {
        observe(new Event.Appended(OWN, 1, upTo));
        for (long link = 2; link <= 4; link++) {
            claimed(link, upTo);
        }
    }

    private void claimed(long link, long upTo) {
        Claim claim = new Claim(OWN, 0, Intervals.of(1, upTo));
        observe(new Event.Heard(link, new Message.Claims(List.of(claim), List.of(), false, false)));
    }

    private void observe(Event event, Effect... effects) {
        metrics.observe(event, List.of(effects));
    }

    private static Effect register(String name, State state) {
        DiskId disk = new DiskId(1, 2);
        return new Effect.RememberRegister(
                new Register(name, 1, 1, state, disk, List.of(), 1, 1, "test", List.of(), List.of()));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private double count(int share) {
        return figure("rumor_coverage_seconds_count{share=\"" + share + "\"}");
    }

    private double seconds(int share) {
        return figure("rumor_coverage_seconds_sum{share=\"" + share + "\"}");
    }

    private double figure(String series) {
        return new Scrape(metrics.scrape()).figure(series);
    }
}
