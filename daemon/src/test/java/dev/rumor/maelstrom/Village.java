package dev.rumor.maelstrom;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rumor.core.Node;
import dev.rumor.host.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Some hosts n1, n2 and on in one thread and one virtual time, with a client c1 and nobody else. Between them lines
/// take no time; what `lost` says never arrives. What a host writes is checked as Maelstrom would.
final class Village {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Map<String, MaelstromHost> hosts = new TreeMap<>();
    private final List<String> names;
    private final List<JsonNode> underway = new ArrayList<>();
    private final List<JsonNode> gossip = new ArrayList<>();
    private final List<JsonNode> answers = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Predicate<JsonNode> lost = line -> false;
    private long now;
    private int lastNumber;

    private Village(int size, MaelstromHost.Options options, int start) {
        names = IntStream.rangeClosed(1, size).mapToObj(k -> "n" + k).toList();
        for (String name : names) {
            int seed = names.size() * start + names.indexOf(name);
            hosts.put(
                    name,
                    new MaelstromHost(
                            options,
                            1_763_600_000_000L,
                            settings -> Machine.of(new Node(settings, new SplittableRandom(seed))),
                            this::said,
                            log::add));
        }
    }

    static Village of(int size) {
        return started(size, 1);
    }

    /// The same nodes in the same millisecond, at another start.
    static Village started(int size, int start) {
        return new Village(size, options(Optional.empty(), Duration.ZERO), start);
    }

    static Village of(int size, Workload workload) {
        return new Village(size, options(Optional.of(workload), Duration.ZERO), 1);
    }

    static Village of(int size, Duration deliveryBudget) {
        return new Village(size, options(Optional.empty(), deliveryBudget), 1);
    }

    private static MaelstromHost.Options options(Optional<Workload> workload, Duration budget) {
        return new MaelstromHost.Options(workload, budget, Duration.ofSeconds(1), 3);
    }

    /// All hosts know their names from here on.
    Village init() {
        names.forEach(this::init);
        return this;
    }

    JsonNode init(String name) {
        String all = names.stream().map(each -> '"' + each + '"').toList().toString();
        return ask(name, "{'type':'init','node_id':'" + name + "','node_ids':" + all.replace('"', '\'') + "}");
    }

    /// A request of the client, in JSON with ' in place of ", numbered if it is not; and what is answered at once.
    JsonNode ask(String name, String request) {
        try {
            ObjectNode body = (ObjectNode) JSON.readTree(request.replace('\'', '"'));
            if (!body.has("msg_id")) {
                body.put("msg_id", ++lastNumber);
            }
            JsonNode answer = tell(name, line("c1", name, body.toString()));
            assertEquals(body.get("msg_id"), answer.get("in_reply_to"));
            return answer;
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(request, wrong);
        }
    }

    /// The answer to this line as it is, null if there is none.
    JsonNode tell(String name, String line) {
        answers.clear();
        hosts.get(name).receive(line, now);
        if (answers.size() > 1) {
            throw new AssertionError("more than one answer: " + answers);
        }
        JsonNode answer = answers.isEmpty() ? null : answers.getFirst().get("body");
        pass();
        return answer;
    }

    static String line(String src, String dest, String body) {
        return "{\"id\":7,\"src\":\"" + src + "\",\"dest\":\"" + dest + "\",\"body\":" + body + "}";
    }

    private static void assertEquals(JsonNode expected, JsonNode actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("answers " + actual + " and not " + expected);
        }
    }

    private void said(String line) {
        try {
            JsonNode message = JSON.readTree(line);
            assertEquals(JSON.readTree("[\"src\",\"dest\",\"body\"]"), JSON.valueToTree(fields(message)));
            (message.get("dest").asText().startsWith("c") ? answers : underway).add(message);
        } catch (JsonProcessingException wrong) {
            throw new AssertionError("not JSON: " + line, wrong);
        }
    }

    private static List<String> fields(JsonNode message) {
        List<String> names = new ArrayList<>();
        message.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void pass() {
        while (!underway.isEmpty()) {
            JsonNode message = underway.removeFirst();
            gossip.add(message);
            if (!lost.test(message)) {
                hosts.get(message.get("dest").asText()).receive(message.toString(), now);
            }
        }
    }

    /// So much time goes by.
    void later(Duration time) {
        long end = now + time.toNanos();
        for (MaelstromHost next = earliest(); next.nextAlarm() <= end; next = earliest()) {
            now = Math.max(now, next.nextAlarm());
            next.wake(now);
            pass();
        }
        now = end;
    }

    private MaelstromHost earliest() {
        return hosts.values().stream()
                .min(Comparator.comparingLong(MaelstromHost::nextAlarm))
                .orElseThrow();
    }

    void lose(Predicate<JsonNode> which) {
        lost = which;
    }

    /// All that hosts said to each other so far, lost or not.
    List<JsonNode> gossip() {
        return gossip;
    }

    List<String> log() {
        return log;
    }

    List<String> names() {
        return names;
    }
}
