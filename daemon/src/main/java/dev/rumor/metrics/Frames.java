package dev.rumor.metrics;

import dev.rumor.core.message.Message;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Frames and their bytes, by who is at the other end, direction and kind. Kinds are those of the sealed messages, so
/// that a new one is counted without being listed here.
final class Frames {

    private record Kind(Count frames, Count bytes) {
        private void count(int times, int length) {
            frames.add(times);
            bytes.add((long) length * times);
        }
    }

    private final Map<Class<?>, Kind> heard;
    private final Map<Class<?>, Kind> said;
    private final Map<Class<?>, Kind> asked;
    private final Map<Class<?>, Kind> answered;

    Frames(Meters meters) {
        heard = kinds(meters, Message.class, "peer", "in");
        said = kinds(meters, Message.class, "peer", "out");
        asked = kinds(meters, Request.class, "client", "in");
        answered = kinds(meters, Reply.class, "client", "out");
    }

    private static Map<Class<?>, Kind> kinds(Meters meters, Class<?> all, String party, String direction) {
        Map<Class<?>, Kind> kinds = new HashMap<>();
        for (Class<?> each : all.getPermittedSubclasses()) {
            String[] tags = {"party", party, "direction", direction, "kind", snakeCase(each.getSimpleName())};
            Count bytes = new Count();
            meters.counter("frame", "bytes", "Bytes of these frames, their lengths in front included.", bytes, tags);
            Count frames = meters.counter("frames", "Frames from and to peers and clients, by kind.", tags);
            kinds.put(each, new Kind(frames, bytes));
        }
        return kinds;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    void heard(Message message, int bytes) {
        heard.get(message.getClass()).count(1, bytes);
    }

    void said(Message message, int bytes, int links) {
        said.get(message.getClass()).count(links, bytes);
    }

    void asked(Request request, int bytes) {
        asked.get(request.getClass()).count(1, bytes);
    }

    void answered(Reply reply, int bytes) {
        answered.get(reply.getClass()).count(1, bytes);
    }
}
