package dev.rumor.maelstrom;

import dev.rumor.core.Node;
import dev.rumor.host.Machine;
import dev.rumor.wire.Malformed;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The short life of two nodes that nobody hears: what a node will do is loaded before it is asked, and not while a
/// client waits. Takes place in a time of its own, in a few milliseconds.
final class Rehearsal {

    private static final List<String> NAMES = List.of("n1", "n2");
    private static final List<String> REQUESTS = List.of("""
            {"type":"init","msg_id":1,"node_id":"%s","node_ids":["n1","n2"]}""", """
            {"type":"topology","msg_id":2,"topology":{"n1":["n2"],"n2":["n1"]}}""", """
            {"type":"echo","msg_id":3,"echo":{"a":[1,null,"b"]}}""", """
            {"type":"generate","msg_id":4}""", """
            {"type":"broadcast","msg_id":5,"message":1}""", """
            {"type":"read","msg_id":6}""", """
            {"type":"add","msg_id":7,"element":"a"}""", """
            {"type":"add","msg_id":8,"delta":-1}""", """
            {"type":"read","msg_id":9}""");
    private static final int ALARMS = 20;

    private final Map<String, MaelstromHost> hosts = new TreeMap<>();
    private final Deque<String> said = new ArrayDeque<>();
    private long now;

    private Rehearsal(MaelstromHost.Options options) {
        for (String each : NAMES) {
            hosts.put(
                    each,
                    new MaelstromHost(
                            options,
                            1,
                            settings -> Machine.of(new Node(settings, new SplittableRandom(1))),
                            said::add,
                            ignored -> {}));
        }
    }

    static void of(MaelstromHost.Options options) {
        Rehearsal rehearsal = new Rehearsal(options);
        REQUESTS.forEach(rehearsal::ask);
        for (int k = 0; k < ALARMS; k++) {
            rehearsal.wake();
        }
    }

    private void ask(String request) {
        hosts.forEach((name, host) -> {
            host.receive(Envelope.line("c1", name, new Json.Raw(String.format(request, name))), now);
            pass();
        });
    }

    private void wake() {
        MaelstromHost next = hosts.values().stream()
                .min(Comparator.comparingLong(MaelstromHost::nextAlarm))
                .orElseThrow();
        now = next.nextAlarm();
        next.wake(now);
        pass();
    }

    private void pass() {
        for (String line = said.poll(); line != null; line = said.poll()) {
            try {
                MaelstromHost host = hosts.get(Envelope.read(line).dest());
                if (host != null) {
                    host.receive(line, now);
                }
            } catch (Malformed impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
