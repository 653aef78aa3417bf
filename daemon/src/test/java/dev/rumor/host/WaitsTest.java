package dev.rumor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.Quorum;
import dev.rumor.wire.Reply.Outcome;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Waits on a loop whose time the test moves, and on members that hold what the test says.
class WaitsTest {

    private static final Stream OWN = new Stream("n1", 7);
    private static final Duration HOUR = Duration.ofHours(1);

    /// What each member holds of the stream, up to which sequence; active unless it is joining.
    private final Map<String, Long> held = new LinkedHashMap<>();
    private final List<String> joining = new ArrayList<>();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<String> told = new ArrayList<>();
    private int looks;
    private Waits waits;

    @BeforeEach
    void five() {
        for (int k = 1; k <= 5; k++) {
            held.put("n" + k, 0L);
        }
        waits = new Waits(this::holders, this::view, loop.eventLoop());
    }

    private View.Holders holders(Range records) {
        looks++;
        return new View.Holders(
                false,
                held.keySet().stream()
                        .map(name -> new View.Holder(register(name), lacks(name, records), 0))
                        .toList());
    }

    private long lacks(String name, Range records) {
        return Intervals.of(records.from(), records.to())
                .minus(Intervals.of(1, held.get(name)))
                .count();
    }

    private Register register(String name) {
        Register.State state = joining.contains(name) ? Register.State.JOINING : Register.State.ACTIVE;
        return new Register(name, 1, 1, state, DiskId.NONE, List.of(), 1, 1, "", List.of(), List.of());
    }

    private View view() {
        List<View.Member> members = held.keySet().stream()
                .map(name -> new View.Member(register(name), View.Liveness.LINKED, 0))
                .toList();
        Settings settings = Settings.of("n1", "test", List.of(), false, "1.0");
        return new View(
                settings,
                true,
                OWN,
                DiskId.NONE,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                members,
                Optional.empty(),
                0,
                0,
                true);
    }

    private final class Teller implements Waits.Sender {
        @Override
        public void settled(Range records, Outcome outcome) {
            String missing = String.join(
                    ",",
                    outcome.holders().stream()
                            .filter(each -> !each.holds())
                            .map(each -> each.register().name())
                            .toList());
            told.add(records.from() + (outcome.reached() ? " held" : " not at " + missing));
        }

        @Override
        public void refused(String why) {
            told.add(why);
        }
    }

    private Waits.Waiting enter(Quorum quorum, Duration within) {
        assertThat(waits.refusal(quorum)).isEmpty();
        return waits.enter(quorum, within, 1, new Teller());
    }

    private Waits.Waiting begin(Quorum quorum, Duration within, long sequence) {
        Waits.Waiting waiting = enter(quorum, within);
        held.put("n1", sequence);
        waiting.acknowledged(OWN, sequence);
        return waiting;
    }

    private void hold(long upTo, String... members) {
        for (String each : members) {
            held.put(each, upTo);
        }
        waits.stir();
        loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
    }

    @Test
    void aBroadcastIsAnsweredOnceItsQuorumHoldsIt() {
        begin(Quorum.of(2), HOUR, 1);
        begin(Quorum.MAJORITY, HOUR, 1);
        begin(Quorum.ALL, HOUR, 1);
        assertThat(waits.size()).isEqualTo(3);
        assertThat(told).isEmpty();
        hold(1, "n2");
        assertThat(told).hasSize(1);
        hold(1, "n3");
        assertThat(told).hasSize(2);
        hold(1, "n4");
        assertThat(told).hasSize(2);
        hold(1, "n5");
        assertThat(told).containsOnly("1 held").hasSize(3);
        assertThat(waits.size()).isZero();
    }

    @Test
    void aQuorumThatHoldsItAlreadyIsNotWaitedFor() {
        begin(Quorum.of(1), HOUR, 1);
        begin(Quorum.LOCAL, HOUR, 2);
        assertThat(told).containsExactly("1 held", "2 held");
    }

    @Test
    void manyAreAnsweredInTheOrderOfTheirRecords() {
        for (int k = 1; k <= 500; k++) {
            begin(Quorum.ALL, HOUR, k);
        }
        hold(200, "n2", "n3", "n4", "n5");
        assertThat(told).hasSize(200);
        hold(500, "n2", "n3", "n4", "n5");
        assertThat(told).hasSize(500).isSortedAccordingTo((a, b) -> sequence(a) - sequence(b));
    }

    private static int sequence(String answer) {
        return Integer.parseInt(answer.split(" ")[0]);
    }

    @Test
    void whileNobodyWaitsNobodyLooks() {
        hold(5, "n2");
        begin(Quorum.of(1), HOUR, 1);
        looks = 0;
        hold(6, "n2", "n3");
        assertThat(looks).isZero();
    }

    @Test
    void howeverMuchHappensThereIsOneLookInAMillisecondAndAtOneBroadcastOfEachQuorum() {
        for (int k = 1; k <= 100; k++) {
            begin(Quorum.ALL, HOUR, k);
            begin(Quorum.MAJORITY, HOUR, k);
        }
        looks = 0;
        for (int k = 0; k < 1_000; k++) {
            waits.stir();
        }
        loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void whenTheTimeIsOverItIsSaidWhoLacksIt() {
        Waits.Waiting waiting = enter(Quorum.ALL, Duration.ofNanos(1));
        held.put("n3", 1L);
        held.put("n1", 1L);
        waiting.acknowledged(OWN, 1);
        loop.runScheduledPendingTasks();
        assertThat(told).containsExactly("1 not at n2,n4,n5");
        hold(1, "n2", "n4", "n5");
        assertThat(told).as("answered once").hasSize(1);
        assertThat(waits.size()).isZero();
    }

    @Test
    void theOneBehindAnExpiredOneIsStillWaitedFor() {
        begin(Quorum.ALL, Duration.ofNanos(1), 1);
        begin(Quorum.ALL, HOUR, 2);
        loop.runScheduledPendingTasks();
        assertThat(told).containsExactly("1 not at n2,n3,n4,n5");
        hold(2, "n2", "n3", "n4", "n5");
        assertThat(told).hasSize(2).endsWith("2 held");
    }

    @Test
    void aMemberThatIsGoneMeanwhileCountsNoMoreAndOneThatBecameActiveDoes() {
        joining.add("n5");
        begin(Quorum.ALL, HOUR, 1);
        joining.clear();
        hold(1, "n2", "n3", "n4");
        assertThat(told).as("n5 became active").isEmpty();
        held.remove("n5");
        hold(1);
        assertThat(told).containsExactly("1 held");
    }

    @Test
    void whoLeftIsToldNothing() {
        Waits.Waiting early = enter(Quorum.ALL, HOUR);
        Waits.Waiting waiting = begin(Quorum.ALL, HOUR, 1);
        early.leave();
        waiting.leave();
        waiting.leave();
        assertThat(waits.size()).isZero();
        early.acknowledged(OWN, 2);
        hold(2, "n2", "n3", "n4", "n5");
        assertThat(told).isEmpty();
    }

    @Test
    void whatTheNodeRefusesIsRefused() {
        enter(Quorum.ALL, HOUR).refused("the log is full");
        assertThat(told).containsExactly("the log is full");
        assertThat(waits.size()).isZero();
    }

    @Test
    void moreMembersThanThereAreCannotBeWaitedFor() {
        joining.add("n4");
        assertThat(waits.refusal(Quorum.of(4))).isEmpty();
        assertThat(waits.refusal(Quorum.of(5))).contains("it cannot wait for 5 members: 4 are active");
        held.keySet().removeAll(List.of("n2", "n3", "n5"));
        assertThat(waits.refusal(Quorum.of(2))).contains("it cannot wait for 2 members: 1 is active");
        joining.add("n1");
        assertThat(waits.refusal(Quorum.of(2))).as("nobody is active yet").isEmpty();
    }

    @Test
    void whereNobodyIsActiveYetNobodyHoldsEnough() {
        joining.addAll(held.keySet());
        begin(Quorum.ALL, HOUR, 1);
        begin(Quorum.MAJORITY, HOUR, 1);
        hold(1, "n2", "n3", "n4", "n5");
        assertThat(told).isEmpty();
        joining.clear();
        hold(1);
        assertThat(told).containsExactly("1 held", "1 held");
    }

    @Test
    void oneMoreThanMayWaitIsRefusedWithTheLimit() {
        for (int k = 1; k < Waits.MOST; k++) {
            begin(Quorum.ALL, HOUR, k);
        }
        Waits.Waiting last = enter(Quorum.MAJORITY, HOUR);
        assertThat(waits.refusal(Quorum.ALL))
                .contains("4096 broadcasts wait for members to hold them already, which is the limit here");
        assertThat(waits.refusal(Quorum.LOCAL)).isEmpty();
        last.leave();
        assertThat(waits.refusal(Quorum.ALL)).isEmpty();
    }

    @Test
    void atTheEndAllAreAnswered() {
        begin(Quorum.ALL, HOUR, 1);
        begin(Quorum.of(4), HOUR, 2);
        waits.close();
        assertThat(told).containsExactlyInAnyOrder("1 not at n2,n3,n4,n5", "2 not at n2,n3,n4,n5");
    }
}
