package dev.rumor.client;

import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.Gap;
import dev.rumor.proto.client.v1.ReadRecord;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.ReadRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// What one daemon tells a reader, as it arrives, one reply in memory at a time.
///
/// It has a connection to itself: whoever reads slowly is slowed by TCP alone and holds up no other request,
/// and to stop early is to hang up.
final class Reading implements Iterator<Told>, AutoCloseable {

    /// A daemon that is followed says something at least so often.
    private static final Duration BEAT = Duration.ofSeconds(2);

    private static final int CHECK_CHARACTERS = 8;

    private final Connection connection;
    private final Duration pause;
    private Iterator<Told> arrived = Collections.emptyIterator();
    private String cursor;
    private boolean ended;

    private Reading(Connection connection, Selection selection, boolean follows) {
        this.connection = connection;
        this.cursor = selection.from();
        this.pause = follows ? BEAT : Duration.ZERO;
    }

    /// @param follows whether it goes on with what comes
    static Reading start(Connection connection, Selection selection, boolean follows) {
        ReadRequest.Builder read = ReadRequest.newBuilder()
                .setLimit(selection.limit())
                .setAfter(selection.from())
                .setFollow(follows);
        selection.topic().ifPresent(read::setTopic);
        try {
            connection.send(ClientRequest.newBuilder().setId(1).setRead(read).build());
            return new Reading(connection, selection, follows);
        } catch (IOException e) {
            connection.close();
            throw connection.lost(e);
        }
    }

    @Override
    public boolean hasNext() {
        while (!arrived.hasNext() && !ended) {
            receive();
        }
        return arrived.hasNext();
    }

    /// Whether there is something that need not be waited for.
    boolean isReady() {
        return arrived.hasNext();
    }

    /// How far it has come.
    String cursor() {
        return cursor;
    }

    /// Waits for the next reply.
    void receive() {
        ClientReply reply = connection.receive(pause);
        Translation.expect(reply, ClientReply.AnsweredCase.READ);
        ReadReply part = reply.getRead();
        cursor = part.getCursor();
        arrived = told(part).iterator();
        ended = part.getEnd();
        if (ended) {
            connection.close();
        }
    }

    private static Stream<Told> told(ReadReply part) {
        String before = part.getCursor();
        Stream<Told> records = part.getRecordsList().stream()
                .map(each -> new Told.Received(Translation.received(each), after(before, each)));
        return part.hasGap() ? Stream.concat(records, Stream.of(gap(before, part.getGap()))) : records;
    }

    private static String after(String before, ReadRecord record) {
        return after(before, new RecordId(record.getOrigin(), record.getEpoch(), record.getSequence()));
    }

    private static Told gap(String before, Gap gap) {
        String after = after(before, new RecordId(gap.getOrigin(), gap.getEpoch(), gap.getTo()));
        return new Told.Gap(gap.getOrigin(), gap.getEpoch(), gap.getFrom(), gap.getTo(), after);
    }

    /// See `ReadReply.cursor` in client.proto.
    private static String after(String before, RecordId id) {
        String text = before.substring(0, Math.max(0, before.length() - CHECK_CHARACTERS)) + "~"
                + id.toString().replace('/', '~');
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        String digits = Long.toString(sum.getValue(), Character.MAX_RADIX);
        return text + "~" + "0".repeat(CHECK_CHARACTERS - 1 - digits.length()) + digits;
    }

    @Override
    public Told next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Told next = arrived.next();
        cursor = next.cursor();
        return next;
    }

    @Override
    public void close() {
        connection.close();
    }
}
