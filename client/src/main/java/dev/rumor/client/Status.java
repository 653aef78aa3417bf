package dev.rumor.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a daemon stands.
///
/// @param records held and not trimmed
/// @param bytes what they cost the daemon
/// @param members of the roster, this daemon included; those that left or were evicted are none
/// @param linked members that it has a link to
/// @param committed records that every active member holds
/// @param blockedBy who holds commits back, if anybody does
/// @param version release of its program
/// @param ephemeral whether it keeps records in memory only
/// @param retired former epochs that everybody holds to their end; their records count, and are not listed in `streams`
public record Status(
        String name,
        String cluster,
        long epoch,
        long records,
        long bytes,
        List<Held> streams,
        int members,
        int linked,
        long committed,
        Optional<Blocker> blockedBy,
        Limits limits,
        String version,
        boolean ephemeral,
        int retired) {

    /// What is held of one stream, and what every active member holds of it: sequences such as `1-40,43-50`.
    public record Held(String origin, long epoch, String held, String committed) {}

    /// @param records how many it lacks
    /// @param since for how long it has held commits back
    public record Blocker(String name, long records, Duration since) {}

    /// In bytes, but for the last.
    ///
    /// @param maxPayload largest payload that may be broadcast here
    /// @param retainBytes beyond it, committed records are trimmed
    /// @param retainHard beyond it, broadcasts are refused
    /// @param mesh with more members it is not known what all hold, and nothing is committed; 0 if the daemon does
    ///     not tell
    public record Limits(long maxPayload, long retainBytes, long retainHard, int mesh) {}

    /// Whether it is known what all members hold.
    public boolean hasReceipts() {
        return limits.mesh() == 0 || members <= limits.mesh();
    }
}
