package dev.rumor.host;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/// Says each sentence at most once a minute: a peer that is refused comes again every second.
public final class Warnings {

    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 100;

    private final Logger log;
    private final Map<String, Long> said = new LinkedHashMap<>();

    public Warnings(Logger log) {
        this.log = log;
    }

    /// @param now monotonic nanoseconds
    public void say(String sentence, long now) {
        Long before = said.get(sentence);
        if (before == null || now - before >= PAUSE_NANOS) {
            log.warn("{}", sentence);
            said.remove(sentence);
            said.put(sentence, now);
        }
        if (said.size() > MOST) {
            said.remove(said.keySet().iterator().next());
        }
    }
}
