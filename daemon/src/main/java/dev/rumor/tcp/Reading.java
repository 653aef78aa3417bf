package dev.rumor.tcp;

import dev.rumor.host.Walk;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A client's read under way: what is retained when it begins, in replies of one chunk each. The client's
/// channel asks for a chunk when it can take one, so that a client that does not listen holds one chunk and
/// no more.
final class Reading {

    private final Request.Read asked;
    private final Supplier<Walk> start;
    private Walk walk;
    private long left;
    private boolean fetching;
    private boolean over;

    /// @param start finds what is retained
    Reading(Request.Read asked, Supplier<Walk> start) {
        this.asked = asked;
        this.start = start;
        this.left = asked.limit();
    }

    boolean isFetching() {
        return fetching;
    }

    /// Whether the last reply was given.
    boolean isOver() {
        return over;
    }

    void next(Consumer<Reply.Records> reply) {
        walk = walk == null ? start.get() : walk;
        if (walk.isDone()) {
            reply.accept(reply(List.of()));
            return;
        }
        fetching = true;
        walk.next(chunk -> {
            fetching = false;
            List<StoredRecord> records = chunk.runs().stream()
                    .flatMap(run -> RunCodec.shown(run).stream())
                    .filter(this::isWanted)
                    .limit(left)
                    .toList();
            left -= records.size();
            reply.accept(reply(records));
        });
    }

    private Reply.Records reply(List<StoredRecord> records) {
        over = walk.isDone() || left == 0;
        return new Reply.Records(asked.id(), records, over);
    }

    private boolean isWanted(StoredRecord record) {
        return asked.topic().map(record.topic()::equals).orElse(true);
    }
}
