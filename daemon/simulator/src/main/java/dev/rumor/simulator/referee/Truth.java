package dev.rumor.simulator.referee;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What was broadcast, and what of it was acknowledged, and trimmed. The simulator gives every record a number of its
/// own, which stands where its checksum would: a record id that has two numbers has two contents.
final class Truth {

    private static final class Story {
        private final int tag;
        private int[] numbers = new int[8];
        private int count;
        private Intervals owed = Intervals.NONE;
        private Intervals trimmed = Intervals.NONE;

        private Story(int tag) {
            this.tag = tag;
        }
    }

    private final Map<Stream, Story> stories = new TreeMap<>();

    /// Whether another process of the name has broadcast under the same epoch.
    boolean isForgotten(Stream stream, int tag) {
        Story story = stories.get(stream);
        return story != null && story.tag != tag;
    }

    /// From here on these records exist.
    void broadcast(Run run) {
        Story story = stories.computeIfAbsent(run.stream(), any -> new Story(run.tag()));
        Foul.unless(
                story.tag == run.tag() && story.count + 1 == run.first(),
                "%s is numbered again: there are %d records of that stream already",
                run,
                story.count);
        if (story.count + run.count() > story.numbers.length) {
            story.numbers = Arrays.copyOf(story.numbers, 2 * (story.count + run.count()));
        }
        for (int k = 0; k < run.count(); k++) {
            story.numbers[story.count++] = run.checksum(k);
        }
    }

    /// Whether all of these were broadcast, as they are here.
    boolean has(Run run) {
        Story story = stories.get(run.stream());
        if (story == null || story.tag != run.tag() || run.last() > story.count) {
            return false;
        }
        for (int k = 0; k < run.count(); k++) {
            if (story.numbers[(int) run.first() - 1 + k] != run.checksum(k)) {
                return false;
            }
        }
        return true;
    }

    /// Whether there are so many of this stream.
    boolean has(Range range) {
        return range.to() <= count(range.stream());
    }

    long count(Stream stream) {
        Story story = stories.get(stream);
        return story == null ? 0 : story.count;
    }

    void acknowledged(Stream stream, long first, long last) {
        Story story = stories.get(stream);
        Foul.unless(
                story != null && last <= story.count, "%s is acknowledged, and was never broadcast", stream.id(last));
        story.owed = story.owed.plus(first, last);
    }

    /// These were given up when no member's disk had them, and are owed to nobody any more, even where an old disk
    /// turns up, or somebody returns who was evicted.
    void lost(Stream stream, Intervals gone) {
        Story story = stories.get(stream);
        if (story != null) {
            story.owed = story.owed.minus(gone);
        }
    }

    /// What was acknowledged, and not lost since with every disk that held it.
    Intervals owed(Stream stream) {
        Story story = stories.get(stream);
        return story == null ? Intervals.NONE : story.owed;
    }

    /// Some member let go of these, when all held them.
    void trimmed(Range range) {
        Story story = stories.get(range.stream());
        story.trimmed = story.trimmed.plus(range.from(), range.to());
    }

    /// What some member let go of, when all held it.
    Intervals trimmed(Stream stream) {
        Story story = stories.get(stream);
        return story == null ? Intervals.NONE : story.trimmed;
    }

    Iterable<Stream> streams() {
        return stories.keySet();
    }
}
