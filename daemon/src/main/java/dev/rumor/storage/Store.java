package dev.rumor.storage;

import dev.rumor.core.Event;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// Where a node's runs are kept. One method for each effect that concerns storage, called on the node's loop,
/// none of which waits for a disk; what comes of it ([Event.EpochOpened], [Event.Appended], [Event.Trimmed],
/// [Event.Damaged], [Event.StoreFailed]) is posted to the consumer that the store was made with. A consumer may
/// be called on any thread, within the call or after it: the host's puts the event on the loop.
public interface Store extends AutoCloseable {

    /// Finds out what is there. Called once, before anything else; the only method that may take its time.
    ///
    /// @param wallMillis milliseconds since 1970, passed on in the event
    /// @throws IOException with a sentence for the user if what is there cannot be used
    Event.Recovered open(long wallMillis) throws IOException;

    /// Makes the epoch durable, then posts [Event.EpochOpened].
    void openEpoch(DiskId disk, long epoch, int tag);

    /// Keeps the run, of which what is kept already counts as kept, then posts [Event.Appended] for all of it,
    /// or one for this and the runs that follow it. It can be read at once, and is durable when that event comes.
    void append(Run run);

    /// Remembers that this range counts as held though nothing of it is, then posts [Event.Appended] for it.
    ///
    /// @param tag of the stream, should nothing else be known of it
    void waive(Stream.Range range, int tag);

    /// What was appended and is not durable yet, in bytes. On the loop.
    long backlogBytes();

    /// Fetches records, contiguous from the start of `range`: as many as cost at most `maxBytes` (as
    /// [Run#cost] counts) and one at least; fewer where some are in memory and those behind are not. An empty
    /// list says that the first is not to be had; if that is because its bytes failed their check,
    /// [Event.Damaged] was posted before. Any number of reads may be under way.
    ///
    /// @param then is given the runs, possibly on another thread
    void read(Stream.Range range, int maxBytes, Consumer<List<Run>> then);

    /// What can be read now: for each stream, in order, its ranges, in order.
    List<Stream.Range> retained();

    /// Lets go of the oldest runs until what stays costs at most `keepBytes`, or only runs stay that are not
    /// wholly in `committed`; and, unless `keepMillis` is 0, of those in `committed` whose hybrid clock is
    /// further than that behind the wall clock. A store may do so by larger portions. Then posts
    /// [Event.Trimmed], even if there were none.
    void trim(List<Claim> committed, long keepBytes, long keepMillis);

    /// Keeps this register for the next start.
    void rememberRegister(Register register);

    /// Keeps these marks for the next start.
    void rememberMarks(List<Mark> marks);

    @Override
    void close();
}
