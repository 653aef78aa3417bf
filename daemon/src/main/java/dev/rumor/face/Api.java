package dev.rumor.face;

import dev.rumor.http.Answer;
import dev.rumor.http.Place;
import dev.rumor.http.Refusal;
import dev.rumor.tcp.TcpHost;
import dev.rumor.wire.Malformed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The HTTP interface of a node: what stands at which path. `openapi.yaml`, which it serves too, says what each is.
public final class Api {

    /// A version is a number, and needs no more room than that.
    private static final int MOST_VERSION_BYTES = 32;

    private static final int LOOK_SECONDS = 5;

    private final Broadcasts broadcasts;
    private final Records records;
    private final Standing standing;
    private final Watching watching;
    private final Page page = new Page();
    private final int maxPayload;

    /// @param watch observes the node
    /// @param maxPayload largest payload that may be broadcast here, in bytes
    /// @param ephemeral whether the node forgets when it ends
    /// @param readOnly whether nothing can be broadcast
    public Api(TcpHost host, Watch watch, int maxPayload, boolean ephemeral, boolean readOnly) {
        this.broadcasts = new Broadcasts(host, maxPayload, readOnly);
        this.records = new Records(host);
        this.watching = new Watching(host, watch, readOnly);
        this.standing = new Standing(host, ephemeral);
        this.maxPayload = maxPayload;
    }

    public List<Place> places() {
        return List.of(
                Place.write("POST", "/v1/broadcast", maxPayload, broadcasts::broadcast, "topic", "wait", "within"),
                Place.write("PUT", "/gossip", MOST_VERSION_BYTES, broadcasts::version),
                Place.get("/v1/records", records::records, "after", "topic", "limit"),
                Place.get("/v1/records/*/*/*", records::record),
                Place.get("/v1/stream", records::stream, "from", "topic"),
                Place.get("/v1/watch", watching::watch),
                Place.get("/", page::page),
                Place.get("/openapi.yaml", page::description),
                Place.get("/v1/status", standing::status),
                Place.get("/v1/status/*/*/*", standing::holders),
                Place.get("/v1/members", standing::members));
    }

    static Answer json(Object json) {
        return Answer.ok(Answer.JSON, json + "\n");
    }

    /// What is known at once, if the node's loop turns.
    static <T> T soon(CompletableFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new Refusal(503, "the node's loop has not turned for " + LOOK_SECONDS + " s");
        } catch (ExecutionException failed) {
            int status = failed.getCause() instanceof Malformed ? 400 : 503;
            throw new Refusal(status, failed.getCause().getMessage());
        }
    }
}
