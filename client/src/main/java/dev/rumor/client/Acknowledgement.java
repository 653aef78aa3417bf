package dev.rumor.client;

/// The daemon's word that records broadcast together are taken, and as durable as it makes them. They are
/// numbered one after the other.
///
/// @param first the id of the first of them
/// @param count how many, 1 or more
public record Acknowledgement(RecordId first, int count) {

    /// The id of record `k`, from 0 and below [#count].
    public RecordId id(int k) {
        return new RecordId(first.origin(), first.epoch(), first.sequence() + k);
    }
}
