package dev.rumor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Event.Recovered.Found;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Refusal.Reason;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Queue;
import dev.rumor.host.Queue.Unit;
import dev.rumor.wire.Request;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is counted when such and such crosses the border. The node is n1; on link 7 is n2.
class MetricsTest {

    private static final long LINK = 7;
    private static final Stream OWN = new Stream("n1", 1);
    private static final Stream OTHER = new Stream("n2", 2);
    private static final Stream THIRD = new Stream("n3", 3);
    private static final DiskId DISK = new DiskId(1, 2);

    private final Metrics metrics = new Metrics(System::nanoTime, "n1", "default", "1.2.3");

    @BeforeEach
    void link() {
        observe(new Event.EpochOpened(), new Effect.Ready(OWN));
        observe(new Event.Connected(LINK, true));
        heard(
                new Message.Hello("default", 1, 1, "n2", OTHER.epoch(), 0, 9, DISK, true, "test"),
                new Effect.Admit(LINK, "n2"));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aBroadcastCountsWhenItIsAcknowledged() {
        observe(new Event.Offered(1, draft(3), 0), new Effect.AppendOwn(OWN, 0, 1, 0, List.of(draft(3))));
        assertThat(figure("rumor_records_broadcast_total")).isZero();
        observe(new Event.Appended(OWN, 1, 3), new Effect.Acknowledge(1, OWN, 1, 3));
        assertThat(figure("rumor_records_broadcast_total")).isEqualTo(3);
    }

    @Test
    void aRecordIsReceivedOnceAndADuplicateAfterwards() {
        heard(new Message.Runs(List.of(run(OTHER, 1, 4))), new Effect.Append(run(OTHER, 1, 4)));
        heard(new Message.Runs(List.of(run(OTHER, 3, 6))), new Effect.Append(run(OTHER, 5, 6)));
        assertThat(figure("rumor_records_received_total")).isEqualTo(6);
        assertThat(figure("rumor_records_duplicate_total")).isEqualTo(2);
        assertThat(drops("record_discarded")).isZero();
    }

    @Test
    void aRecordThatFindsNoPlaceIsDiscardedAndNoDuplicate() {
        heard(new Message.Runs(List.of(run(OTHER, 1, 4))));
        assertThat(drops("record_discarded")).isEqualTo(4);
        assertThat(figure("rumor_records_duplicate_total")).isZero();
        assertThat(figure("rumor_records_received_total")).isZero();
    }

    @Test
    void whatItsOriginSendsUnaskedIsPushedAndAllElseIsPulled() {
        heard(new Message.Runs(List.of(run(OTHER, 1, 4))), new Effect.Append(run(OTHER, 1, 4)));
        assertThat(figure("rumor_records_pulled_total")).isZero();
        heard(new Message.Runs(List.of(run(THIRD, 1, 2))), new Effect.Append(run(THIRD, 1, 2)));
        assertThat(figure("rumor_records_pulled_total")).isEqualTo(2);
        observe(new Event.Woke(), send(new Message.Pull(List.of(), true)));
        heard(new Message.Runs(List.of(run(OTHER, 5, 5))), new Effect.Append(run(OTHER, 5, 5)));
        assertThat(figure("rumor_records_pulled_total")).isEqualTo(3);
    }

    @Test
    void ownRecordsArePushedAndThoseOfOthersServed() {
        observe(new Event.Appended(OWN, 1, 9), new Effect.SendRange(List.of(LINK), new Range(OWN, 1, 9), 100));
        heard(
                new Message.Pull(List.of(new Range(THIRD, 4, 9)), false),
                new Effect.SendRange(List.of(LINK), new Range(THIRD, 4, 9), 100));
        observe(new Event.Sent(LINK, OWN, 8));
        observe(new Event.Sent(LINK, THIRD, 5));
        assertThat(figure("rumor_records_pushed_total")).isEqualTo(8);
        assertThat(figure("rumor_records_served_total")).isEqualTo(2);
    }

    @Test
    void aPeerThatTakesNoPushesIsServedOwnRecordsToo() {
        heard(
                new Message.Pull(List.of(new Range(OWN, 1, 5)), true),
                new Effect.SendRange(List.of(LINK), new Range(OWN, 1, 5), 100));
        observe(new Event.Sent(LINK, OWN, 5));
        assertThat(figure("rumor_records_served_total")).isEqualTo(5);
        assertThat(figure("rumor_records_pushed_total")).isZero();
    }

    @Test
    void whatIsGivenUpAndWhatIsTrimmedIsCounted() {
        observe(new Event.Woke(), new Effect.Waive(new Range(OTHER, 2, 4), 0));
        observe(new Event.Trimmed(List.of(new Range(OTHER, 5, 6), new Range(THIRD, 1, 1)), 100));
        assertThat(figure("rumor_records_waived_total")).isEqualTo(3);
        assertThat(figure("rumor_records_trimmed_total")).isEqualTo(3);
    }

    @Test
    void whatIsSyncedTogetherCountsAsOneSyncOfSoManyRecords() {
        metrics.synced(20, 2_000_000);
        metrics.synced(12, 4_000_000);
        metrics.behind();
        assertThat(figure("rumor_log_sync_seconds_count")).isEqualTo(2);
        assertThat(figure("rumor_log_sync_seconds_sum")).isEqualTo(0.006);
        assertThat(figure("rumor_log_sync_seconds_bucket{le=\"0.002\"}")).isEqualTo(1);
        assertThat(figure("rumor_log_synced_records_total")).isEqualTo(32);
        assertThat(figure("rumor_log_backlogs_total")).isEqualTo(1);
    }

    @Test
    void whatIsDamagedIsCountedAndAgainWhenItIsRepaired() {
        observe(recovered(Found.DAMAGED, new Range(OTHER, 1, 3)));
        observe(new Event.Damaged(OWN, 7, 8));
        observe(new Event.Appended(OTHER, 2, 9));
        observe(new Event.Appended(OTHER, 2, 9));
        observe(new Event.Appended(OWN, 7, 8));
        assertThat(figure("rumor_records_damaged_total")).isEqualTo(5);
        assertThat(figure("rumor_records_repaired_total")).isEqualTo(4);
        assertThat(figure("rumor_log_torn_total")).isZero();
    }

    @Test
    void aTornEndIsCounted() {
        observe(recovered(Found.TORN));
        assertThat(figure("rumor_log_torn_total")).isEqualTo(1);
    }

    @Test
    void whatIsNoBroadcastIsNotCountedAsOneThatIsRefused() {
        observe(new Event.EvictAsked(1, "n2", false), new Effect.Refuse(1, "no"));
        observe(new Event.LeaveAsked(2, Duration.ofSeconds(1)));
        observe(new Event.Woke(), new Effect.Refuse(2, "no"), new Effect.Refuse(3, "full"));
        assertThat(drops("broadcast_refused")).isEqualTo(1);
    }

    @Test
    void aRoundIsEqualOrDifferentOrUnanswered() {
        openRound();
        heard(new Message.Agreement());
        openRound();
        heard(new Message.Registers(List.of()));
        heard(new Message.Claims(List.of(), List.of(), true, true));
        openRound();
        openRound();
        observe(new Event.Disconnected(LINK));
        assertThat(rounds("equal")).isEqualTo(1);
        assertThat(rounds("different")).isEqualTo(1);
        assertThat(rounds("unanswered")).isEqualTo(2);
    }

    @Test
    void framesAreCountedByKindAndDirection() {
        metrics.said(new Message.NameReply(0, List.of(), false), 100, 3);
        metrics.heard(new Message.Ping(), 6);
        metrics.asked(new Request.Status(1), 10);
        String reply = "{direction=\"out\",kind=\"name_reply\",party=\"peer\"}";
        assertThat(figure("rumor_frames_total" + reply)).isEqualTo(3);
        assertThat(figure("rumor_frame_bytes_total" + reply)).isEqualTo(300);
        assertThat(figure("rumor_frame_bytes_total{direction=\"in\",kind=\"ping\",party=\"peer\"}"))
                .isEqualTo(6);
        assertThat(figure("rumor_frames_total{direction=\"in\",kind=\"status\",party=\"client\"}"))
                .isEqualTo(1);
    }

    @Test
    void whatIsRefusedOrHeldUpIsADrop() {
        observe(new Event.Offered(1, draft(1), 0), new Effect.Refuse(1, "full"));
        observe(new Event.Clogged(LINK));
        observe(new Event.Connected(8, false));
        observe(new Event.Heard(8, new Message.Ping()), new Effect.Send(List.of(8L), refusal(Reason.WRONG_CLUSTER)));
        metrics.drops("elsewhere", () -> 5);
        assertThat(drops("broadcast_refused")).isEqualTo(1);
        assertThat(drops("link_clogged")).isEqualTo(1);
        assertThat(drops("refused_wrong_cluster")).isEqualTo(1);
        assertThat(drops("elsewhere")).isEqualTo(5);
    }

    @Test
    void ofALinkThatIsGoneNothingIsCountedAndNothingBreaks() {
        observe(new Event.Disconnected(LINK));
        observe(new Event.Sent(LINK, OWN, 8));
        heard(new Message.Agreement());
        assertThat(figure("rumor_records_pushed_total")).isZero();
    }

    @Test
    void gaugesTellHowTheNodeStoodAtTheLastLook() {
        assertThat(figure("rumor_records")).isNaN();
        metrics.look(view(), List.of(new Queue("log", Unit.BYTES, 70, 100), new Queue("lobby", Unit.ENTRIES, 3, 256)));
        assertThat(figure("rumor_records")).isEqualTo(12);
        assertThat(figure("rumor_committed_lag_records")).isEqualTo(4);
        assertThat(figure("rumor_committed_lag_seconds")).isEqualTo(2.5);
        assertThat(figure("rumor_committed_blocker{member=\"n2\"}")).isEqualTo(1);
        assertThat(figure("rumor_links{state=\"unreachable\"}")).isEqualTo(1);
        assertThat(figure("rumor_links{state=\"linked\"}")).isZero();
        assertThat(figure("rumor_members{state=\"active\"}")).isEqualTo(2);
        assertThat(figure("rumor_members{state=\"evicted\"}")).isEqualTo(1);
        assertThat(figure("rumor_queue_bytes{queue=\"log\"}")).isEqualTo(70);
        assertThat(figure("rumor_queue_limit_bytes{queue=\"log\"}")).isEqualTo(100);
        assertThat(figure("rumor_queue_limit_entries{queue=\"lobby\"}")).isEqualTo(256);
    }

    @Test
    void everyMeterIsDescribedAndNamedAsOurs() {
        metrics.turns(() -> 1);
        metrics.kept(() -> 1);
        metrics.drops("elsewhere", () -> 5);
        metrics.look(view(), List.of(new Queue("log", Unit.BYTES, 0, 1), new Queue("lobby", Unit.ENTRIES, 0, 1)));
        Map<String, String> descriptions = new Scrape(metrics.scrape()).descriptions();
        assertThat(descriptions).hasSizeGreaterThan(40);
        assertThat(descriptions.keySet()).allMatch(name -> name.matches("(rumor|jvm|process)_[a-z_]+"));
        assertThat(descriptions)
                .allSatisfy((name, text) -> assertThat(text).as(name).isNotBlank());
    }

    // --- what the tests share

    private void observe(Event event, Effect... effects) {
        metrics.observe(event, List.of(effects));
    }

    private static Event recovered(Found found, Range... damaged) {
        return new Event.Recovered(found, DISK, 1, List.of(), List.of(), List.of(damaged), List.of(), 0, List.of(), 0);
    }

    private void heard(Message message, Effect... effects) {
        observe(new Event.Heard(LINK, message), effects);
    }

    private void openRound() {
        observe(new Event.Woke(), send(new Message.Round(Digest.ZERO, Digest.ZERO)));
    }

    private static Effect send(Message message) {
        return new Effect.Send(List.of(LINK), message);
    }

    private static Message refusal(Reason reason) {
        return new Message.Refusal(reason, "no", "n1");
    }

    private double figure(String series) {
        return new Scrape(metrics.scrape()).figure(series);
    }

    private double drops(String reason) {
        return figure("rumor_drops_total{reason=\"" + reason + "\"}");
    }

    private double rounds(String outcome) {
        return figure("rumor_gossip_rounds_total{outcome=\"" + outcome + "\"}");
    }

    private static Run run(Stream stream, long from, long to) {
        int count = (int) (to - from + 1);
        return new Run(stream, 0, from, 0, new int[count], new int[count], new byte[0]);
    }

    private static Run.Draft draft(int count) {
        return new Run.Draft(Collections.nCopies(count, new byte[1]));
    }

    /// n1 holds 1 to 10 of its stream, of which 1 to 6 are committed; n2 blocks, and cannot be reached; n3 is evicted.
    private static View view() {
        return new View(
                Settings.of("n1", "default", List.of(), false, "test"),
                true,
                OWN,
                DISK,
                12,
                70,
                List.of(new Claim(OWN, 0, Intervals.of(1, 10))),
                List.of(),
                List.of(new Claim(OWN, 0, Intervals.of(1, 6))),
                List.of(
                        new View.Member(register("n1"), View.Liveness.SELF, 0),
                        new View.Member(register("n2"), View.Liveness.UNREACHABLE, 99),
                        new View.Member(register("n3").departed(Register.State.EVICTED, 0), View.Liveness.GONE, 99)),
                Optional.of(new View.Blocker("n2", 4, 2_500_000_000L)),
                0,
                0,
                true);
    }

    private static Register register(String name) {
        return new Register(name, 1, 1, Register.State.ACTIVE, DISK, List.of(), 1, 1, "test", List.of(), List.of());
    }
}
