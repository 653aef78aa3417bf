package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// One node without a world: the test says what it hears, and sees what it wants. Its disk is at once.
final class Lone {

    static final long WALL_MILLIS = 1_000_000;

    final Settings settings;
    final Node node;
    final List<Effect> all = new ArrayList<>();
    long now;
    private long nextNonce = 100;

    Lone(Settings settings, long seed) {
        this.settings = settings;
        this.node = new Node(settings, new SplittableRandom(seed));
    }

    /// A node of cluster `test` that knows nobody and is open.
    static Lone open(String name) {
        return open(settings(name));
    }

    static Lone open(Settings settings) {
        Lone lone = new Lone(settings, 1);
        lone.feed(Event.Recovered.nothing(WALL_MILLIS));
        return lone;
    }

    static Settings settings(String name) {
        return Settings.of(name, "test", List.of(name + ":7400"), false, "1.0");
    }

    /// What follows from the event at once; epochs and own appends are durable in the same moment.
    List<Effect> feed(Event event) {
        List<Effect> effects = new ArrayList<>(node.handle(event, now));
        all.addAll(effects);
        for (Effect effect : List.copyOf(effects)) {
            switch (effect) {
                case Effect.OpenEpoch open -> effects.addAll(feed(new Event.EpochOpened()));
                case Effect.Append append ->
                    effects.addAll(feed(appended(append.run().range())));
                case Effect.Waive waive -> effects.addAll(feed(appended(waive.range())));
                case Effect.AppendOwn own -> {
                    int count = own.drafts().stream().mapToInt(Run.Draft::count).sum();
                    effects.addAll(feed(new Event.Appended(own.stream(), own.first(), own.first() + count - 1)));
                }
                default -> {}
            }
        }
        return effects;
    }

    private static Event appended(Stream.Range range) {
        return new Event.Appended(range.stream(), range.from(), range.to());
    }

    List<Effect> hear(long link, Message message) {
        return feed(new Event.Heard(link, message));
    }

    List<Effect> later(long millis) {
        now += millis * Stage.MILLI;
        return feed(new Event.Woke());
    }

    List<Effect> offer(int bytes) {
        Run.Draft draft = new Run.Draft(List.of(new byte[bytes]));
        return feed(new Event.Offered(now, draft, WALL_MILLIS + now / Stage.MILLI));
    }

    /// A connection that a peer opened, on which it said hello.
    List<Effect> meet(long link, Message.Hello hello) {
        feed(new Event.Connected(link, false));
        return hear(link, hello);
    }

    /// An established process, met for the first time.
    Message.Hello hello(String name) {
        return hello(name, WALL_MILLIS, true);
    }

    Message.Hello hello(String name, long epoch, boolean established) {
        long nonce = nextNonce++;
        return new Message.Hello("test", 1, 1, name, epoch, 7, nonce, new DiskId(1, nonce), established, "1.0");
    }

    static Message.Registers active(Message.Hello hello) {
        return new Message.Registers(List.of(new Register(
                hello.name(),
                hello.epoch(),
                1,
                Register.State.ACTIVE,
                hello.disk(),
                List.of(),
                1,
                1,
                "1.0",
                List.of(),
                List.of())));
    }

    static Run run(String origin, long epoch, int tag, long first, int count, int bytesEach) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, bytesEach);
        return new Run(new Stream(origin, epoch), tag, first, 1, lengths, new int[count], new byte[count * bytesEach]);
    }

    View view() {
        return node.view(now);
    }

    boolean isLinked(String name) {
        return view().members().stream()
                .anyMatch(each -> each.register().name().equals(name) && each.liveness() == View.Liveness.LINKED);
    }

    /// What was said on this link among these effects.
    static List<Message> said(List<Effect> effects, long link) {
        List<Message> said = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send && send.links().contains(link)) {
                said.add(send.message());
            }
        }
        return said;
    }

    static <E> List<E> only(List<?> from, Class<E> kind) {
        return from.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
