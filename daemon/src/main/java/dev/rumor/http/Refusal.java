package dev.rumor.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/// A request that is not served: the message is a sentence that says why, and names the limit if there is one.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    /// @param status of HTTP, as in 400
    public Refusal(int status, String why) {
        this(status, why, Map.of());
    }

    Refusal(int status, String why, Map<String, String> headers) {
        super(why, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    static Refusal of(HttpResponseStatus status, String why) {
        return new Refusal(status.code(), why);
    }

    public int status() {
        return status;
    }

    Answer.Whole answer() {
        return Answer.problem(status, getMessage(), headers);
    }
}
