package dev.rumor.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.EvictRequest;
import dev.rumor.proto.client.v1.HoldersRequest;
import dev.rumor.proto.client.v1.LeaveRequest;
import dev.rumor.proto.client.v1.MembersRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.StatusRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A user of one daemon.
///
/// ```java
/// try (var client = RumorClient.connect(Address.parse("127.0.0.1:7400"), Duration.ofSeconds(10))) {
///     RecordId id = client.broadcast("greetings", "hello".getBytes(UTF_8));
/// }
/// ```
///
/// Every method blocks until the daemon has answered, except [#broadcastAsync], which waits for room only.
/// All may be called from any thread. What goes wrong is a [RumorException]. A client whose connection is
/// lost stays lost: it never sends anything twice; connect a new one.
public final class RumorClient implements AutoCloseable {

    /// Of the protocol; a daemon's own limit may be lower, see [Status.Limits].
    public static final int MAX_PAYLOAD_BYTES = 8 << 20;

    /// Of the protocol, as UTF-8.
    public static final int MAX_TOPIC_BYTES = 255;

    /// How many records may be broadcast together.
    public static final int MAX_TOGETHER = 4096;

    private final Address address;
    private final Duration timeout;
    private final Exchange exchange;

    private RumorClient(Address address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
        this.exchange = new Exchange(Connection.open(address, timeout)).start();
    }

    /// @param timeout for connecting, and for how long the daemon may be silent while it owes an answer, beyond what it
    ///     is asked to wait; 1 ms to 24 h
    /// @throws RumorException if nobody listens there
    public static RumorClient connect(Address address, Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("a timeout is 1 ms to 24 h, not " + timeout);
        }
        return new RumorClient(address, timeout);
    }

    /// Broadcasts one record and waits until it is taken.
    ///
    /// @param topic empty for none, at most 255 bytes of UTF-8
    /// @param payload may be empty, at most what the daemon allows
    public RecordId broadcast(String topic, byte[] payload) {
        return await(broadcastAsync(topic, List.of(payload))).first();
    }

    /// Broadcasts one record and waits until other members hold it too, or until the time for that is over; the record
    /// stays in either case.
    ///
    /// ```java
    /// Acknowledgement taken = client.broadcast("orders", payload, Wait.majority(Duration.ofSeconds(5)));
    /// if (!taken.reached()) {
    ///     System.err.println(taken.first() + " is not yet at " + taken.missing());
    /// }
    /// ```
    public Acknowledgement broadcast(String topic, byte[] payload, Wait wait) {
        return await(broadcastAsync(topic, List.of(payload), wait));
    }

    /// Broadcasts records together, all of them or none, without waiting for their acknowledgement: this is
    /// how to broadcast many. Waits while about 2 MiB or 1,024 requests are not acknowledged.
    /// Acknowledgements come in the order of the calls, in a thread that must not be held up, or a
    /// [RumorException] in their place. A request that is refused does not stop those sent after it.
    ///
    /// @param payloads 1 to 4,096 of them, together with their topics at most 8 MiB
    public CompletableFuture<Acknowledgement> broadcastAsync(String topic, List<byte[]> payloads) {
        return broadcastAsync(topic, payloads, Wait.local());
    }

    /// As above, each acknowledged when other members hold its records too, or the time for that is over. Those that
    /// were sent after one that waits are acknowledged after it.
    public CompletableFuture<Acknowledgement> broadcastAsync(String topic, List<byte[]> payloads, Wait wait) {
        check(topic, payloads);
        BroadcastRequest.Builder records = Translation.broadcast(wait);
        for (byte[] each : payloads) {
            records.addRecords(
                    NewRecord.newBuilder().setTopic(topic).setPayload(UnsafeByteOperations.unsafeWrap(each)));
        }
        int count = payloads.size();
        return exchange.ask(ClientRequest.newBuilder().setBroadcast(records), wait.within())
                .thenApply(reply -> Translation.acknowledgement(reply, count, wait));
    }

    private static void check(String topic, List<byte[]> payloads) {
        int topicBytes = topic.getBytes(StandardCharsets.UTF_8).length;
        if (topicBytes > MAX_TOPIC_BYTES) {
            throw RumorException.failed(
                    "a topic of " + topicBytes + " bytes, where " + MAX_TOPIC_BYTES + " is the most");
        }
        if (payloads.isEmpty() || payloads.size() > MAX_TOGETHER) {
            throw RumorException.failed("1 to " + MAX_TOGETHER + " records go together, not " + payloads.size());
        }
        long bytes = payloads.stream().mapToLong(each -> each.length).sum();
        if (payloads.size() > 1) {
            bytes += (long) topicBytes * payloads.size();
        }
        if (bytes > MAX_PAYLOAD_BYTES) {
            throw RumorException.failed(
                    bytes + " bytes broadcast together, where " + MAX_PAYLOAD_BYTES + " is the most");
        }
    }

    /// Every record that the daemon retains, within each stream in its order; read as they arrive, so a
    /// result of any size takes little memory. Close the stream if it is not read to its end; reading may
    /// throw a [RumorException].
    ///
    /// @param topic only records of this topic; null for all
    /// @param limit at most so many; 0 for all
    public Stream<ReceivedRecord> read(String topic, long limit) {
        Selection selection = new Selection("start", Optional.ofNullable(topic), limit);
        return read(selection).flatMap(told -> switch (told) {
            case Told.Received(ReceivedRecord record, String cursor) -> Stream.of(record);
            case Told.Gap gap -> Stream.empty();
        });
    }

    /// As above, from where the selection says on, with cursors and gaps.
    public Stream<Told> read(Selection selection) {
        Reading reading = Reading.start(Connection.open(address, timeout), selection, false);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(reading, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(reading::close);
    }

    /// Follows: as [#read], and then what comes. When the daemon is lost, it goes on at another one, or at this one
    /// when it is back; this client itself need not be there any more.
    ///
    /// ```java
    /// Address other = Address.parse("127.0.0.1:7401");
    /// try (Subscription news = client.subscribe(Selection.start().topic("news"), other)) {
    ///     while (news.hasNext()) {
    ///         if (news.next() instanceof Told.Received(ReceivedRecord record, String cursor)) {
    ///             System.out.println(record.text().orElse("") + ", and on from " + cursor);
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// @param others where else it may go on
    public Subscription subscribe(Selection selection, Address... others) {
        List<Address> nodes =
                Stream.concat(Stream.of(address), Stream.of(others)).toList();
        return Subscription.open(selection, nodes, timeout, sentence -> {});
    }

    /// The roster in order of names, the daemon itself included.
    public List<Member> members() {
        return Translation.members(ask(ClientRequest.newBuilder().setMembers(MembersRequest.getDefaultInstance())));
    }

    public Status status() {
        return Translation.status(ask(ClientRequest.newBuilder().setStatus(StatusRequest.getDefaultInstance())));
    }

    /// Who durably holds a record and who does not, as far as the daemon knows.
    ///
    /// @throws RumorException if it knows nothing of such a record
    public Receipts holders(RecordId id) {
        return Translation.receipts(ask(ClientRequest.newBuilder()
                .setHolders(HoldersRequest.newBuilder()
                        .setOrigin(id.origin())
                        .setEpoch(id.epoch())
                        .setSequence(id.sequence()))));
    }

    /// Has the daemon leave the cluster for good, and waits until the others hold what it holds and know; then it ends.
    ///
    /// @param within how long the others may take, 1 ms to 24 h
    /// @return the name of the daemon
    /// @throws RumorException if it refuses, and so goes on: the others took too long, or it is linked to none
    public String leave(Duration within) {
        LeaveRequest.Builder leave = LeaveRequest.newBuilder().setWithinMs(Math.toIntExact(within.toMillis()));
        return Translation.left(await(exchange.ask(ClientRequest.newBuilder().setLeave(leave), within)));
    }

    /// Has the cluster wait no longer for that member. If its process lives, it stops; started again, it joins as a new
    /// member, with all that its disk holds.
    ///
    /// @param force even if no majority of the members can be reached
    /// @throws RumorException if the daemon refuses: there is no such member, or no majority
    public void evict(String name, boolean force) {
        EvictRequest.Builder evict = EvictRequest.newBuilder().setName(name).setForce(force);
        Translation.evicted(ask(ClientRequest.newBuilder().setEvict(evict)));
    }

    private ClientReply ask(ClientRequest.Builder request) {
        return await(exchange.ask(request));
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RumorException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RumorException.failed("interrupted while waiting for the daemon");
        }
    }

    /// Hangs up. What is not acknowledged by now may or may not be taken.
    @Override
    public void close() {
        exchange.close();
    }
}
