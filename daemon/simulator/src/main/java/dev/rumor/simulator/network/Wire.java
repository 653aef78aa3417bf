package dev.rumor.simulator.network;

import dev.rumor.core.message.Message;
import dev.rumor.simulator.time.Agenda;
import java.util.ArrayDeque;

/// One connection between two hosts, known to both by the same number. Each side has it until it learns that it is
/// gone, the two not at the same moment.
public final class Wire {

    /// One direction of a wire: what is said arrives in the order in which it was said.
    static final class Lane {
        final Wire wire;
        final Endpoint from;
        final Endpoint to;

        /// Whether the host at its end still has the wire.
        boolean attached;

        /// When what was said last has left, and when it arrives.
        long freeAt;

        long lastArrival;

        /// Bytes that have not left since the lane was last free.
        long pendingBytes;

        boolean clogged;
        int silences;
        long heardAt;

        /// What waits for a cut or a stall to be over; null while nothing does.
        ArrayDeque<Object> held;

        private Lane(Wire wire, Endpoint from, Endpoint to) {
            this.wire = wire;
            this.from = from;
            this.to = to;
        }

        Lane back() {
            return this == wire.out ? wire.back : wire.out;
        }

        /// What is said now arrives after this time, and nothing overtakes.
        long arrival(long now, long nanos) {
            lastArrival = Math.max(lastArrival, now + nanos);
            return lastArrival;
        }
    }

    /// A message on its way.
    static final class Delivery extends Agenda.Cue {
        private final Network network;
        private final Lane lane;
        private final Message message;

        Delivery(Network network, Lane lane, Message message) {
            this.network = network;
            this.lane = lane;
            this.message = message;
        }

        @Override
        protected void ring() {
            network.arrive(lane, message);
        }
    }

    final long number;
    final Lane out;
    final Lane back;

    /// Its place among the wires that stand.
    int place = -1;

    Wire(long number, Endpoint dialler, Endpoint acceptor) {
        this.number = number;
        this.out = new Lane(this, dialler, acceptor);
        this.back = new Lane(this, acceptor, dialler);
    }

    public long number() {
        return number;
    }

    public Endpoint dialler() {
        return out.from;
    }

    public Endpoint acceptor() {
        return out.to;
    }

    public Endpoint other(Endpoint side) {
        return side == out.from ? out.to : out.from;
    }

    /// What this side says.
    Lane from(Endpoint side) {
        return side == out.from ? out : back;
    }
}
