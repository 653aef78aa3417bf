package dev.rumor.client;

import java.util.List;

/// The daemon's word that records broadcast together are taken, and as durable as it makes them. They are
/// numbered one after the other.
///
/// @param first the id of the first of them
/// @param count how many, 1 or more
/// @param reached whether those members hold them that the broadcast was to wait for; if not, its time is over, and the
///     records stay and go on spreading
/// @param holders if not, the active members, whether they hold them or not
public record Acknowledgement(RecordId first, int count, boolean reached, List<Holder> holders) {

    /// The id of record `k`, from 0 and below [#count].
    public RecordId id(int k) {
        return new RecordId(first.origin(), first.epoch(), first.sequence() + k);
    }

    /// The names of the active members that are not known to hold all of them.
    public List<String> missing() {
        return holders.stream().filter(each -> !each.holds()).map(Holder::name).toList();
    }
}
