package dev.rumor.client.cli;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Wait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/// Broadcasts lines ahead of their acknowledgements, in a thread of its own: a command that waits for input
/// still sees at once what is acknowledged, and what is not.
///
/// Lines travel in batches, and a batch leaves when it is full or when the input pauses, so that a pipe a
/// person types into is prompt. A batch is taken whole or not at all; therefore a line that the daemon is
/// known to refuse travels alone, after all before it were sent, and nothing is sent after it until it is
/// answered.
final class Feed {

    private static final int BATCH_BYTES = 256 << 10;
    /// What a line costs beyond its own bytes, so that many empty ones make a batch too.
    private static final int LINE_OVERHEAD_BYTES = 16;
    /// Batches whose acknowledgement the command has not looked at yet.
    private static final int MAX_AHEAD = 64;

    /// @param first number of its first line, from 1
    record Batch(long first, int lines, long bytes, CompletableFuture<Acknowledgement> answer) {
        long last() {
            return first + lines - 1;
        }

        Acknowledgement await() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RumorException known ? known : e;
            }
        }

        /// Waits for the answer, whatever it is.
        void settle() {
            answer.handle((taken, failure) -> taken).join();
        }
    }

    private static final Batch END = new Batch(0, 0, 0, null);

    private final RumorClient client;
    private final String topic;
    private final Wait wait;
    private final Lines lines;
    private final long maxPayload;

    private final BlockingQueue<Batch> batches = new LinkedBlockingQueue<>();
    private final Semaphore ahead = new Semaphore(MAX_AHEAD);
    private final Thread thread =
            Thread.ofPlatform().name("rumor-feed").daemon().unstarted(this::run);
    private volatile boolean stopped;

    private List<byte[]> gathered = new ArrayList<>();
    private long gatheredBytes;
    private long first = 1;

    /// @param maxPayload what the daemon takes, in bytes
    Feed(RumorClient client, String topic, Wait wait, Lines lines, long maxPayload) {
        this.client = client;
        this.topic = topic;
        this.wait = wait;
        this.lines = lines;
        this.maxPayload = maxPayload;
    }

    Feed start() {
        thread.start();
        return this;
    }

    /// Waits for the next batch that was sent; null after the last. Calls `pause` if there is nothing to do
    /// meanwhile.
    Batch next(Runnable pause) throws InterruptedException {
        Batch batch = batches.poll();
        if (batch == null) {
            pause.run();
            batch = batches.take();
        }
        if (batch == END) {
            return null;
        }
        if (!batch.answer.isDone()) {
            pause.run();
        }
        ahead.release();
        return batch;
    }

    /// Sends nothing more.
    ///
    /// @return what was sent and not given out by [#next]
    synchronized List<Batch> stop() {
        stopped = true;
        thread.interrupt();
        List<Batch> rest = new ArrayList<>();
        batches.drainTo(rest);
        rest.remove(END);
        return rest;
    }

    private void run() {
        try {
            pass();
        } catch (InterruptedException stoppedByUser) {
            return;
        }
        batches.add(END);
    }

    private void pass() throws InterruptedException {
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                gather(line);
            }
        } catch (IOException e) {
            fail(RumorException.failed("cannot read the input: " + e.getMessage()));
        } catch (RuntimeException | Error e) {
            // Whatever it is, the command waits for news of it.
            fail(e);
        }
    }

    private void gather(byte[] line) throws IOException, InterruptedException {
        boolean refused = line.length > maxPayload;
        long cost = line.length + topic.length() + LINE_OVERHEAD_BYTES;
        if (refused || gatheredBytes + cost > BATCH_BYTES) {
            send();
        }
        gathered.add(line);
        gatheredBytes += cost;
        if (refused) {
            send().settle();
        } else if (gathered.size() == RumorClient.MAX_TOGETHER || !lines.ready()) {
            send();
        }
    }

    /// @return what was sent; null if nothing was gathered
    private Batch send() throws InterruptedException {
        if (gathered.isEmpty()) {
            return null;
        }
        ahead.acquire();
        return sendNow();
    }

    /// Under the lock, so that after [#stop] everything that was sent is accounted for.
    private synchronized Batch sendNow() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException();
        }
        long bytes = gathered.stream().mapToLong(line -> line.length).sum();
        Batch batch = new Batch(first, gathered.size(), bytes, broadcast());
        batches.add(batch);
        first += gathered.size();
        gathered = new ArrayList<>();
        gatheredBytes = 0;
        return batch;
    }

    /// After one failure nothing more is sent.
    private CompletableFuture<Acknowledgement> broadcast() {
        return client.broadcastAsync(topic, gathered, wait).whenComplete((taken, failure) -> {
            if (failure != null) {
                stopped = true;
            }
        });
    }

    private void fail(Throwable why) throws InterruptedException {
        send();
        batches.add(new Batch(first, 0, 0, CompletableFuture.failedFuture(why)));
    }
}
