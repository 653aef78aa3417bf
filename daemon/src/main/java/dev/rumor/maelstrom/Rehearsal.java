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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The short life of two nodes that nobody hears: what a node will do is loaded, and most of it compiled, before it is
/// asked, and not while a client waits. They are two of many members, as what is done for each member soon is done
/// often.
/// Takes place in a time of its own, in some tens of milliseconds.
final class Rehearsal {

    private static final List<String> NAMES = List.of("n1", "n2");
    private static final int MEMBERS = 25;
    private static final String INIT = """
            {"type":"init","msg_id":1,"node_id":"%%s","node_ids":[%s]}""".formatted(
            IntStream.rangeClosed(1, MEMBERS).mapToObj(k -> "\"n" + k + "\"").collect(Collectors.joining(",")));
    private static final List<String> REQUESTS = List.of("""
            {"type":"topology","msg_id":2,"topology":{"n1":["n2"],"n2":["n1"]}}""", """
            {"type":"echo","msg_id":3,"echo":{"a":[1,null,"b"]}}""", """
            {"type":"generate","msg_id":4}""", """
            {"type":"add","msg_id":7,"element":"a"}""", """
            {"type":"add","msg_id":8,"delta":-1}""", """
            {"type":"read","msg_id":9}""");
    private static final String BROADCAST = """
            {"type":"broadcast","msg_id":5,"message":1}""";
    private static final String READ = """
            {"type":"read","msg_id":6}""";
    private static final int ROUNDS = 5;
    private static final int ALARMS = 6;

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
        rehearsal.ask(INIT);
        for (int k = 0; k < ROUNDS; k++) {
            rehearsal.ask(BROADCAST);
            rehearsal.ask(READ);
            rehearsal.pause();
        }
        REQUESTS.forEach(rehearsal::ask);
        rehearsal.pause();
    }

    private void pause() {
        for (int k = 0; k < ALARMS; k++) {
            wake();
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
        if (next.nextAlarm() != Long.MAX_VALUE) {
            now = next.nextAlarm();
            next.wake(now);
            pass();
        }
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
