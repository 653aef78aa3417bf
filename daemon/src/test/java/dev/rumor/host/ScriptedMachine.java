package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A machine that answers events as a test says, and remembers them.
public final class ScriptedMachine implements Machine {

    /// What is done at an event, by the time of that event.
    @FunctionalInterface
    public interface Script {
        List<Effect> at(Event event, long now);
    }

    private final Script script;
    private final List<Event> events = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    public ScriptedMachine(Script script) {
        this.script = script;
    }

    public static ScriptedMachine of(Function<Event, List<Effect>> script) {
        return new ScriptedMachine((event, now) -> script.apply(event));
    }

    @Override
    public synchronized List<Effect> handle(Event event, long now) {
        events.add(event);
        times.add(now);
        return script.at(event, now);
    }

    /// Of a node that is alone and holds nothing.
    @Override
    public View view(long now) {
        return new View(
                Settings.of("n1", "default", List.of(), false, ""),
                true,
                new dev.rumor.core.stream.Stream("n1", 1),
                DiskId.NONE,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                0,
                0,
                true);
    }

    @Override
    public View.Holders holders(Range range, long now) {
        return new View.Holders(false, List.of());
    }

    @Override
    public Intervals absent(dev.rumor.core.stream.Stream stream) {
        return Intervals.NONE;
    }

    @Override
    public long mark(String origin) {
        return 0;
    }

    @Override
    public boolean isLevel() {
        return true;
    }

    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /// When each of [#events] came.
    public synchronized List<Long> times() {
        return List.copyOf(times);
    }

    public <E extends Event> List<E> events(Class<E> kind) {
        return events().stream()
                .flatMap(each -> kind.isInstance(each) ? Stream.of(kind.cast(each)) : Stream.empty())
                .toList();
    }
}
