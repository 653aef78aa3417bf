package dev.rumor.wire;

import static dev.rumor.wire.Sayings.DISK;
import static dev.rumor.wire.Sayings.REGISTER;
import static dev.rumor.wire.Sayings.STREAM;
import static dev.rumor.wire.Sayings.TAG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.proto.client.v1.BroadcastReply;
import dev.rumor.proto.client.v1.ClientReply;
import dev.rumor.proto.client.v1.Failure;
import dev.rumor.proto.client.v1.Holder;
import dev.rumor.proto.client.v1.Member;
import dev.rumor.proto.client.v1.ReadReply;
import dev.rumor.proto.client.v1.StatusReply;
import dev.rumor.proto.client.v1.StreamStatus;
import dev.rumor.wire.Reply.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final long NOW = 1_763_600_100_000L;
    private static final Stream OTHER = new Stream("db", 5);

    private final View view = new View(
            Settings.of("web-1", "rumor", List.of(), false, "0.1.0"),
            true,
            STREAM,
            DISK,
            48,
            4800,
            List.of(claim(STREAM, 1, 40, 43, 50), claim(OTHER, 1, 9)),
            List.of(),
            List.of(claim(STREAM, 1, 30), claim(new Stream("db", 4), 1, 5)),
            List.of(
                    new View.Member(REGISTER, View.Liveness.SELF, 0),
                    new View.Member(
                            REGISTER.raised(Register.State.LEFT),
                            View.Liveness.GONE,
                            Duration.ofSeconds(20).toNanos()),
                    new View.Member(REGISTER, View.Liveness.LINKED, 1)),
            Optional.of(new View.Blocker("db", 18, Duration.ofSeconds(3).toNanos())),
            0,
            1,
            true);

    private final List<View.Holder> holders = List.of(
            new View.Holder(REGISTER, 0, 0),
            new View.Holder(
                    REGISTER.raised(Register.State.JOINING),
                    2,
                    Duration.ofSeconds(3).toNanos()));

    @Test
    void theBytesOfEveryReplyStayWhatTheyAre() throws IOException {
        StoredRecord record = new StoredRecord(STREAM, 7, NOW, 0, "t", "text".getBytes(StandardCharsets.UTF_8));
        List<Reply> replies = List.of(
                new Reply.Failed(1, Reply.Failed.Code.INVALID, "a topic is too long", 3),
                new Reply.Accepted(2, STREAM, 41, 2, Optional.empty()),
                new Reply.Holders(6, new View.Holders(true, holders)),
                new Reply.Records(3, "AQAA~0000000", List.of(record), Optional.of(new Range(STREAM, 3, 6)), true),
                new Reply.Members(4, view, NOW),
                new Reply.Status(5, view, true),
                new Reply.Left(7, "web-1"),
                new Reply.Evicted(8, "db"));
        assertThat(replies).extracting(reply -> (Object) reply.getClass()).containsExactlyInAnyOrder((Object[])
                Reply.class.getPermittedSubclasses());
        Map<String, byte[]> frames = new LinkedHashMap<>();
        replies.forEach(reply -> frames.put(reply.getClass().getSimpleName(), ClientCodec.encode(reply)));
        Golden.check("client-replies.txt", frames);
    }

    @Test
    void aFailureKeepsItsCode() throws IOException {
        for (Reply.Failed.Code code : Reply.Failed.Code.values()) {
            Failure failure = read(new Reply.Failed(1, code, "why", 2)).getFailure();
            assertThat(failure.getCode().name()).isEqualTo("CODE_" + code);
            assertThat(failure.getText()).isEqualTo("why");
            assertThat(failure.getRecord()).isEqualTo(2);
        }
    }

    @Test
    void membersAreInWordsOfLowerCaseAndSeenInWallTime() throws IOException {
        List<Member> members =
                read(new Reply.Members(4, view, NOW)).getMembers().getMembersList();
        assertThat(members).extracting(Member::getState).containsExactly("active", "left", "active");
        assertThat(members).extracting(Member::getLiveness).containsExactly("self", "gone", "linked");
        assertThat(members).extracting(Member::getLastSeenMs).containsExactly(NOW, NOW - 20_000, NOW);
        assertThat(members.getFirst().getAddressesList()).containsExactly("10.0.0.1:7400", "[::1]:7400");
        assertThat(members.getFirst().getVersion()).isEqualTo("0.1.0");
    }

    @Test
    void statusCountsWhatIsCommittedAndNamesTheBlocker() throws IOException {
        StatusReply status = read(new Reply.Status(5, view, true)).getStatus();
        assertThat(status.getCommitted()).isEqualTo(35);
        assertThat(status.getEpoch()).isEqualTo(STREAM.epoch());
        assertThat(status.getMembers()).as("one has left").isEqualTo(2);
        assertThat(status.getLinked()).isEqualTo(1);
        assertThat(status.getEphemeral()).isTrue();
        assertThat(status.getBlockedBy().getName()).isEqualTo("db");
        assertThat(status.getBlockedBy().getSinceMs()).isEqualTo(3000);
        assertThat(status.getLimits().getMaxPayload()).isEqualTo(1 << 20);
        assertThat(status.getStreamsList()).extracting(StreamStatus::getHeld).containsExactly("1-40,43-50", "1-9");
        assertThat(status.getStreamsList())
                .extracting(StreamStatus::getCommitted)
                .containsExactly("1-30", "-");
    }

    @Test
    void aNodeThatIsNotOpenHasNoEpochYet() throws IOException {
        View closed = new View(
                view.settings(),
                false,
                null,
                DISK,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                0,
                0,
                false);
        StatusReply status = read(new Reply.Status(5, closed, true)).getStatus();
        assertThat(status.getEpoch()).isZero();
        assertThat(status.hasBlockedBy()).isFalse();
    }

    @Test
    void aWaitThatDidNotReachItsQuorumSaysWhoLacksHowMuch() throws IOException {
        Outcome missed = new Outcome(false, holders);
        BroadcastReply reply =
                read(new Reply.Accepted(1, STREAM, 41, 2, Optional.of(missed))).getBroadcast();
        assertThat(reply.getReached()).isFalse();
        assertThat(reply.getHoldersList()).extracting(Holder::getState).containsExactly("active", "joining");
        assertThat(reply.getHoldersList()).extracting(Holder::getLacks).containsExactly(0L, 2L);
        assertThat(reply.getHoldersList()).extracting(Holder::getBehindMs).containsExactly(0L, 3000L);
    }

    @Test
    void aWaitThatReachedItsQuorumNamesNobody() throws IOException {
        Outcome reached = new Outcome(true, List.of());
        BroadcastReply reply =
                read(new Reply.Accepted(1, STREAM, 41, 2, Optional.of(reached))).getBroadcast();
        assertThat(reply.getReached()).isTrue();
        assertThat(reply.getHoldersList()).isEmpty();
    }

    @Test
    void theLongestOfTopicsAndTheEndOfAReadComeBack() throws IOException {
        StoredRecord record = new StoredRecord(STREAM, 1, 1, 0, "t".repeat(255), new byte[99]);
        ReadReply reply = read(new Reply.Records(1, "", List.of(record), Optional.empty(), true))
                .getRead();
        assertThat(reply.getEnd()).isTrue();
        assertThat(reply.getRecords(0).getTopic()).hasSize(255);
    }

    @Test
    void anAnswerThatDoesNotFitAFrameIsRefusedInWords() throws IOException {
        StoredRecord record = new StoredRecord(STREAM, 1, 1, 0, "", new byte[1 << 20]);
        ClientReply reply = read(new Reply.Records(9, "", Collections.nCopies(9, record), Optional.empty(), true));
        assertThat(reply.getId()).isEqualTo(9);
        assertThat(reply.getFailure().getText()).isEqualTo("the answer is larger than a frame (9437184 bytes)");
    }

    private static ClientReply read(Reply reply) throws IOException {
        byte[] frame = ClientCodec.encode(reply);
        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - Framing.LENGTH_BYTES);
        return ClientReply.parseFrom(ByteBuffer.wrap(frame, Framing.LENGTH_BYTES, frame.length - Framing.LENGTH_BYTES));
    }

    private static Claim claim(Stream stream, long... bounds) {
        return new Claim(stream, TAG, Intervals.ofBounds(bounds));
    }
}
