package dev.rumor.host;

/// Something that the node was asked for and may grant; exactly one of the two happens, on the loop.
public interface Wish {

    void granted();

    /// Nothing of it was done.
    ///
    /// @param why a sentence for a person
    void refused(String why);
}
