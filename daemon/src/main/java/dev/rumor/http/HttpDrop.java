package dev.rumor.http;

/// Why an HTTP request was not served, or a connection closed.
public enum HttpDrop {
    /// It was the one idle for longest, and a newer one came when there were as many as may be.
    EVICTED,
    /// It asked for nothing, or was slow, for too long. A connection that was kept after an answer, and on which no
    /// further request came whole, is not counted.
    EXPIRED,
    /// It asked for what is no request, or is too large.
    MALFORMED,
    /// It came under a host name that is not ours, or would have written from a page of another origin.
    FOREIGN,
    /// As many bodies were being received, requests answered, or answers streamed, as may be.
    FULL,
    /// Answers that were not taken reached their bound together, and this one's share was the oldest.
    HELD_TOO_LONG
}
