package dev.rumor.client;

import dev.rumor.proto.client.v1.BroadcastReply;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.Failure;
import dev.rumor.proto.client.v1.HoldersReply;
import dev.rumor.proto.client.v1.ReadRecord;
import dev.rumor.proto.client.v1.StatusReply;
import dev.rumor.proto.client.v1.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// From what the wire says to what users of this library see: protobuf's types end here.
final class Translation {

    static RumorException failure(Failure failure) {
        String sentence = failure.getText().isEmpty() ? "refused, without a reason" : failure.getText();
        boolean passing = failure.getCode() == Failure.Code.CODE_REFUSED;
        return RumorException.refused(sentence, failure.getRecord(), passing);
    }

    static Acknowledgement acknowledgement(ClientReply reply, int asked, Wait wait) {
        expect(reply, ClientReply.AnsweredCase.BROADCAST);
        BroadcastReply taken = reply.getBroadcast();
        if (taken.getCount() != asked) {
            throw RumorException.failed(
                    "the daemon acknowledged " + taken.getCount() + " records where " + asked + " were sent");
        }
        return new Acknowledgement(
                new RecordId(taken.getOrigin(), taken.getEpoch(), taken.getFirst()),
                asked,
                wait.isLocal() || taken.getReached(),
                holders(taken.getHoldersList()));
    }

    static Receipts receipts(ClientReply reply) {
        expect(reply, ClientReply.AnsweredCase.HOLDERS);
        HoldersReply said = reply.getHolders();
        return new Receipts(said.getCommitted(), holders(said.getHoldersList()));
    }

    private static List<Holder> holders(List<dev.rumor.proto.client.v1.Holder> said) {
        return said.stream()
                .map(each -> new Holder(
                        each.getName(), each.getState(), each.getLacks(), Duration.ofMillis(each.getBehindMs())))
                .toList();
    }

    /// What is asked for beside the records; nothing for a wait for nobody.
    static BroadcastRequest.Builder broadcast(Wait wait) {
        BroadcastRequest.Builder request = BroadcastRequest.newBuilder();
        return wait.isLocal()
                ? request
                : request.setWait(dev.rumor.proto.client.v1.Wait.newBuilder()
                        .setQuorum(quorum(wait))
                        .setMembers(wait.members())
                        .setWithinMs(Math.toIntExact(wait.within().toMillis())));
    }

    private static dev.rumor.proto.client.v1.Wait.Quorum quorum(Wait wait) {
        return switch (wait.quorum()) {
            case LOCAL -> dev.rumor.proto.client.v1.Wait.Quorum.QUORUM_UNSPECIFIED;
            case COUNT -> dev.rumor.proto.client.v1.Wait.Quorum.QUORUM_COUNT;
            case MAJORITY -> dev.rumor.proto.client.v1.Wait.Quorum.QUORUM_MAJORITY;
            case ALL -> dev.rumor.proto.client.v1.Wait.Quorum.QUORUM_ALL;
        };
    }

    static ReceivedRecord received(ReadRecord record) {
        return new ReceivedRecord(
                new RecordId(record.getOrigin(), record.getEpoch(), record.getSequence()),
                record.getTopic(),
                record.getPayload().toByteArray(),
                Instant.ofEpochMilli(record.getTimeMs()));
    }

    static List<Member> members(ClientReply reply) {
        expect(reply, ClientReply.AnsweredCase.MEMBERS);
        return reply.getMembers().getMembersList().stream()
                .map(Translation::member)
                .toList();
    }

    private static Member member(dev.rumor.proto.client.v1.Member said) {
        return new Member(
                said.getName(),
                said.getEpoch(),
                said.getState(),
                said.getLiveness(),
                List.copyOf(said.getAddressesList()),
                said.getVersion(),
                Instant.ofEpochMilli(said.getLastSeenMs()));
    }

    static String left(ClientReply reply) {
        expect(reply, ClientReply.AnsweredCase.LEAVE);
        return reply.getLeave().getName();
    }

    static void evicted(ClientReply reply) {
        expect(reply, ClientReply.AnsweredCase.EVICT);
    }

    static Status status(ClientReply reply) {
        expect(reply, ClientReply.AnsweredCase.STATUS);
        StatusReply said = reply.getStatus();
        return new Status(
                said.getName(),
                said.getCluster(),
                said.getEpoch(),
                said.getRecords(),
                said.getBytes(),
                said.getStreamsList().stream().map(Translation::held).toList(),
                said.getMembers(),
                said.getLinked(),
                said.getCommitted(),
                said.hasBlockedBy() ? Optional.of(blocker(said.getBlockedBy())) : Optional.empty(),
                new Status.Limits(
                        said.getLimits().getMaxPayload(),
                        said.getLimits().getRetainBytes(),
                        said.getLimits().getRetainHard(),
                        said.getLimits().getMesh()),
                said.getVersion(),
                said.getEphemeral(),
                said.getRetired());
    }

    private static Status.Held held(StreamStatus said) {
        return new Status.Held(said.getOrigin(), said.getEpoch(), said.getHeld(), said.getCommitted());
    }

    private static Status.Blocker blocker(dev.rumor.proto.client.v1.Blocker said) {
        return new Status.Blocker(said.getName(), said.getRecords(), Duration.ofMillis(said.getSinceMs()));
    }

    /// A failure is an answer to every request; any other answer must be of the request's own kind.
    static void expect(ClientReply reply, ClientReply.AnsweredCase kind) {
        if (reply.hasFailure()) {
            throw failure(reply.getFailure());
        }
        if (reply.getAnsweredCase() != kind) {
            throw RumorException.failed("the daemon answered something else than it was asked");
        }
    }

    private Translation() {}
}
