package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Message.Refusal.Reason;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Whatever a peer or a client sends, as long as the codec lets it through: the node does not throw, does not stop
/// being of use, and keeps what it must remember within bounds.
class HostileTest {

    private static final int SEEDS = 150;
    private static final int EVENTS = 400;
    private static final long LAST = Long.MAX_VALUE - 1;

    private SplittableRandom dice;
    private Lone node;
    private long connected;

    @Test
    void nothing_a_peer_or_client_sends_makes_a_node_throw() {
        int survived = 0;
        Set<Class<?>> reached = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            dice = new SplittableRandom(seed);
            node = Lone.open(Lone.settings("n1").withLimits(1 << 20, 2_000, 8_000));
            List<Event> fed = new ArrayList<>();
            for (int k = 0; k < EVENTS; k++) {
                Event event = event();
                fed.add(event);
                node.now += dice.nextLong(50 * Stage.MILLI);
                assertThatCode(() -> node.feed(event))
                        .as("seed %s, event %s: %s", seed, k, event)
                        .doesNotThrowAnyException();
                assertThatCode(node::view).doesNotThrowAnyException();
            }
            node.all.forEach(effect -> reached.add(
                    effect instanceof Effect.Send send ? send.message().getClass() : effect.getClass()));
            survived += Lone.only(node.all, Effect.Stop.class).isEmpty() ? 1 : 0;
        }
        assertThat(survived)
                .as("seeds in which the node was not told of a later process")
                .isPositive();
        assertThat(reached)
                .as("the loop goes deep")
                .contains(
                        Effect.Append.class,
                        Effect.SendRange.class,
                        Effect.Waive.class,
                        Effect.Warn.class,
                        Effect.Refuse.class,
                        Effect.RememberMarks.class,
                        Effect.Trim.class,
                        Message.Pull.class,
                        Message.Served.class,
                        Message.Claims.class);
    }

    private <T> T any(List<Supplier<T>> choices) {
        return choices.get(dice.nextInt(choices.size())).get();
    }

    private Event event() {
        long link = Math.max(1, connected - dice.nextInt(6));
        return switch (dice.nextInt(24)) {
            case 0 -> new Event.Connected(++connected, dice.nextBoolean());
            case 1 -> dice.nextInt(4) == 0 ? new Event.Disconnected(link) : new Event.Clogged(link);
            case 2 -> new Event.Drained(link);
            case 3 -> new Event.Offered(1, new Run.Draft(List.of(new byte[dice.nextInt(900)])), wall());
            case 4 -> new Event.Woke();
            case 5 -> new Event.Sent(link, stream(), sequence());
            case 6 -> {
                Range range = range();
                yield new Event.Unreadable(link, range.stream(), range.from(), range.to());
            }
            case 7 -> new Event.Heard(connected, hello());
            case 8 -> new Event.Heard(link, hello());
            case 9 -> deny();
            default -> new Event.Heard(link, message());
        };
    }

    /// Whoever was last asked for something has nothing of it.
    private Event deny() {
        for (Effect effect : node.all.reversed()) {
            if (effect instanceof Effect.Send send && send.message() instanceof Message.Pull pull) {
                return new Event.Heard(send.links().getFirst(), new Message.Served(pull.wants(), true));
            }
        }
        return new Event.Woke();
    }

    private long wall() {
        return dice.nextInt(10) == 0 ? any(List.of(() -> 0L, () -> LAST)) : Lone.WALL_MILLIS;
    }

    private String name() {
        return "n" + (dice.nextInt(100) == 0 ? 1 : 2 + dice.nextInt(2));
    }

    private long epoch() {
        return switch (dice.nextInt(12)) {
            case 0 -> dice.nextInt(9) == 0 ? Long.MAX_VALUE : 3;
            case 1 -> node.view().stream().epoch();
            case 2 -> node.view().stream().epoch() - 1;
            default -> 1 + dice.nextInt(2);
        };
    }

    private long sequence() {
        return dice.nextInt(6) == 0 ? LAST - dice.nextInt(3) : 1 + dice.nextInt(20);
    }

    private Stream stream() {
        return dice.nextInt(4) == 0 ? node.view().stream() : new Stream(name(), epoch());
    }

    private Range range() {
        long from = sequence();
        long to = Math.max(from, sequence());
        return new Range(stream(), from, to);
    }

    private Intervals held() {
        Intervals held = Intervals.NONE;
        for (int k = dice.nextInt(4); k > 0; k--) {
            Range range = range();
            held = held.plus(range.from(), range.to());
        }
        return held;
    }

    private DiskId disk() {
        return new DiskId(0, dice.nextInt(3));
    }

    private <T> List<T> several(Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int k = dice.nextInt(4); k > 0; k--) {
            list.add(one.get());
        }
        return List.copyOf(list);
    }

    private Message.Hello hello() {
        int tag = dice.nextInt(2);
        return new Message.Hello("test", 1, 1, name(), epoch(), tag, dice.nextInt(6), disk(), dice.nextInt(4) > 0, "?");
    }

    private Claim claim() {
        return new Claim(stream(), dice.nextInt(2), held());
    }

    private Run run() {
        int count = 1 + dice.nextInt(3);
        Stream stream = stream();
        long first = dice.nextInt(6) == 0 ? Long.MAX_VALUE - count - 1 : sequence();
        first = Math.min(first, Long.MAX_VALUE - count - 1);
        return Lone.run(stream.origin(), stream.epoch(), dice.nextInt(2), first, count, dice.nextInt(500));
    }

    private Register register() {
        return new Register(
                name(),
                epoch(),
                1 + dice.nextInt(3),
                Register.State.values()[dice.nextInt(4)],
                disk(),
                List.of("x:1"),
                1,
                1,
                "?",
                several(() -> new Register.End(epoch(), dice.nextBoolean() ? Register.End.UNKNOWN : sequence())),
                several(this::disk));
    }

    private long time() {
        return dice.nextInt(4) == 0 ? Long.MAX_VALUE - dice.nextInt(2) : dice.nextInt(1_000_000_000);
    }

    private Message.Echo echo() {
        return new Message.Echo(name(), dice.nextBoolean() ? time() : -time(), time());
    }

    private Digest digest() {
        return new Digest(dice.nextLong(), dice.nextLong());
    }

    private Message.Witness witness() {
        return new Message.Witness(name(), epoch(), disk());
    }

    private Message message() {
        if (dice.nextInt(80) == 0) {
            return new Message.Refusal(Reason.values()[dice.nextInt(Reason.values().length)], "no", name());
        }
        return any(List.of(
                () -> new Message.NameQuery("test", 1, dice.nextInt(3), name(), disk()),
                () -> new Message.NameReply(epoch(), several(this::claim), dice.nextBoolean()),
                Message.Ping::new,
                Message.Pong::new,
                () -> new Message.Registers(several(this::register)),
                () -> new Message.Round(new Digest(dice.nextLong(), 1), Digest.ZERO),
                () -> new Message.Sections(several(this::digest), several(this::digest), dice.nextBoolean()),
                Message.Agreement::new,
                () -> new Message.Claims(
                        several(this::claim),
                        several(() -> new Mark(name(), epoch(), dice.nextLong())),
                        dice.nextBoolean(),
                        dice.nextBoolean()),
                () -> new Message.Pull(several(this::range), dice.nextBoolean()),
                () -> new Message.Runs(several(this::run)),
                () -> new Message.Served(several(this::range), dice.nextBoolean()),
                () -> new Message.Stamp(
                        epoch(), dice.nextInt(2), disk(), name(), time(), time(), time(), several(this::echo)),
                () -> new Message.Confirmed(several(this::witness), several(this::claim))));
    }

    // --- bounds

    @Test
    void passers_by_leave_nothing_behind() {
        node = Lone.open("n1");
        for (int k = 0; k < 5_000; k++) {
            node.meet(k, node.hello("passer-by-" + k));
            node.hear(
                    k,
                    new Message.Claims(
                            List.of(new Claim(new Stream("x", 1), 1, Intervals.of(1, 9))), List.of(), true, false));
            node.feed(new Event.Disconnected(k));
        }
        node.later(60_000);
        assertThat(node.node)
                .extracting("receipts.holdings.holders")
                .asInstanceOf(MAP)
                .hasSizeLessThan(5);
        assertThat(node.node).extracting("overlay.heardAt").asInstanceOf(MAP).hasSizeLessThan(5);
        assertThat(node.node).extracting("repair.gaps").asInstanceOf(MAP).hasSizeLessThan(5);
    }

    @Test
    void the_roster_takes_up_no_more_names_than_it_may() {
        node = Lone.open("n1");
        node.meet(1, node.hello("n2"));
        for (int k = 0; k < 2 * Roster.MAX_MEMBERS; k++) {
            node.hear(1, Lone.active(node.hello("made-up-" + k)));
        }
        assertThat(node.view().members()).hasSize(Roster.MAX_MEMBERS);
    }
}
