package dev.rumor.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.proto.client.v1.Blocker;
import dev.rumor.proto.client.v1.BroadcastReply;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.EvictReply;
import dev.rumor.proto.client.v1.Failure;
import dev.rumor.proto.client.v1.Gap;
import dev.rumor.proto.client.v1.Holder;
import dev.rumor.proto.client.v1.HoldersReply;
import dev.rumor.proto.client.v1.LeaveReply;
import dev.rumor.proto.client.v1.Limits;
import dev.rumor.proto.client.v1.Member;
import dev.rumor.proto.client.v1.MembersReply;
import dev.rumor.proto.client.v1.ReadRecord;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.StatusReply;
import dev.rumor.proto.client.v1.StreamStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// From the host's words to the client's.
final class ReplyWriter {
    private ReplyWriter() {}

    static byte[] frame(Reply reply) {
        ClientReply frame = reply(reply);
        if (frame.getSerializedSize() <= Framing.MAX_FRAME_BYTES) {
            return Frame.of(frame);
        }
        String text = "the answer is larger than a frame (" + Framing.MAX_FRAME_BYTES + " bytes)";
        return Frame.of(reply(new Reply.Failed(reply.id(), Reply.Failed.Code.REFUSED, text, 0)));
    }

    private static ClientReply reply(Reply reply) {
        ClientReply.Builder frame = ClientReply.newBuilder().setId(reply.id());
        return switch (reply) {
            case Reply.Failed failed -> frame.setFailure(failure(failed)).build();
            case Reply.Accepted accepted ->
                frame.setBroadcast(accepted(accepted)).build();
            case Reply.Holders holders -> frame.setHolders(holders(holders)).build();
            case Reply.Left left ->
                frame.setLeave(LeaveReply.newBuilder().setName(left.name())).build();
            case Reply.Evicted evicted ->
                frame.setEvict(EvictReply.newBuilder().setName(evicted.name())).build();
            case Reply.Records records -> frame.setRead(records(records)).build();
            case Reply.Members members -> frame.setMembers(members(members)).build();
            case Reply.Status status -> frame.setStatus(status(status)).build();
        };
    }

    private static Failure.Builder failure(Reply.Failed failed) {
        return Failure.newBuilder()
                .setCode(
                        switch (failed.code()) {
                            case INVALID -> Failure.Code.CODE_INVALID;
                            case REFUSED -> Failure.Code.CODE_REFUSED;
                            case UNSUPPORTED -> Failure.Code.CODE_UNSUPPORTED;
                            case UNKNOWN -> Failure.Code.CODE_UNKNOWN;
                        })
                .setText(failed.text())
                .setRecord(failed.record());
    }

    private static BroadcastReply.Builder accepted(Reply.Accepted accepted) {
        BroadcastReply.Builder reply = BroadcastReply.newBuilder()
                .setOrigin(accepted.stream().origin())
                .setEpoch(accepted.stream().epoch())
                .setFirst(accepted.first())
                .setCount(accepted.count());
        accepted.outcome()
                .ifPresent(outcome -> reply.setReached(outcome.reached()).addAllHolders(holders(outcome.holders())));
        return reply;
    }

    private static HoldersReply.Builder holders(Reply.Holders reply) {
        return HoldersReply.newBuilder()
                .setCommitted(reply.holders().committed())
                .addAllHolders(holders(reply.holders().members()));
    }

    private static List<Holder> holders(List<View.Holder> members) {
        return members.stream()
                .map(each -> Holder.newBuilder()
                        .setName(each.register().name())
                        .setState(lower(each.register().state()))
                        .setLacks(each.lacks())
                        .setBehindMs(TimeUnit.NANOSECONDS.toMillis(each.behindNanos()))
                        .build())
                .toList();
    }

    private static ReadReply.Builder records(Reply.Records records) {
        ReadReply.Builder reply = ReadReply.newBuilder().setEnd(records.end()).setCursor(records.cursor());
        records.gap()
                .ifPresent(gap -> reply.setGap(Gap.newBuilder()
                        .setOrigin(gap.stream().origin())
                        .setEpoch(gap.stream().epoch())
                        .setFrom(gap.from())
                        .setTo(gap.to())));
        for (StoredRecord record : records.records()) {
            reply.addRecords(ReadRecord.newBuilder()
                    .setOrigin(record.stream().origin())
                    .setEpoch(record.stream().epoch())
                    .setSequence(record.sequence())
                    .setTopic(record.topic())
                    .setPayload(UnsafeByteOperations.unsafeWrap(record.payload()))
                    .setTimeMs(record.timeMillis()));
        }
        return reply;
    }

    private static MembersReply.Builder members(Reply.Members members) {
        MembersReply.Builder reply = MembersReply.newBuilder();
        for (View.Member member : members.view().members()) {
            long silentMillis = TimeUnit.NANOSECONDS.toMillis(member.silentNanos());
            reply.addMembers(Member.newBuilder()
                    .setName(member.register().name())
                    .setEpoch(member.register().epoch())
                    .setState(lower(member.register().standing()))
                    .setLiveness(lower(member.liveness()))
                    .addAllAddresses(member.register().addresses())
                    .setVersion(member.register().software())
                    .setLastSeenMs(members.wallMillis() - silentMillis));
        }
        return reply;
    }

    private static StatusReply.Builder status(Reply.Status status) {
        View view = status.view();
        Settings settings = view.settings();
        Map<Stream, Intervals> committed = new HashMap<>();
        view.committed().forEach(claim -> committed.put(claim.stream(), claim.held()));
        StatusReply.Builder reply = StatusReply.newBuilder()
                .setName(settings.name())
                .setCluster(settings.cluster())
                .setEpoch(view.open() ? view.stream().epoch() : 0)
                .setRecords(view.records())
                .setBytes(view.bytes())
                .setMembers(view.roster())
                .setLinked((int) view.linked())
                .setCommitted(
                        committed.values().stream().mapToLong(Intervals::count).sum())
                .setLimits(Limits.newBuilder()
                        .setMaxPayload(settings.maxPayload())
                        .setRetainBytes(settings.retainBytes())
                        .setRetainHard(settings.retainHard())
                        .setMesh(settings.mesh()))
                .setVersion(settings.software())
                .setEphemeral(status.ephemeral())
                .setRetired(view.retired());
        for (Claim claim : view.durable()) {
            reply.addStreams(StreamStatus.newBuilder()
                    .setOrigin(claim.stream().origin())
                    .setEpoch(claim.stream().epoch())
                    .setHeld(claim.held().toString())
                    .setCommitted(committed
                            .getOrDefault(claim.stream(), Intervals.NONE)
                            .toString()));
        }
        view.blocker()
                .ifPresent(blocker -> reply.setBlockedBy(Blocker.newBuilder()
                        .setName(blocker.name())
                        .setRecords(blocker.records())
                        .setSinceMs(TimeUnit.NANOSECONDS.toMillis(blocker.sinceNanos()))));
        return reply;
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
