package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Node;
import dev.rumor.core.View;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;

/// What a host drives: a [Node], or in tests a script in its place.
public interface Machine {

    /// @param now monotonic nanoseconds; never less than the time before
    List<Effect> handle(Event event, long now);

    View view(long now);

    /// Who durably holds these records.
    View.Holders holders(Range range, long now);

    /// What of a stream is held in name only: let go of, or to be had from nobody.
    Intervals absent(Stream stream);

    /// Every epoch of this origin below this has come to its end, and is held or waived.
    long mark(String origin);

    /// Whether nothing would be lost to anybody linked if the process ended now.
    boolean isLevel();

    static Machine of(Node node) {
        return new Machine() {
            @Override
            public List<Effect> handle(Event event, long now) {
                return node.handle(event, now);
            }

            @Override
            public View view(long now) {
                return node.view(now);
            }

            @Override
            public View.Holders holders(Range range, long now) {
                return node.holders(range, now);
            }

            @Override
            public Intervals absent(Stream stream) {
                return node.absent(stream);
            }

            @Override
            public long mark(String origin) {
                return node.mark(origin);
            }

            @Override
            public boolean isLevel() {
                return node.isLevel();
            }
        };
    }
}
