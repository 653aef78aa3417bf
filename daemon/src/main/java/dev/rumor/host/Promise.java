package dev.rumor.host;

import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.concurrent.CompletableFuture;

/// Records offered from within this process.
///
/// @param answer the range that they became; or [Stopped], which says why they were refused
/// @param count how many they are
public record Promise(CompletableFuture<Range> answer, int count) implements Offer {

    @Override
    public void acknowledged(Stream stream, long first) {
        answer.complete(new Range(stream, first, first + count - 1));
    }

    @Override
    public void refused(String why) {
        answer.completeExceptionally(new Stopped(why));
    }
}
