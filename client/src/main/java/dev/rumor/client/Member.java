package dev.rumor.client;

import java.time.Instant;
import java.util.List;

/// One entry of the roster, as the daemon asked sees it.
///
/// @param epoch the last start of its process that is known
/// @param state `joining`, `active`, `left` or `evicted`
/// @param liveness `self`, `linked`, `suspected`, `unreachable` or `distant` (others are its neighbours); `gone`
///     if it left or was evicted
/// @param addresses where it may be dialled, `host:port` each
/// @param version release of its program
/// @param lastSeen when the daemon asked last heard it
public record Member(
        String name,
        long epoch,
        String state,
        String liveness,
        List<String> addresses,
        String version,
        Instant lastSeen) {}
