package dev.rumor.face;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Holder;
import dev.rumor.client.Member;
import dev.rumor.client.Receipts;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import dev.rumor.client.Status;
import dev.rumor.client.Wait;
import dev.rumor.core.Settings;
import dev.rumor.core.View;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.wire.Quorum;
import dev.rumor.wire.Reply.Outcome;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// From the words of the house to those of its users, and back.
public final class Terms {

    private Terms() {}

    // --- what is broadcast

    /// @throws IllegalArgumentException if it is larger than it may be; the message names the limit
    public static Run.Draft draft(String topic, byte[] payload, int maxPayload) {
        int topicBytes = topic.getBytes(StandardCharsets.UTF_8).length;
        if (topicBytes > RunCodec.MAX_TOPIC_BYTES) {
            throw new IllegalArgumentException(
                    "a topic is at most " + RunCodec.MAX_TOPIC_BYTES + " bytes of UTF-8, not " + topicBytes);
        }
        if (payload.length > maxPayload) {
            throw new IllegalArgumentException(
                    "a payload is at most " + maxPayload + " bytes (max-payload), not " + payload.length);
        }
        return new Run.Draft(List.of(RunCodec.record(topic, payload)));
    }

    public static Quorum quorum(Wait wait) {
        return switch (wait.quorum()) {
            case LOCAL -> Quorum.LOCAL;
            case COUNT -> Quorum.of(wait.members());
            case MAJORITY -> Quorum.MAJORITY;
            case ALL -> Quorum.ALL;
        };
    }

    public static Acknowledgement acknowledgement(Range records, Outcome outcome) {
        int count = Math.toIntExact(records.to() - records.from() + 1);
        return new Acknowledgement(first(records), count, outcome.reached(), holders(outcome.holders()));
    }

    // --- records

    /// The id of the first of them.
    public static RecordId first(Range records) {
        return new RecordId(records.stream().origin(), records.stream().epoch(), records.from());
    }

    public static Range range(RecordId id) {
        return new Range(new Stream(id.origin(), id.epoch()), id.sequence(), id.sequence());
    }

    public static ReceivedRecord record(StoredRecord record) {
        RecordId id = new RecordId(record.stream().origin(), record.stream().epoch(), record.sequence());
        return new ReceivedRecord(id, record.topic(), record.payload(), Instant.ofEpochMilli(record.timeMillis()));
    }

    // --- how the node stands

    /// Empty if nothing is known of the record.
    public static Optional<Receipts> receipts(View.Holders found) {
        return found.members().isEmpty()
                ? Optional.empty()
                : Optional.of(new Receipts(found.committed(), holders(found.members())));
    }

    private static List<Holder> holders(List<View.Holder> members) {
        return members.stream()
                .map(each -> new Holder(
                        each.register().name(),
                        lower(each.register().state()),
                        each.lacks(),
                        Duration.ofNanos(each.behindNanos())))
                .toList();
    }

    /// @param now by the clock on the wall
    public static List<Member> members(View view, Instant now) {
        return view.members().stream()
                .map(each -> new Member(
                        each.register().name(),
                        each.register().epoch(),
                        lower(each.register().standing()),
                        lower(each.liveness()),
                        each.register().addresses(),
                        each.register().software(),
                        now.minusNanos(each.silentNanos())))
                .toList();
    }

    public static Status status(View view, boolean ephemeral) {
        Settings settings = view.settings();
        Map<Stream, Intervals> committed = new HashMap<>();
        view.committed().forEach(claim -> committed.put(claim.stream(), claim.held()));
        return new Status(
                settings.name(),
                settings.cluster(),
                view.open() ? view.stream().epoch() : 0,
                view.records(),
                view.bytes(),
                view.durable().stream().map(each -> held(each, committed)).toList(),
                view.roster(),
                (int) view.linked(),
                committed.values().stream().mapToLong(Intervals::count).sum(),
                view.blocker()
                        .map(each ->
                                new Status.Blocker(each.name(), each.records(), Duration.ofNanos(each.sinceNanos()))),
                new Status.Limits(
                        settings.maxPayload(), settings.retainBytes(), settings.retainHard(), settings.mesh()),
                settings.software(),
                ephemeral,
                view.retired());
    }

    private static Status.Held held(Claim claim, Map<Stream, Intervals> committed) {
        Stream stream = claim.stream();
        String byAll = committed.getOrDefault(stream, Intervals.NONE).toString();
        return new Status.Held(stream.origin(), stream.epoch(), claim.held().toString(), byAll);
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
