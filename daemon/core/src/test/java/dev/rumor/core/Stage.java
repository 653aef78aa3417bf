package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// Several nodes in virtual time with a perfect network and disk between them, for tests: one queue ordered by
/// (instant, sequence), links of one latency, a store per disk. Faults are what a test does to it: cut, kill, clog.
final class Stage {

    static final long MILLI = 1_000_000;
    private static final Consumer<String> SILENCE = line -> {};
    static final long WALL_MILLIS = 36L * 36 * 36 * 36;

    private record Cue(long at, long sequence, Runnable action) {}

    /// One node with its host.
    final class Actor {
        final String name;
        final Settings settings;
        Node node;
        boolean up;
        int life;
        Disk disk = new Disk();
        LongSupplier diskDelay = Stage.this.diskDelay;
        private long idleAt;
        long alarm = Long.MAX_VALUE;
        final Map<Long, Wire> wires = new LinkedHashMap<>();
        final Map<String, Integer> left = new HashMap<>();
        final List<Range> delivered = new ArrayList<>();
        final List<Range> waived = new ArrayList<>();
        final List<Effect> answers = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        String stopped;

        Actor(Settings settings) {
            this.name = settings.name();
            this.settings = settings;
        }

        View view() {
            return node.view(now);
        }

        void feed(Event event) {
            if (!up) {
                return;
            }
            List<Effect> effects = node.handle(event, now);
            trace.accept(event, effects);
            if (transcript != SILENCE) {
                transcript.accept(Transcript.line(Stage.this, this, event, effects));
            }
            effects.forEach(this::perform);
        }

        private void later(long nanos, Event event) {
            int born = life;
            at(now + nanos, () -> {
                if (life == born) {
                    feed(event);
                }
            });
        }

        private void perform(Effect effect) {
            switch (effect) {
                case Effect.OpenEpoch open -> {
                    disk.force(disk.open(open));
                    later(0, new Event.EpochOpened());
                }
                case Effect.Ready ready -> {}
                case Effect.Stop stop -> {
                    stopped = stop.why();
                    end(this);
                }
                case Effect.WakeAt wake -> wakeAt(wake.now());
                case Effect.Warn warn -> warnings.add(warn.why());
                case Effect.Send send -> send.links().forEach(id -> transmit(id, send.message()));
                case Effect.Admit admit -> {}
                case Effect.Hangup hangup -> close(wires.get(hangup.link()), 0);
                case Effect.Reach reach -> reach(this, reach.name());
                case Effect.Leave leave -> left.merge(leave.name(), 1, Integer::sum);
                case Effect.Append append -> keep(append.run());
                case Effect.AppendOwn own -> keep(Disk.run(own));
                case Effect.SendRange send -> send.links().forEach(id -> sendRange(id, send));
                case Effect.Trim trim -> {
                    Event trimmed = disk.trim(trim, WALL_MILLIS + now / MILLI);
                    force(disk.asked(), () -> feed(trimmed));
                }
                case Effect.RememberRegister remember -> force(disk.remember(remember.register()), () -> {});
                case Effect.RememberMarks remember -> force(disk.remember(remember.marks()), () -> {});
                case Effect.Acknowledge done -> answers.add(done);
                case Effect.Refuse refuse -> answers.add(refuse);
                case Effect.Grant grant -> {
                    answers.add(grant);
                    if (!disk.roster.get(name).isMember()) {
                        end(this);
                    }
                }
                case Effect.Deliver deliver -> delivered.add(deliver.range());
                case Effect.Waive waive -> {
                    waived.add(waive.range());
                    force(disk.waive(waive.range(), waive.tag()), () -> feed(appended(waive.range())));
                }
            }
        }

        private void keep(Run run) {
            force(disk.keep(run), () -> feed(appended(run.range())));
        }

        private static Event appended(Range range) {
            return new Event.Appended(range.stream(), range.from(), range.to());
        }

        /// One write is forced after the other.
        private void force(int writes, Runnable then) {
            int born = life;
            Disk place = disk;
            idleAt = Math.max(idleAt, now + diskDelay.getAsLong());
            at(idleAt, () -> {
                if (life == born) {
                    place.force(writes);
                    then.run();
                }
            });
        }

        private void sendRange(long id, Effect.SendRange send) {
            Range range = send.range();
            for (Range bad : disk.findDamage(range)) {
                later(0, new Event.Damaged(bad.stream(), bad.from(), bad.to()));
            }
            List<Run> runs = disk.read(range, send.maxBytes());
            if (runs.isEmpty()) {
                Intervals there = disk.readable(range.stream()).and(Intervals.of(range.from(), range.to()));
                long to = there.isEmpty() ? range.to() : there.from(0) - 1;
                later(0, new Event.Unreadable(id, range.stream(), range.from(), to));
                return;
            }
            transmit(id, new Message.Runs(runs));
            later(0, new Event.Sent(id, range.stream(), runs.getLast().last()));
        }

        private void transmit(long id, Message message) {
            Wire wire = wires.get(id);
            if (wire == null) {
                return;
            }
            wire.sent.add(message);
            Actor other = wire.other(this);
            if (message instanceof Message.Runs runs) {
                runs.runs().forEach(run -> wire.count(other, run));
            }
            at(now + latencyNanos, () -> {
                if (!wire.closed && !wire.cut) {
                    other.feed(new Event.Heard(wire.id, message));
                }
            });
        }

        private void wakeAt(long instant) {
            alarm = instant;
            int born = life;
            at(Math.max(instant, now), () -> {
                if (life == born && alarm == instant) {
                    alarm = Long.MAX_VALUE;
                    feed(new Event.Woke());
                }
            });
        }
    }

    /// A connection between two actors; both know it by the same number.
    static final class Wire {
        final long id;
        final Actor dialler;
        final Actor acceptor;
        final List<Message> sent = new ArrayList<>();
        final Map<String, Integer> copies = new HashMap<>();
        boolean closed;
        boolean cut;

        Wire(long id, Actor dialler, Actor acceptor) {
            this.id = id;
            this.dialler = dialler;
            this.acceptor = acceptor;
        }

        Actor other(Actor side) {
            return side == dialler ? acceptor : dialler;
        }

        void count(Actor to, Run run) {
            for (long k = run.first(); k <= run.last(); k++) {
                copies.merge(to.name + " " + run.stream().id(k), 1, Integer::sum);
            }
        }
    }

    final Map<String, Actor> actors = new LinkedHashMap<>();
    final List<Wire> wires = new ArrayList<>();
    long latencyNanos = MILLI;
    LongSupplier diskDelay = () -> MILLI / 10;

    /// Whether what was not forced may be lost at a kill.
    boolean tears;
    boolean dials = true;
    BiPredicate<String, String> parts = (from, to) -> false;
    Consumer<String> transcript = SILENCE;
    BiConsumer<Event, List<Effect>> trace = (event, effects) -> {};
    UnaryOperator<Settings> configure = settings -> settings;
    private final PriorityQueue<Cue> cues =
            new PriorityQueue<>(Comparator.comparingLong(Cue::at).thenComparingLong(Cue::sequence));
    private final SplittableRandom dice;
    private final SplittableRandom disks;
    private long sequence;
    private long nextWire = 1;
    private long nextTicket = 1;
    long now;

    Stage(long seed) {
        dice = new SplittableRandom(seed);
        disks = new SplittableRandom(~seed);
    }

    void at(long instant, Runnable action) {
        cues.add(new Cue(instant, sequence++, action));
    }

    /// A node that has not started yet.
    Actor add(String name, boolean seeded) {
        Actor actor = new Actor(configure.apply(Settings.of(name, "test", List.of(name + ":7400"), seeded, "1.0")));
        actors.put(name, actor);
        return actor;
    }

    /// Starts a node, again if it ran before; `seeds` are dialled until they answer.
    Actor start(String name, String... seeds) {
        Actor actor = actors.containsKey(name) ? actors.get(name) : add(name, seeds.length > 0);
        actor.node = new Node(actor.settings, dice.split());
        actor.up = true;
        actor.life++;
        actor.stopped = null;
        actor.feed(actor.disk.recovered(WALL_MILLIS + now / MILLI));
        for (String seed : seeds) {
            reach(actor, seed);
        }
        return actor;
    }

    /// kill -9: the others see their links close.
    void kill(String name) {
        kill(actors.get(name));
    }

    /// It ends by itself, and so closes its disk in good order.
    private void end(Actor actor) {
        actor.disk.force(actor.disk.asked());
        kill(actor);
    }

    private void kill(Actor actor) {
        actor.up = false;
        actor.life++;
        actor.idleAt = now;
        if (tears) {
            Disk disk = actor.disk;
            actor.disk = disk.copy(disk.forced() + disks.nextInt(disk.writes() - disk.forced() + 1));
        }
        List.copyOf(actor.wires.values()).forEach(wire -> close(wire, 0));
    }

    private void reach(Actor from, String name) {
        reach(from, name, from.left.getOrDefault(name, 0));
    }

    private void reach(Actor from, String name, int left) {
        int born = from.life;
        at(now, () -> {
            if (from.life != born || !from.up || !dials || from.left.getOrDefault(name, 0) > left) {
                return;
            }
            boolean linked = from.wires.values().stream()
                    .anyMatch(wire -> wire.other(from).name.equals(name));
            if (!linked && !parts.test(from.name, name) && actors.containsKey(name) && actors.get(name).up) {
                dial(from.name, name);
            }
            at(now + 200 * MILLI, () -> {
                if (from.life == born) {
                    reach(from, name, left);
                }
            });
        });
    }

    /// Another process of a name that is taken, which dials only when it is told to.
    Actor twin(String name, Disk disk) {
        Actor twin = new Actor(actors.get(name).settings);
        twin.disk = disk;
        twin.node = new Node(twin.settings, dice.split());
        twin.up = true;
        twin.feed(twin.disk.recovered(WALL_MILLIS + now / MILLI));
        return twin;
    }

    Wire dial(String from, String to) {
        return dial(actors.get(from), actors.get(to));
    }

    Wire dial(Actor from, Actor to) {
        Wire wire = new Wire(nextWire++, from, to);
        wires.add(wire);
        wire.dialler.wires.put(wire.id, wire);
        wire.acceptor.wires.put(wire.id, wire);
        wire.dialler.feed(new Event.Connected(wire.id, true));
        wire.acceptor.feed(new Event.Connected(wire.id, false));
        return wire;
    }

    /// The wire closes: each side that does not hang up itself sees it go after the latency, behind what was sent.
    void close(Wire wire, long nanos) {
        if (wire == null) {
            return;
        }
        at(now + nanos + latencyNanos, () -> {
            if (!wire.closed) {
                wire.closed = true;
                for (Actor side : List.of(wire.dialler, wire.acceptor)) {
                    if (side.wires.remove(wire.id) != null) {
                        side.feed(new Event.Disconnected(wire.id));
                    }
                }
            }
        });
    }

    /// Dials again what was not dialled while `dials` was off.
    void redial() {
        dials = true;
        for (Actor actor : actors.values()) {
            actors.keySet().stream().filter(name -> !name.equals(actor.name)).forEach(name -> reach(actor, name));
        }
    }

    /// The present wire between two actors.
    Wire between(String a, String b) {
        return actors.get(a).wires.values().stream()
                .filter(wire -> wire.other(actors.get(a)).name.equals(b))
                .findFirst()
                .orElseThrow();
    }

    long broadcast(String name, int records, int bytesEach) {
        long ticket = nextTicket++;
        Run.Draft draft = new Run.Draft(Collections.nCopies(records, new byte[bytesEach]));
        actors.get(name).feed(new Event.Offered(ticket, draft, WALL_MILLIS + now / MILLI));
        return ticket;
    }

    /// Asks a node to leave; when that is granted, its process is gone.
    long leave(String name, long withinMillis) {
        actors.get(name).feed(new Event.LeaveAsked(nextTicket, Duration.ofMillis(withinMillis)));
        return nextTicket++;
    }

    long evict(String by, String name, boolean force) {
        actors.get(by).feed(new Event.EvictAsked(nextTicket, name, force));
        return nextTicket++;
    }

    void run(long millis) {
        long until = now + millis * MILLI;
        while (!cues.isEmpty() && cues.peek().at <= until) {
            Cue cue = cues.remove();
            now = Math.max(now, cue.at);
            cue.action.run();
        }
        now = until;
    }
}
