package dev.rumor.core.stream;

import dev.rumor.core.stream.Stream.Range;

/// What some peers are sent next: of a range as much as fits, and one record at least.
///
/// @param maxBytes of the records' frames
public record Share(Range range, int maxBytes) {

    // Written out, as in Stream.

    @Override
    public boolean equals(Object other) {
        return other instanceof Share that && maxBytes == that.maxBytes && range.equals(that.range);
    }

    @Override
    public int hashCode() {
        return 31 * range.hashCode() + maxBytes;
    }
}
