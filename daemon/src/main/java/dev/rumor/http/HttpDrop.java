package dev.rumor.http;

/// Why an HTTP request was not served, or a connection closed.
public enum HttpDrop {
    /// It was the one idle for longest, and a newer one came when there were as many as may be.
    EVICTED,
    /// It was idle, or slow, for too long.
    EXPIRED,
    /// It asked for what is no request, or is too large, or has a body.
    MALFORMED
}
