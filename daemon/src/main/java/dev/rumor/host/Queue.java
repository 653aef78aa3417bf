package dev.rumor.host;

/// How full something with a bound is; where there are several of a kind, the fullest.
///
/// @param bound beyond this something is refused, dropped or not read, as the case may be
public record Queue(String name, Unit unit, long depth, long bound) {

    /// What depth and bound are counted in.
    public enum Unit {
        BYTES,
        ENTRIES
    }
}
