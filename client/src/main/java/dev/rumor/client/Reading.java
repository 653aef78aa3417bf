package dev.rumor.client;

import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.ReadRecord;
import dev.rumor.proto.client.v1.ReadReply;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Records as they arrive, one reply in memory at a time.
///
/// It has a connection to itself: whoever reads slowly is slowed by TCP alone and holds up no other request,
/// and to stop early is to hang up.
final class Reading implements Iterator<ReceivedRecord>, AutoCloseable {

    private final Connection connection;
    private Iterator<ReadRecord> arrived = Collections.emptyIterator();
    private boolean ended;

    private Reading(Connection connection) {
        this.connection = connection;
    }

    static Reading start(Connection connection, ClientRequest request) {
        try {
            connection.send(request);
            return new Reading(connection);
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

    private void receive() {
        ClientReply reply = connection.receive();
        Translation.expect(reply, ClientReply.AnsweredCase.READ);
        ReadReply part = reply.getRead();
        arrived = part.getRecordsList().iterator();
        ended = part.getEnd();
        if (ended) {
            connection.close();
        }
    }

    @Override
    public ReceivedRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return Translation.received(arrived.next());
    }

    @Override
    public void close() {
        connection.close();
    }
}
