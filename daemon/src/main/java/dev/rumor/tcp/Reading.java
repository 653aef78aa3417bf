package dev.rumor.tcp;

import dev.rumor.core.Run;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// A client's read under way: what is retained when it begins, in replies of one chunk each. The client's channel asks
/// for a chunk when it can take one, so that a client that does not listen holds one chunk and no more.
final class Reading {

    private final Request.Read asked;
    private final Walk walk;
    private final Logger log;
    private long left;
    private boolean fetching;
    private boolean over;

    Reading(Request.Read asked, Walk walk, Logger log) {
        this.asked = asked;
        this.walk = walk;
        this.log = log;
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
        if (walk.isDone()) {
            reply.accept(reply(List.of()));
            return;
        }
        fetching = true;
        walk.next(chunk -> {
            fetching = false;
            List<StoredRecord> records = new ArrayList<>();
            chunk.runs().forEach(run -> collect(run, records));
            reply.accept(reply(records));
        });
    }

    private Reply.Records reply(List<StoredRecord> records) {
        over = walk.isDone() || left == 0;
        return new Reply.Records(asked.id(), records, over);
    }

    private void collect(Run run, List<StoredRecord> records) {
        for (int k = 0; k < run.count() && left > 0; k++) {
            try {
                StoredRecord record = RunCodec.decode(run, k);
                if (record.kind() == StoredRecord.DATA
                        && asked.topic().map(record.topic()::equals).orElse(true)) {
                    records.add(record);
                    left--;
                }
            } catch (Malformed malformed) {
                log.warn("not shown to readers: {}", malformed.getMessage());
            }
        }
    }
}
