package dev.rumor.simulator.network;

import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.simulator.network.Wire.Lane;
import dev.rumor.simulator.time.Agenda;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// All that lies between hosts. On a wire nothing is lost and nothing overtaken while it stands: what the network loses
/// comes later, and what is behind it waits. A wire ends with all that is under way on it. Where there are no wires,
/// each message fares as it may.
public final class Network {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// A wire that is silent is pinged this often, and given up after so many times.
    private static final long SILENCE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int MOST_SILENCES = 3;

    /// What waits on one lane is more than the transport takes above the first, and has drained below the second.
    private static final long HIGH_MARK_BYTES = 256 << 10;

    /// Stands in a lane for its end.
    private static final Object END = new Object();

    private final Agenda agenda;
    private final RandomGenerator dice;
    private final List<Wire> standing = new ArrayList<>();
    private final Map<Long, Long> slow = new HashMap<>();
    private final Map<Long, Long> stalled = new HashMap<>();
    private Weather weather;
    private Cut cut = Cut.NONE;
    private long wires;
    private long storm;

    public Network(Agenda agenda, RandomGenerator dice, Weather weather) {
        this.agenda = agenda;
        this.dice = dice;
        change(weather);
    }

    // --- what it is like

    public void change(Weather next) {
        weather = next;
        storm++;
        if (next.resetsPerSecond() > 0) {
            awaitReset(storm);
        }
    }

    private void awaitReset(long since) {
        long nanos = (long) (-StrictMath.log(1 - dice.nextDouble()) / weather.resetsPerSecond() * 1e9);
        agenda.after(nanos, () -> {
            if (since == storm) {
                if (!standing.isEmpty()) {
                    reset(standing.get(dice.nextInt(standing.size())));
                }
                awaitReset(since);
            }
        });
    }

    /// From now on, this is who does not hear whom. What waited for an earlier cut goes on where it may.
    public void cut(Cut next) {
        cut = next;
        for (Wire wire : List.copyOf(standing)) {
            resume(wire.out);
            resume(wire.back);
        }
    }

    public boolean passes(Endpoint from, Endpoint to) {
        return cut.passes(from.number(), to.number());
    }

    /// What `from` says to `to` is carried so slowly, on every wire between the two; 0 to lift it.
    public void slow(Endpoint from, Endpoint to, long bytesPerSecond) {
        slow.put(pair(from, to), bytesPerSecond);
        slow.values().removeIf(each -> each == 0);
    }

    /// What `from` says to `to` stands still for so long.
    public void stall(Endpoint from, Endpoint to, long nanos) {
        long until = agenda.now() + nanos;
        stalled.merge(pair(from, to), until, Math::max);
        agenda.at(until, () -> {
            if (stalled.getOrDefault(pair(from, to), 0L) <= agenda.now()) {
                stalled.remove(pair(from, to));
                standing.stream()
                        .filter(wire -> wire.other(from) == to && (wire.dialler() == from || wire.acceptor() == from))
                        .toList()
                        .forEach(wire -> resume(wire.from(from)));
            }
        });
    }

    private static long pair(Endpoint from, Endpoint to) {
        return (long) from.number() << 32 | to.number();
    }

    private boolean isOpen(Lane lane) {
        return passes(lane.from, lane.to) && (stalled.isEmpty() || !stalled.containsKey(pair(lane.from, lane.to)));
    }

    private long delay(Endpoint from, Endpoint to) {
        return weather.distance().between(from.number(), to.number()).nanos(dice);
    }

    /// How long what is lost takes until it gets through.
    private long resentNanos() {
        long nanos = 0;
        long wait = weather.retransmission().toNanos();
        for (double loss = weather.loss(); loss > 0 && dice.nextDouble() < loss; wait *= 2) {
            nanos += wait;
        }
        return nanos;
    }

    // --- wires

    /// The wires that a side still has, in no particular order.
    public List<Wire> wires() {
        return standing;
    }

    /// Ends with a wire at both sides, or with [Endpoint#unanswered].
    public void dial(Endpoint from, Endpoint to) {
        if (!passes(from, to) || !passes(to, from)) {
            agenda.after(CONNECT_TIMEOUT.toNanos(), () -> from.unanswered(to));
            return;
        }
        agenda.after(delay(from, to) + resentNanos(), () -> accept(from, to));
    }

    private void accept(Endpoint from, Endpoint to) {
        if (!to.isUp()) {
            agenda.after(delay(to, from), () -> from.unanswered(to));
            return;
        }
        Wire wire = new Wire(++wires, from, to);
        long stands = wire.back.arrival(agenda.now(), delay(to, from));
        wire.out.heardAt = agenda.now();
        wire.back.heardAt = stands;
        wire.out.attached = true;
        wire.back.attached = true;
        wire.place = standing.size();
        standing.add(wire);
        agenda.at(stands, () -> {
            if (wire.back.attached) {
                from.connected(wire, true);
                pulse(wire);
            } else {
                from.unanswered(to); // it broke before that was heard
            }
        });
        to.connected(wire, false);
    }

    private void pulse(Wire wire) {
        agenda.after(SILENCE_NANOS, () -> {
            if (wire.place >= 0) {
                listen(wire.out);
                listen(wire.back);
                pulse(wire);
            }
        });
    }

    /// Who has heard nothing for a while says something, so that the other hears; and at last gives up. Who came in and
    /// has not said by now who it is, is shown out.
    private void listen(Lane lane) {
        if (!lane.attached) {
            return;
        }
        lane.silences = agenda.now() - lane.heardAt < SILENCE_NANOS ? 0 : lane.silences + 1;
        boolean admitted = lane.to.isAdmitted(lane.wire);
        boolean stranger = !admitted && lane == lane.wire.out;
        if (lane.silences >= MOST_SILENCES || stranger) {
            close(lane.wire, lane.to);
        } else if (lane.silences > 0 && admitted) {
            Message ping = new Message.Ping();
            say(lane.wire, lane.to, ping, Weight.of(ping));
        }
    }

    /// What this side says on the wire goes behind what it said before.
    public void say(Wire wire, Endpoint side, Message message, int bytes) {
        Lane lane = wire.from(side);
        if (!lane.back().attached) {
            return;
        }
        if (lane.held == null && isOpen(lane)) {
            depart(lane, message, bytes);
        } else {
            hold(lane, message);
            weigh(lane, bytes, Long.MAX_VALUE);
            side.said(lane.to, message, bytes, -1);
        }
    }

    private void depart(Lane lane, Message message, int bytes) {
        long now = agenda.now();
        long speed = slow.isEmpty()
                ? weather.bytesPerSecond()
                : slow.getOrDefault(pair(lane.from, lane.to), weather.bytesPerSecond());
        long leaves = now;
        if (speed > 0) {
            long began = Math.max(now, lane.freeAt);
            lane.pendingBytes = began == now ? 0 : lane.pendingBytes;
            leaves = began + (long) (bytes * 1e9 / speed);
            lane.freeAt = leaves;
            weigh(lane, bytes, leaves);
        }
        long arrives = lane.arrival(leaves, delay(lane.from, lane.to) + resentNanos());
        agenda.at(arrives, new Wire.Delivery(this, lane, message));
        lane.from.said(lane.to, message, bytes, arrives);
    }

    /// More waits on the lane than the transport takes, until this time if it is known.
    private void weigh(Lane lane, int bytes, long until) {
        lane.pendingBytes += bytes;
        if (lane.pendingBytes > HIGH_MARK_BYTES && !lane.clogged) {
            lane.clogged = true;
            report(lane, new Event.Clogged(lane.wire.number));
            if (until != Long.MAX_VALUE) {
                agenda.at(until, () -> drain(lane));
            }
        }
    }

    private void drain(Lane lane) {
        if (lane.clogged && lane.held == null) {
            if (lane.freeAt > agenda.now()) {
                agenda.at(lane.freeAt, () -> drain(lane));
                return;
            }
            lane.clogged = false;
            lane.pendingBytes = 0;
            report(lane, new Event.Drained(lane.wire.number));
        }
    }

    /// Told in a turn of its own, to who speaks on this lane.
    private void report(Lane lane, Event event) {
        agenda.after(0, () -> {
            if (lane.back().attached) {
                lane.from.happens(event);
            }
        });
    }

    private static void hold(Lane lane, Object what) {
        if (lane.held == null) {
            lane.held = new ArrayDeque<>();
        }
        lane.held.add(what);
    }

    /// What waited leaves, not before a lost segment would be sent again.
    private void resume(Lane lane) {
        if (lane.held == null || !isOpen(lane)) {
            return;
        }
        ArrayDeque<Object> waiting = lane.held;
        lane.held = null;
        lane.pendingBytes = 0;
        lane.arrival(agenda.now(), dice.nextLong(1 + weather.retransmission().toNanos()));
        for (Object each : waiting) {
            if (each instanceof Message message) {
                depart(lane, message, Weight.of(message));
            } else {
                end(lane);
            }
        }
        drain(lane);
    }

    void arrive(Lane lane, Message message) {
        if (lane.attached) {
            lane.heardAt = agenda.now();
            lane.to.happens(new Event.Heard(lane.wire.number, message));
        }
    }

    /// This side closes the wire, behind what it said; what comes from the other is not heard any more.
    public void close(Wire wire, Endpoint side) {
        Lane lane = wire.from(side);
        if (!lane.back().attached) {
            return;
        }
        detach(lane.back(), 0);
        end(lane);
    }

    private void end(Lane lane) {
        if (lane.held == null && isOpen(lane)) {
            detach(lane, lane.arrival(agenda.now(), delay(lane.from, lane.to)) - agenda.now());
        } else if (lane.attached) {
            hold(lane, END);
        }
    }

    /// The host at the end of this lane learns that the wire is gone.
    private void detach(Lane lane, long nanos) {
        agenda.after(nanos, () -> {
            if (lane.attached) {
                forget(lane);
                lane.to.disconnected(lane.wire);
            }
        });
    }

    private void forget(Lane lane) {
        Wire wire = lane.wire;
        lane.attached = false;
        if (!lane.back().attached) {
            Wire last = standing.removeLast();
            if (last != wire) {
                standing.set(wire.place, last);
                last.place = wire.place;
            }
            wire.place = -1;
        }
    }

    /// The wire breaks: what is under way may be lost, and the sides learn of it by and by.
    public void reset(Wire wire) {
        detach(wire.out, dice.nextLong(1 + 2 * delay(wire.dialler(), wire.acceptor())));
        detach(wire.back, dice.nextLong(1 + 2 * delay(wire.acceptor(), wire.dialler())));
    }

    /// Breaks the wires on which something will be under way for longer than this: it set out when they were slower.
    public void resetIfBehind(Duration time) {
        long then = agenda.now() + time.toNanos();
        standing.stream()
                .filter(wire -> wire.out.lastArrival > then || wire.back.lastArrival > then)
                .toList()
                .forEach(this::reset);
    }

    /// The process at this side is gone. Its system says so to the other; or the whole machine is gone, and the other
    /// hears nothing for a while.
    public void vanish(Wire wire, Endpoint side, boolean silently) {
        Lane lane = wire.from(side);
        if (lane.back().attached) {
            forget(lane.back());
        }
        if (!silently) {
            end(lane);
        }
    }

    // --- without wires

    /// This side says all of this at once; it arrives as one, or not, or twice.
    ///
    /// @param arrive has the other hear it
    public void cast(Endpoint from, Endpoint to, Runnable arrive) {
        if (!passes(from, to) || dice.nextDouble() < weather.loss()) {
            return;
        }
        int copies = dice.nextDouble() < weather.duplication() ? 2 : 1;
        for (int k = 0; k < copies; k++) {
            agenda.after(delay(from, to), () -> {
                if (to.isUp() && passes(from, to)) {
                    arrive.run();
                }
            });
        }
    }
}
