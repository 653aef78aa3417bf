package dev.rumor.client;

import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The requests of one connection that are not answered yet, as many as the window allows.
///
/// Callers write, one thread of its own reads. The two share no lock while they touch the socket, so a daemon
/// that stops reading cannot keep its replies from being read. Nothing is heard that was not asked for; so
/// the reader waits for a question before it waits for an answer, and a silence is always the daemon's.
final class Exchange implements AutoCloseable {

    /// Below what a daemon reads before it wants to acknowledge: 4 MiB, for which it takes each record for 64 bytes
    /// more than it has. So it stops reading only from who sends very many that are short.
    private static final int WINDOW_BYTES = 2 << 20;

    private static final int WINDOW_REQUESTS = 1024;

    /// @param within for how long the daemon was asked to wait before it answers
    private record Question(CompletableFuture<ClientReply> answer, int bytes, Duration within) {}

    private final Connection connection;
    private final AtomicLong lastId = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private long unansweredBytes;
    private RumorException end;

    Exchange(Connection connection) {
        this.connection = connection;
    }

    Exchange start() {
        Thread.ofPlatform().name("rumor-client").daemon().start(this::listen);
        return this;
    }

    /// Sends as soon as the window has room; the answer comes later, or a [RumorException] in its place.
    CompletableFuture<ClientReply> ask(ClientRequest.Builder request) {
        return ask(request, Duration.ZERO);
    }

    /// As above.
    ///
    /// @param within for how long the daemon is asked to wait before it answers
    CompletableFuture<ClientReply> ask(ClientRequest.Builder request, Duration within) {
        ClientRequest numbered = request.setId(lastId.incrementAndGet()).build();
        CompletableFuture<ClientReply> answer = new CompletableFuture<>();
        if (enter(numbered, new Question(answer, numbered.getSerializedSize(), within))) {
            try {
                connection.send(numbered);
            } catch (IOException broken) {
                // The reader finds the same, after the replies that came before it, and ends every question.
            }
        }
        return answer;
    }

    private boolean enter(ClientRequest request, Question question) {
        lock.lock();
        try {
            while (end == null && !questions.isEmpty() && !hasRoomFor(question.bytes)) {
                room.await();
            }
            if (end != null) {
                question.answer.completeExceptionally(end);
                return false;
            }
            questions.put(request.getId(), question);
            unansweredBytes += question.bytes;
            asked.signal();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            question.answer.completeExceptionally(RumorException.failed("interrupted before the request was sent"));
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoomFor(int bytes) {
        return questions.size() < WINDOW_REQUESTS && unansweredBytes + bytes <= WINDOW_BYTES;
    }

    private void listen() {
        try {
            for (Question oldest = awaitQuestion(); oldest != null; oldest = awaitQuestion()) {
                settle(connection.receive(oldest.within));
            }
        } catch (RumorException e) {
            end(e);
        } catch (RuntimeException | Error e) {
            end(RumorException.failed("the client failed: " + e));
            throw e;
        }
    }

    /// @return the oldest that is open, whose answer is due; null at the end
    private Question awaitQuestion() {
        lock.lock();
        try {
            while (end == null && questions.isEmpty()) {
                asked.awaitUninterruptibly();
            }
            return end == null ? questions.values().iterator().next() : null;
        } finally {
            lock.unlock();
        }
    }

    private void settle(ClientReply reply) {
        Question question = leave(reply.getId());
        if (question != null) {
            question.answer.complete(reply);
        } else if (reply.hasFailure()) {
            // Of no request, so of the connection.
            throw Translation.failure(reply.getFailure());
        } else {
            throw RumorException.failed("the daemon answered request " + reply.getId() + ", which is not open");
        }
    }

    private Question leave(long id) {
        lock.lock();
        try {
            Question question = questions.remove(id);
            if (question != null) {
                unansweredBytes -= question.bytes;
                room.signalAll();
            }
            return question;
        } finally {
            lock.unlock();
        }
    }

    private void end(RumorException why) {
        for (Question each : abandon(why)) {
            each.answer.completeExceptionally(why);
        }
    }

    private List<Question> abandon(RumorException why) {
        lock.lock();
        try {
            end = end == null ? why : end;
            List<Question> abandoned = List.copyOf(questions.values());
            questions.clear();
            asked.signalAll();
            room.signalAll();
            return abandoned;
        } finally {
            lock.unlock();
            // Also frees a caller that is still writing to a daemon that does not read.
            connection.close();
        }
    }

    @Override
    public void close() {
        end(RumorException.failed("the client was closed"));
    }
}
