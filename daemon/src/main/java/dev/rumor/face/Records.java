package dev.rumor.face;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.client.RecordId;
import dev.rumor.client.cli.text.Json;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Portion;
import dev.rumor.host.Reading;
import dev.rumor.host.Readings;
import dev.rumor.http.Answer;
import dev.rumor.http.Outlet;
import dev.rumor.http.Question;
import dev.rumor.http.Refusal;
import dev.rumor.tcp.TcpHost;
import dev.rumor.wire.StoredRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What is read over HTTP: a portion at a time, and the next when the one before is taken. A reader that is slow
/// holds a portion; what it has yet to read is in the log.
final class Records {

    /// A node that gives a reader nothing for so long, not even a sign of life, has stopped.
    private static final int MOST_SILENCE_SECONDS = 30;

    /// So many single records are made an answer of at a time: each may be large, and several times so as JSON.
    private static final int MOST_TOGETHER = 4;

    private final TcpHost host;
    private final Semaphore together = new Semaphore(MOST_TOGETHER);

    Records(TcpHost host) {
        this.host = host;
    }

    /// One record.
    Answer record(Question question) throws InterruptedException {
        RecordId id = Standing.record(question);
        Range range = Terms.range(id);
        together.acquire();
        try {
            StoredRecord record = Api.soon(host.reading(readings -> readings.one(range)))
                    .orElseThrow(() -> new Refusal(404, "there is no " + id + " here, or not any more"));
            return Api.json(JsonForms.record(Terms.record(record)));
        } finally {
            together.release();
        }
    }

    /// What is retained, as JSON lines.
    Answer records(Question question) throws InterruptedException {
        String after = question.parameter("after").orElse(Readings.START);
        long limit = question.parameter("limit").map(Records::count).orElse(Long.MAX_VALUE);
        return new Answer.Streamed("application/x-ndjson", new Pouring(begin(question, after, limit, false), false));
    }

    private static long count(String text) {
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1) {
            throw new Refusal(400, "limit is 1 or more, not '" + text + "'");
        }
        return Long.parseLong(text);
    }

    /// What is retained from a cursor on, and what comes, as server-sent events.
    Answer stream(Question question) throws InterruptedException {
        String from = question.header("last-event-id")
                .or(() -> question.parameter("from"))
                .orElse(Readings.NOW);
        return new Answer.Streamed(Answer.EVENTS, new Pouring(begin(question, from, Long.MAX_VALUE, true), true));
    }

    private Reading begin(Question question, String from, long limit, boolean follows) throws InterruptedException {
        CompletableFuture<Reading> begun =
                host.reading(readings -> readings.begin(from, question.parameter("topic"), limit, follows));
        try {
            return Api.soon(begun);
        } catch (Refusal | InterruptedException gone) {
            // Nobody will close it who never had it.
            begun.thenAccept(Reading::close);
            throw gone;
        }
    }

    /// One reader, written to.
    ///
    /// @param events whether as server-sent events, or else as lines
    private record Pouring(Reading reading, boolean events) implements Answer.Source {

        @Override
        public void pour(Outlet outlet) throws InterruptedException {
            Portion portion;
            String cursor = "";
            do {
                portion = next();
                if (portion.gap().isPresent()) {
                    Range gap = portion.gap().get();
                    cursor = portion.after(gap);
                    write(outlet, "gap", JsonForms.gap(Terms.first(gap), gap.to()), cursor);
                }
                for (StoredRecord record : portion.records()) {
                    cursor = portion.after(record);
                    write(outlet, "record", JsonForms.record(Terms.record(record)), cursor);
                }
                if (events && portion.isEmpty()) {
                    outlet.write(sign(portion.before(), cursor));
                    cursor = portion.before();
                }
                outlet.flush();
            } while (!portion.end());
        }

        private Portion next() throws InterruptedException {
            CompletableFuture<Portion> next = new CompletableFuture<>();
            reading.next(next::complete);
            try {
                return next.get(MOST_SILENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException stopped) {
                throw new Refusal(503, "the node gives this reader nothing any more");
            }
        }

        private void write(Outlet outlet, String event, Json json, String cursor) throws InterruptedException {
            json.put("cursor", cursor);
            String text = events ? "id: " + cursor + "\nevent: " + event + "\ndata: " + json + "\n\n" : json + "\n";
            outlet.write(text.getBytes(UTF_8));
        }

        /// That the node is alive; and how far the reader has come, if that is farther than it knows.
        private static byte[] sign(String cursor, String before) {
            return (cursor.equals(before) ? ":\n\n" : "id: " + cursor + "\n\n").getBytes(UTF_8);
        }

        @Override
        public void close() {
            reading.close();
        }
    }
}
