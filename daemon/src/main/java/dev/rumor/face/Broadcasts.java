package dev.rumor.face;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Wait;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.Quantity;
import dev.rumor.core.stream.Run;
import dev.rumor.http.Answer;
import dev.rumor.http.Question;
import dev.rumor.http.Refusal;
import dev.rumor.tcp.TcpHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What is broadcast over HTTP.
final class Broadcasts {

    /// Under which the versions of the classic gossip exercise are broadcast.
    private static final String VERSION_TOPIC = "version";

    private static final Duration USUAL = Duration.ofSeconds(5);

    private final TcpHost host;
    private final int maxPayload;
    private final boolean readOnly;

    Broadcasts(TcpHost host, int maxPayload, boolean readOnly) {
        this.host = host;
        this.maxPayload = maxPayload;
        this.readOnly = readOnly;
    }

    /// The body is the payload, whatever its type.
    Answer broadcast(Question question) throws InterruptedException {
        return broadcast(question.parameter("topic").orElse(""), question.body(), wait(question));
    }

    /// The body is a number.
    Answer version(Question question) throws InterruptedException {
        String number = new String(question.body(), StandardCharsets.US_ASCII).strip();
        if (!number.matches("[0-9]{1,18}")) {
            throw new Refusal(400, "the body is a version: a number of 1 to 18 digits");
        }
        return broadcast(VERSION_TOPIC, number.getBytes(StandardCharsets.US_ASCII), Wait.local());
    }

    private static Wait wait(Question question) {
        Optional<String> within = question.parameter("within");
        try {
            Wait wait = Wait.parse(
                    question.parameter("wait").orElse("local"),
                    within.map(Quantity::duration).orElse(USUAL));
            if (within.isPresent() && wait.isLocal()) {
                throw new Refusal(400, "within is for a wait for a number, majority or all");
            }
            return wait;
        } catch (IllegalArgumentException wrong) {
            throw new Refusal(400, wrong.getMessage());
        }
    }

    private Answer broadcast(String topic, byte[] payload, Wait wait) throws InterruptedException {
        if (readOnly) {
            throw new Refusal(403, "nothing is broadcast over HTTP here (--http-read-only)");
        }
        try {
            return answer(acknowledged(Terms.draft(topic, payload, maxPayload), wait), wait);
        } catch (IllegalArgumentException wrong) {
            throw new Refusal(400, wrong.getMessage());
        } catch (ExecutionException refused) {
            throw new Refusal(503, refused.getCause().getMessage());
        }
    }

    private Acknowledgement acknowledged(Run.Draft draft, Wait wait) throws InterruptedException, ExecutionException {
        CompletableFuture<Acknowledgement> answer = new CompletableFuture<>();
        Runnable leave = host.broadcast(draft, Terms.quorum(wait), wait.within(), new Pledge(answer));
        try {
            return answer.get();
        } catch (InterruptedException gone) {
            leave.run();
            throw gone;
        }
    }

    /// It is kept in any case; where the members that it was to wait for do not all have it, the answer is another.
    private static Answer answer(Acknowledgement taken, Wait wait) {
        return Answer.of(
                taken.reached() ? 201 : 202,
                Answer.JSON,
                Map.of("location", "/v1/records/" + taken.first()),
                JsonForms.acknowledged(taken, 0, !wait.isLocal()) + "\n");
    }
}
