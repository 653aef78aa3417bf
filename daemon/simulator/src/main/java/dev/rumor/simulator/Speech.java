package dev.rumor.simulator;

import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.simulator.network.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where there are no links, what one says to another in one turn is one message, which is lost or arrives as a whole.
/// What goes along with it goes along once, in front of the rest.
final class Speech {
    private final Simulation simulation;
    private final Host host;
    private final TreeMap<Long, Map<Object, Message>> turn = new TreeMap<>();

    Speech(Simulation simulation, Host host) {
        this.simulation = simulation;
        this.host = host;
    }

    void add(long link, Message message) {
        Object key = switch (message) {
            case Message.Stamp it -> Message.Stamp.class;
            case Message.Confirmed it -> Message.Confirmed.class;
            case Message.Claims it -> Message.Claims.class;
            default -> new Object();
        };
        turn.computeIfAbsent(link, any -> new LinkedHashMap<>()).put(key, message);
    }

    /// All that was said in this turn leaves.
    void end() {
        if (turn.isEmpty()) {
            return;
        }
        turn.forEach((link, said) -> {
            Host other = host.peer(link);
            List<Message> bundle = new ArrayList<>(said.values());
            bundle.sort((a, b) -> Boolean.compare(b instanceof Message.Stamp, a instanceof Message.Stamp));
            bundle.forEach(each -> simulation.said(host, other, each, Weight.of(each), -1));
            simulation
                    .network()
                    .cast(
                            host,
                            other,
                            () -> bundle.forEach(each -> other.happens(new Event.Heard(host.number(), each))));
        });
        turn.clear();
    }
}
