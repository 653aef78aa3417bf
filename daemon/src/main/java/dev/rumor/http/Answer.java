package dev.rumor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.client.cli.text.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/// What a request is answered with.
public sealed interface Answer {

    String JSON = "application/json";
    String EVENTS = "text/event-stream";

    /// An answer that is there as a whole.
    ///
    /// @param status of HTTP, as in 200
    /// @param type of the body, as in `text/plain; charset=utf-8`
    /// @param headers besides those that every answer has, by their names in lower case
    record Whole(int status, String type, Map<String, String> headers, byte[] body) implements Answer {}

    /// An answer that comes bit by bit, and perhaps has no end.
    record Streamed(String type, Source source) implements Answer {}

    /// Where a streamed answer comes from.
    @FunctionalInterface
    interface Source extends AutoCloseable {

        /// Pours all there is, on a virtual thread of its own, and then returns. What it throws cuts the answer off,
        /// so that whoever reads it sees that it is not whole.
        void pour(Outlet outlet) throws InterruptedException;

        /// Called in the end, whether anything was poured or not.
        @Override
        default void close() {}
    }

    static Whole ok(String type, String body) {
        return of(HttpResponseStatus.OK.code(), type, Map.of(), body);
    }

    static Whole of(int status, String type, Map<String, String> headers, String body) {
        return new Whole(status, type, headers, body.getBytes(UTF_8));
    }

    /// A line for a person.
    static Whole line(String sentence) {
        return ok("text/plain; charset=utf-8", sentence + "\n");
    }

    /// Why there is no other answer, as RFC 9457 has it.
    static Whole problem(int status, String sentence) {
        return problem(status, sentence, Map.of());
    }

    static Whole problem(int status, String sentence, Map<String, String> headers) {
        Json problem = new Json()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", sentence);
        return of(status, "application/problem+json", headers, problem + "\n");
    }
}
