package dev.rumor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.RunCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every host owes the node that it drives, whatever carries its messages. To what links owe besides, see
/// [LinkedHostContract].
public abstract class HostContract {

    private static final Stream OWN = new Stream("a", 1);
    private static final int TAG = 7;
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    private static final long SOON_NANOS = 20_000_000L;

    private final List<Host> started = new ArrayList<>();

    /// A host under test.
    protected interface Host {

        /// Lets the node say what is due, and returns when everything is closed.
        void stop();
    }

    /// Starts a host that can be found.
    protected abstract Host start(Machine machine) throws Exception;

    /// Starts a host that comes to have a link to `other`, opened by itself. (Where links stand from the first, the
    /// machines are told of one when there is somebody at its other end.)
    protected abstract Host start(Machine machine, Host other) throws Exception;

    @AfterEach
    void stopAll() {
        started.reversed().forEach(Host::stop);
    }

    @Test
    void theFirstEventSaysWhatTheStoreFound() throws Exception {
        ScriptedMachine machine = ScriptedMachine.of(event -> List.of());
        begin(machine);
        await().until(() -> !machine.events().isEmpty());
        assertThat(machine.events().getFirst()).isInstanceOf(Event.Recovered.class);
    }

    @Test
    void whatIsSentOnALinkArrivesInOrder() throws Exception {
        List<Message> said = LongStream.rangeClosed(1, 2_000)
                .mapToObj(k -> (Message) new Message.Pull(List.of(new Range(OWN, k, k)), false))
                .toList();
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(event -> admitThen(
                event,
                link -> said.stream()
                        .map(each -> (Effect) new Effect.Send(List.of(link), each))
                        .toList()));
        begin(other, begin(one));
        await().until(() -> one.events(Event.Heard.class).size() >= said.size());
        assertThat(one.events(Event.Heard.class))
                .extracting(Event.Heard::message)
                .containsExactlyElementsOf(said);
    }

    @Test
    void whatIsSentToSeveralLinksReachesEach() throws Exception {
        ScriptedMachine hub = ScriptedMachine.of(event -> List.of());
        List<Long> links = new ArrayList<>();
        ScriptedMachine speaker = ScriptedMachine.of(event -> {
            if (event instanceof Event.Connected connected) {
                links.add(connected.link());
                if (links.size() == 2) {
                    return List.of(new Effect.Send(List.copyOf(links), new Message.Agreement()));
                }
            }
            return List.of();
        });
        Host found = begin(speaker);
        ScriptedMachine second = ScriptedMachine.of(event -> List.of());
        begin(hub, found);
        begin(second, found);
        await().until(() -> heard(hub, Message.Agreement.class) == 1 && heard(second, Message.Agreement.class) == 1);
    }

    @Test
    void theAlarmRingsOnceAndNotEarly() throws Exception {
        List<Long> asked = new ArrayList<>();
        ScriptedMachine machine = new ScriptedMachine((event, now) -> {
            if (asked.size() == 5) {
                return List.of();
            }
            asked.add(now + SOON_NANOS);
            return List.of(new Effect.WakeAt(now + SOON_NANOS));
        });
        begin(machine);
        await().until(() -> machine.events(Event.Woke.class).size() == 5);
        List<Long> times = machine.times();
        for (int k = 0; k < asked.size(); k++) {
            assertThat(times.get(k + 1)).isGreaterThanOrEqualTo(asked.get(k));
        }
        assertThat(machine.events()).hasSize(6);
    }

    @Test
    void aNewAlarmReplacesTheOneBefore() throws Exception {
        ScriptedMachine machine = new ScriptedMachine((event, now) -> switch (event) {
            case Event.Recovered found ->
                List.of(
                        new Effect.WakeAt(now + SOON_NANOS),
                        new Effect.WakeAt(now + HOUR_NANOS),
                        new Effect.WakeAt(now + 2 * SOON_NANOS));
            default -> List.of();
        });
        begin(machine);
        await().until(() -> !machine.events(Event.Woke.class).isEmpty());
        assertThat(machine.times().getLast() - machine.times().getFirst()).isGreaterThanOrEqualTo(2 * SOON_NANOS);
        assertThat(machine.events(Event.Woke.class)).hasSize(1);
    }

    @Test
    void timeNeverGoesBack() throws Exception {
        ScriptedMachine machine = new ScriptedMachine((event, now) -> List.of(new Effect.WakeAt(now)));
        begin(machine);
        await().until(() -> machine.events().size() > 1_000);
        assertThat(machine.times()).isSorted();
    }

    @Test
    void whatIsAppendedIsReported() throws Exception {
        ScriptedMachine machine = ScriptedMachine.of(event -> switch (event) {
            case Event.Recovered found -> List.of(new Effect.OpenEpoch(new DiskId(1, 2), 1, TAG));
            case Event.EpochOpened opened -> List.of(append(1, 3), new Effect.Append(run(new Stream("b", 9), 1, 40)));
            default -> List.of();
        });
        begin(machine);
        await().until(() -> machine.events(Event.Appended.class).size() == 2);
        assertThat(machine.events(Event.Appended.class))
                .containsExactly(new Event.Appended(OWN, 1, 3), new Event.Appended(new Stream("b", 9), 1, 40));
    }

    @Test
    void storedRecordsAreSentAsTheyWereStored() throws Exception {
        Run stored = run(new Stream("b", 9), 1, 5_000);
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(event -> switch (event) {
            case Event.Recovered found -> List.of(new Effect.Append(stored));
            default -> admitThen(event, link -> List.of(new Effect.SendRange(List.of(link), stored.range(), 16 << 20)));
        });
        begin(other, begin(one));
        await().until(() -> !other.events(Event.Sent.class).isEmpty());
        await().until(() -> recordsHeard(one) == stored.count());
        assertThat(other.events(Event.Sent.class))
                .extracting(Event.Sent::stream, Event.Sent::upTo)
                .containsExactly(tuple(stored.stream(), stored.last()));
        long next = 1;
        for (Event.Heard heard : one.events(Event.Heard.class)) {
            for (Run run : ((Message.Runs) heard.message()).runs()) {
                assertThat(run.first()).isEqualTo(next);
                assertThat(run.checksum(0)).isEqualTo(stored.checksum((int) next - 1));
                next = run.last() + 1;
            }
        }
    }

    @Test
    void ofStoredRecordsNoMoreIsSentThanWasAskedForButOne() throws Exception {
        Run stored = run(new Stream("b", 9), 1, 1_000);
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(event -> switch (event) {
            case Event.Recovered found -> List.of(new Effect.Append(stored));
            default -> admitThen(event, link -> List.of(new Effect.SendRange(List.of(link), stored.range(), 1)));
        });
        begin(other, begin(one));
        await().until(() -> !other.events(Event.Sent.class).isEmpty());
        assertThat(other.events(Event.Sent.class).getFirst().upTo()).isEqualTo(1);
    }

    @Test
    void recordsThatAreNotStoredAreReported() throws Exception {
        Range missing = new Range(new Stream("b", 9), 3, 8);
        Run stored = run(missing.stream(), 7, 20);
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(event -> switch (event) {
            case Event.Recovered found -> List.of(new Effect.Append(stored));
            default -> admitThen(event, link -> List.of(new Effect.SendRange(List.of(link), missing, 1 << 20)));
        });
        begin(other, begin(one));
        await().until(() -> !other.events(Event.Unreadable.class).isEmpty());
        Event.Unreadable unreadable = other.events(Event.Unreadable.class).getFirst();
        assertThat(new Range(unreadable.stream(), unreadable.from(), unreadable.to()))
                .isEqualTo(new Range(missing.stream(), 3, 6));
    }

    @Test
    void aNodeThatIsStoppedHasTheLastWord() throws Exception {
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        List<Long> links = new ArrayList<>();
        ScriptedMachine other = ScriptedMachine.of(event -> switch (event) {
            case Event.Stopping stopping -> List.of(new Effect.Send(List.copyOf(links), new Message.Agreement()));
            default ->
                admitThen(event, link -> {
                    links.add(link);
                    return List.of();
                });
        });
        Host going = begin(other, begin(one));
        await().until(() -> isLinked(one) && isLinked(other));
        going.stop();
        await().until(() -> heard(one, Message.Agreement.class) == 1);
    }

    // --- what the tests share

    final Host begin(Machine machine) throws Exception {
        Host host = start(machine);
        started.add(host);
        return host;
    }

    final Host begin(Machine machine, Host other) throws Exception {
        Host host = start(machine, other);
        started.add(host);
        return host;
    }

    interface OnLink {
        List<Effect> at(long link);
    }

    List<Effect> admit(Event event) {
        return admitThen(event, link -> List.of());
    }

    static List<Effect> admitThen(Event event, OnLink then) {
        if (!(event instanceof Event.Connected connected)) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Admit(connected.link(), "peer-" + connected.link()));
        effects.addAll(then.at(connected.link()));
        return effects;
    }

    static boolean isLinked(ScriptedMachine machine) {
        return !machine.events(Event.Connected.class).isEmpty();
    }

    static long heard(ScriptedMachine machine, Class<? extends Message> kind) {
        return machine.events(Event.Heard.class).stream()
                .filter(each -> kind.isInstance(each.message()))
                .count();
    }

    private static long recordsHeard(ScriptedMachine machine) {
        return machine.events(Event.Heard.class).stream()
                .flatMap(each -> ((Message.Runs) each.message()).runs().stream())
                .mapToLong(Run::count)
                .sum();
    }

    private static Effect append(long first, int count) {
        return new Effect.AppendOwn(OWN, TAG, first, 1, List.of(draft(count)));
    }

    private static Run.Draft draft(int count) {
        return new Run.Draft(IntStream.range(0, count)
                .mapToObj(k -> ("record " + k).repeat(20).getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    private static Run run(Stream stream, long first, int count) {
        return RunCodec.encode(stream, TAG, first, 1, List.of(draft(count)));
    }
}
