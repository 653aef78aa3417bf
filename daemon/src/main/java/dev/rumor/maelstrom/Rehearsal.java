package dev.rumor.maelstrom;

import dev.rumor.core.Node;
import dev.rumor.host.Machine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The short life of a small cluster that nobody hears: what a node will do is loaded, and most of it compiled, before
/// it is asked, and not while a client waits. All members are there, so that records come to be held by all and the
/// relay says so: else all would hear that for the first time in the same instant.
/// Takes place in a time of its own, in about a hundred milliseconds.
final class Rehearsal {

    private static final List<String> NAMES =
            IntStream.rangeClosed(1, 9).mapToObj(k -> "n" + k).toList();

    private static final int ROUNDS = 2;

    /// In every request this stands for the name of who is asked.
    private static final String NAME = "NAME";

    private static final String INIT = """
            {"type":"init","msg_id":1,"node_id":"NAME","node_ids":["%s"]}""".replace("%s", String.join("\",\"", NAMES));
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
    private static final int ALARMS = 12;

    private final Map<String, MaelstromHost> hosts = new TreeMap<>();
    private final Deque<String> said = new ArrayDeque<>();
    private long now;

    /// @param out is given all that is said
    private Rehearsal(MaelstromHost.Options options, Consumer<String> out) {
        for (String each : NAMES) {
            hosts.put(
                    each,
                    new MaelstromHost(
                            options,
                            1,
                            settings -> Machine.of(new Node(settings, new SplittableRandom(1))),
                            out.andThen(said::add),
                            ignored -> {}));
        }
    }

    static void of(MaelstromHost.Options options) {
        of(options, ignored -> {});
    }

    static void of(MaelstromHost.Options options, Consumer<String> out) {
        Rehearsal rehearsal = new Rehearsal(options, out);
        rehearsal.ask(INIT);
        for (int k = 0; k < ROUNDS; k++) {
            rehearsal.ask(BROADCAST);
            rehearsal.ask(READ);
            rehearsal.pause();
        }
        REQUESTS.forEach(request -> rehearsal.ask(NAMES.getFirst(), request));
        rehearsal.pause();
    }

    private void pause() {
        for (int k = 0; k < ALARMS; k++) {
            wake();
        }
    }

    private void ask(String request) {
        NAMES.forEach(name -> ask(name, request));
    }

    private void ask(String name, String request) {
        hosts.get(name).receive(Envelope.line("c1", name, new Json.Raw(request.replace(NAME, name))), now);
        pass();
    }

    private void wake() {
        MaelstromHost next = hosts.values().stream()
                .min((a, b) -> Long.compare(a.nextAlarm(), b.nextAlarm()))
                .orElseThrow();
        if (next.nextAlarm() != Long.MAX_VALUE) {
            now = next.nextAlarm();
            next.wake(now);
            pass();
        }
    }

    private void pass() {
        for (String line = said.poll(); line != null; line = said.poll()) {
            MaelstromHost host = hosts.get(dest(line));
            if (host != null) {
                host.receive(line, now);
            }
        }
    }

    /// Of a line as [Envelope#line] has it.
    private static String dest(String line) {
        return line.split("\"", 9)[7];
    }
}
