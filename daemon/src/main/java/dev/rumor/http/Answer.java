package dev.rumor.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/// What a request is answered with.
///
/// @param status of HTTP, as in 200
/// @param type of the body, as in `text/plain; charset=utf-8`
public record Answer(int status, String type, String body) {

    private static final String PLAIN = "text/plain; charset=utf-8";

    public static Answer ok(String type, String body) {
        return new Answer(HttpResponseStatus.OK.code(), type, body);
    }

    /// A line for a person.
    public static Answer line(int status, String sentence) {
        return new Answer(status, PLAIN, sentence + "\n");
    }

    static Answer line(HttpResponseStatus status, String sentence) {
        return line(status.code(), sentence);
    }
}
