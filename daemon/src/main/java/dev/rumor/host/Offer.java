package dev.rumor.host;

import dev.rumor.core.stream.Stream;

/// Records that were offered to the node; exactly one of the two happens, on the loop.
public interface Offer {

    /// They are as durable as the store makes them, and are numbered `first` and on.
    void acknowledged(Stream stream, long first);

    /// Nothing of them was kept.
    ///
    /// @param why a sentence for a person
    void refused(String why);
}
