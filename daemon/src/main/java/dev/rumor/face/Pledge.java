package dev.rumor.face;

import dev.rumor.client.Acknowledgement;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Stopped;
import dev.rumor.host.Waits;
import dev.rumor.wire.Reply.Outcome;
import java.util.concurrent.CompletableFuture;

/// A broadcast of somebody in this process who waits for others to hold it.
///
/// @param answer completes with [Stopped] if it is refused
public record Pledge(CompletableFuture<Acknowledgement> answer) implements Waits.Sender {

    @Override
    public void settled(Range records, Outcome outcome) {
        answer.complete(Terms.acknowledgement(records, outcome));
    }

    @Override
    public void refused(String why) {
        answer.completeExceptionally(new Stopped(why));
    }
}
