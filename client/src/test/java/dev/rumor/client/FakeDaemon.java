package dev.rumor.client;

import com.google.protobuf.ByteString;
import dev.rumor.proto.client.v1.BroadcastReply;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.Failure;
import dev.rumor.proto.client.v1.Gap;
import dev.rumor.proto.client.v1.Holder;
import dev.rumor.proto.client.v1.Limits;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadRecord;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.StatusReply;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/// As much of a daemon as a client can see: it keeps what is broadcast, in one stream `n1/rs/…`, and answers
/// as told.
public final class FakeDaemon implements AutoCloseable {

    public static final String ORIGIN = "n1";
    public static final long EPOCH = 1000;
    public static final long TIME_MILLIS = 1_700_000_000_007L;

    /// The cursor before all that it shows.
    public static final String CURSOR = "AQ~0000000";

    /// What is done with a request; throwing hangs up.
    public interface Manner {
        void treat(ClientRequest request, Caller caller) throws IOException;
    }

    /// What is done with a connection before the first request.
    public interface Welcome {
        void greet(Caller caller) throws IOException;
    }

    /// One connection of a client.
    public static final class Caller {
        private final Socket socket;
        private final DataOutputStream out;

        private Caller(Socket socket) throws IOException {
            this.socket = socket;
            this.out = new DataOutputStream(socket.getOutputStream());
        }

        public void say(ClientRequest request, ClientReply.Builder reply) throws IOException {
            byte[] frame = reply.setId(request.getId()).build().toByteArray();
            out.writeInt(frame.length);
            out.write(frame);
            out.flush();
        }

        public void write(byte[] raw) throws IOException {
            out.write(raw);
        }

        public boolean isHeard() {
            try {
                socket.setSoTimeout(10_000);
                return socket.getInputStream().read() >= 0;
            } catch (IOException e) {
                return false;
            }
        }

        public void hangUp() throws IOException {
            socket.close();
        }
    }

    private final ServerSocket server;
    private final Map<ClientRequest.AskedCase, Manner> manners = new EnumMap<>(ClientRequest.AskedCase.class);
    private final ConcurrentLinkedQueue<Closeable> calls = new ConcurrentLinkedQueue<>();
    private final List<NewRecord> taken = new ArrayList<>();
    private volatile int maxPayload = 1 << 20;
    private volatile List<Holder> late = List.of();
    private volatile Welcome welcome = caller -> {};

    private FakeDaemon(ServerSocket server) {
        this.server = server;
        manners.put(ClientRequest.AskedCase.BROADCAST, this::take);
        manners.put(ClientRequest.AskedCase.READ, this::show);
        manners.put(
                ClientRequest.AskedCase.STATUS,
                (request, caller) -> caller.say(
                        request,
                        ClientReply.newBuilder()
                                .setStatus(StatusReply.newBuilder()
                                        .setLimits(Limits.newBuilder().setMaxPayload(maxPayload)))));
    }

    public static FakeDaemon start() {
        try {
            FakeDaemon daemon = new FakeDaemon(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofPlatform().daemon().start(daemon::accept);
            return daemon;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeDaemon on(ClientRequest.AskedCase kind, Manner manner) {
        manners.put(kind, manner);
        return this;
    }

    public FakeDaemon greeting(Welcome greeting) {
        welcome = greeting;
        return this;
    }

    public FakeDaemon limitedTo(int bytes) {
        maxPayload = bytes;
        return this;
    }

    /// From here on the time of every wait is over at once, and this is who is active.
    public FakeDaemon waitingInVainFor(Holder... active) {
        late = List.of(active);
        return this;
    }

    public static Holder holder(String name, long lacks, long behindMillis) {
        return Holder.newBuilder()
                .setName(name)
                .setState("active")
                .setLacks(lacks)
                .setBehindMs(behindMillis)
                .build();
    }

    public Address address() {
        return new Address("127.0.0.1", server.getLocalPort());
    }

    /// The payloads taken so far, in order.
    public List<byte[]> payloads() {
        synchronized (taken) {
            return taken.stream().map(each -> each.getPayload().toByteArray()).toList();
        }
    }

    public List<String> topics() {
        synchronized (taken) {
            return taken.stream().map(NewRecord::getTopic).toList();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                calls.add(socket);
                Thread.ofPlatform().daemon().start(() -> converse(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            Caller caller = new Caller(socket);
            welcome.greet(caller);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (!new String(in.readNBytes(4), "US-ASCII").equals("RUMC")) {
                throw new IOException("no client");
            }
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                ClientRequest request = ClientRequest.parseFrom(frame);
                manners.get(request.getAskedCase()).treat(request, caller);
            }
        } catch (IOException over) {
            // Either side hung up.
        }
    }

    /// Takes all records of the request, or refuses it because one is larger than the limit.
    public void take(ClientRequest request, Caller caller) throws IOException {
        BroadcastRequest broadcast = request.getBroadcast();
        for (int k = 0; k < broadcast.getRecordsCount(); k++) {
            int size = broadcast.getRecords(k).getPayload().size();
            if (size > maxPayload) {
                caller.say(request, refusal("the payload has " + size + " bytes, the limit is " + maxPayload, k));
                return;
            }
        }
        long first;
        synchronized (taken) {
            first = taken.size() + 1;
            taken.addAll(broadcast.getRecordsList());
        }
        caller.say(
                request,
                ClientReply.newBuilder()
                        .setBroadcast(BroadcastReply.newBuilder()
                                .setOrigin(ORIGIN)
                                .setEpoch(EPOCH)
                                .setFirst(first)
                                .setCount(broadcast.getRecordsCount())
                                .setReached(broadcast.hasWait() && late.isEmpty())
                                .addAllHolders(broadcast.hasWait() ? late : List.of())));
    }

    public static ClientReply.Builder refusal(String text, int record) {
        return ClientReply.newBuilder()
                .setFailure(Failure.newBuilder()
                        .setCode(Failure.Code.CODE_REFUSED)
                        .setText(text)
                        .setRecord(record));
    }

    private void show(ClientRequest request, Caller caller) throws IOException {
        long limit = request.getRead().getLimit() == 0
                ? Long.MAX_VALUE
                : request.getRead().getLimit();
        List<NewRecord> all;
        synchronized (taken) {
            all = List.copyOf(taken);
        }
        for (int k = 0; k < all.size() && limit > 0; k++) {
            NewRecord each = all.get(k);
            if (!request.getRead().hasTopic() || request.getRead().getTopic().equals(each.getTopic())) {
                caller.say(request, part(record(k + 1, each.getTopic(), each.getPayload())));
                limit--;
            }
        }
        caller.say(
                request,
                ClientReply.newBuilder()
                        .setRead(ReadReply.newBuilder().setEnd(true).setCursor(CURSOR)));
    }

    public static ReadRecord record(long sequence, String topic, ByteString payload) {
        return ReadRecord.newBuilder()
                .setOrigin(ORIGIN)
                .setEpoch(EPOCH)
                .setSequence(sequence)
                .setTopic(topic)
                .setPayload(payload)
                .setTimeMs(TIME_MILLIS)
                .build();
    }

    public static ClientReply.Builder part(ReadRecord record) {
        return ClientReply.newBuilder()
                .setRead(ReadReply.newBuilder().addRecords(record).setCursor(CURSOR));
    }

    public static ClientReply.Builder gap(long from, long to) {
        return ClientReply.newBuilder()
                .setRead(ReadReply.newBuilder()
                        .setCursor(CURSOR)
                        .setGap(Gap.newBuilder()
                                .setOrigin(ORIGIN)
                                .setEpoch(EPOCH)
                                .setFrom(from)
                                .setTo(to)));
    }

    /// A reader's place, and nothing else.
    public static ClientReply.Builder place(String cursor) {
        return ClientReply.newBuilder().setRead(ReadReply.newBuilder().setCursor(cursor));
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Closeable each : calls) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
