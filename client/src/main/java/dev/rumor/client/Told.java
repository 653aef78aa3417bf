package dev.rumor.client;

/// What a reader is told of. Each has the cursor after it: given to any daemon of the cluster, at any time, it goes on
/// there with exactly what this reader has not seen.
public sealed interface Told {

    /// Text that passes a URL, a file and a shell as it is; a few hundred characters.
    String cursor();

    record Received(ReceivedRecord record, String cursor) implements Told {}

    /// Records that are not to be had any more where they were asked for: by the time this reader came to them
    /// they were let go of.
    ///
    /// @param from the first, a sequence
    /// @param to the last
    record Gap(String origin, long epoch, long from, long to, String cursor) implements Told {

        public long count() {
            return to - from + 1;
        }

        /// The ids in short: `web-1/m4ks9f1q/42..57`, or one id.
        public String ids() {
            return new RecordId(origin, epoch, from) + (to > from ? ".." + to : "");
        }
    }
}
