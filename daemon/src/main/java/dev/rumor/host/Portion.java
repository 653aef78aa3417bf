package dev.rumor.host;

import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.CursorText;
import dev.rumor.wire.StoredRecord;
import java.util.List;
import java.util.Optional;

/// What a reader is given at a time: some records of one stream, or a gap, or neither: then it only learns how far it
/// has come, and that the node is alive.
///
/// @param before the cursor before all this; where there is nothing, the cursor
/// @param records consecutive but for those of other topics
/// @param gap records that are not to be had here any more
/// @param end whether nothing comes after this
public record Portion(String before, List<StoredRecord> records, Optional<Range> gap, boolean end) {

    /// The cursor after one of the records.
    public String after(StoredRecord record) {
        return CursorText.after(before, record.stream(), record.sequence());
    }

    /// The cursor after the gap.
    public String after(Range gap) {
        return CursorText.after(before, gap.stream(), gap.to());
    }

    /// Whether it holds nothing but a sign of life.
    public boolean isEmpty() {
        return records.isEmpty() && gap.isEmpty();
    }
}
