package dev.rumor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What a host owes its node besides where links come and go.
public abstract class LinkedHostContract extends HostContract {

    @Test
    void bothEndsHearOfALinkAndOneOfThemOpenedIt() throws Exception {
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(this::admit);
        begin(other, begin(one));
        await().until(() -> isLinked(one) && isLinked(other));
        assertThat(one.events(Event.Connected.class).getFirst().dialled()).isFalse();
        assertThat(other.events(Event.Connected.class).getFirst().dialled()).isTrue();
    }

    @Test
    void aPeerThatIsLostIsReported() throws Exception {
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        ScriptedMachine other = ScriptedMachine.of(this::admit);
        Host going = begin(other, begin(one));
        await().until(() -> isLinked(one));
        going.stop();
        await().until(() -> !one.events(Event.Disconnected.class).isEmpty());
        assertThatLinksComeAndGoOnce(other);
    }

    @Test
    void aLinkThatIsHungUpEndsAtBothEndsAfterWhatWasSaidBefore() throws Exception {
        ScriptedMachine one = ScriptedMachine.of(this::admit);
        AtomicBoolean done = new AtomicBoolean();
        ScriptedMachine other = ScriptedMachine.of(event -> admitThen(
                event,
                link -> done.getAndSet(true)
                        ? List.of()
                        : List.of(
                                new Effect.Send(List.of(link), new Message.Agreement()),
                                new Effect.Hangup(link, "one", "the test is over"))));
        begin(other, begin(one));
        await().until(() -> !one.events(Event.Disconnected.class).isEmpty()
                && !other.events(Event.Disconnected.class).isEmpty());
        assertThat(heard(one, Message.Agreement.class)).isEqualTo(1);
        assertThat(one.events(Event.Disconnected.class).getFirst().link())
                .isEqualTo(one.events(Event.Connected.class).getFirst().link());
    }

    private static void assertThatLinksComeAndGoOnce(ScriptedMachine machine) {
        assertThat(machine.events(Event.Connected.class))
                .extracting(Event.Connected::link)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(machine.events(Event.Disconnected.class).stream()
                        .map(Event.Disconnected::link)
                        .toList());
    }
}
