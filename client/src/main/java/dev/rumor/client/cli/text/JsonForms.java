package dev.rumor.client.cli.text;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.Holder;
import dev.rumor.client.Member;
import dev.rumor.client.Receipts;
import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RecordId;
import dev.rumor.client.Status;
import java.util.Base64;
import java.util.List;

/// The JSON of what a daemon tells, the same wherever it is shown: commands print it and the HTTP port serves it.
public final class JsonForms {

    private JsonForms() {}

    /// The payload is text, or in base64 where it is not UTF-8.
    public static Json record(ReceivedRecord record) {
        Json fields = new Json()
                .put("id", record.id().toString())
                .put("origin", record.id().origin())
                .put("epoch", record.id().epoch())
                .put("sequence", record.id().sequence())
                .put("topic", record.topic())
                .put("time", Time.of(record.time()));
        return record.text()
                .map(text -> fields.put("payload", text))
                .orElseGet(
                        () -> fields.put("payload_base64", Base64.getEncoder().encodeToString(record.payload())));
    }

    /// Records that can no longer be had, up to `last`.
    public static Json gap(RecordId first, long last) {
        return new Json()
                .put(
                        "gap",
                        new Json()
                                .put("origin", first.origin())
                                .put("epoch", first.epoch())
                                .put("from", first.sequence())
                                .put("to", last));
    }

    /// Record `k` of those that were taken, from 0.
    ///
    /// @param waited whether the broadcast was to wait for other members
    public static Json acknowledged(Acknowledgement taken, int k, boolean waited) {
        Json object = new Json().put("id", taken.id(k).toString());
        return waited ? object.put("reached", taken.reached()).put("missing", taken.missing()) : object;
    }

    /// The roster.
    public static String members(List<Member> members) {
        return Json.array(members.stream().map(JsonForms::member).toList());
    }

    private static Json member(Member member) {
        return new Json()
                .put("name", member.name())
                .put("epoch", member.epoch())
                .put("state", member.state())
                .put("liveness", member.liveness())
                .put("addresses", member.addresses())
                .put("version", member.version())
                .put("last_seen", Time.of(member.lastSeen()));
    }

    /// Who holds this record.
    public static Json receipts(RecordId record, Receipts receipts) {
        return new Json()
                .put("id", record.toString())
                .put("committed", receipts.committed())
                .put(
                        "holders",
                        receipts.holders().stream().map(JsonForms::holder).toList());
    }

    private static Json holder(Holder member) {
        return new Json()
                .put("name", member.name())
                .put("state", member.state())
                .put("holds", member.holds())
                .put("behind_ms", member.behind().toMillis());
    }

    public static Json status(Status status) {
        return new Json()
                .put("name", status.name())
                .put("cluster", status.cluster())
                .put("epoch", status.epoch())
                .put("records", status.records())
                .put("bytes", status.bytes())
                .put("streams", status.streams().stream().map(JsonForms::held).toList())
                .put("members", status.members())
                .put("linked", status.linked())
                .put("committed", status.committed())
                .put("blocked_by", status.blockedBy().map(JsonForms::blocker).orElse(null))
                .put("limits", limits(status.limits()))
                .put("version", status.version())
                .put("ephemeral", status.ephemeral())
                .put("retired", status.retired());
    }

    private static Json held(Status.Held stream) {
        return new Json()
                .put("origin", stream.origin())
                .put("epoch", stream.epoch())
                .put("held", stream.held())
                .put("committed", stream.committed());
    }

    private static Json blocker(Status.Blocker blocker) {
        return new Json()
                .put("name", blocker.name())
                .put("records", blocker.records())
                .put("since_ms", blocker.since().toMillis());
    }

    private static Json limits(Status.Limits limits) {
        return new Json()
                .put("max_payload", limits.maxPayload())
                .put("retain_bytes", limits.retainBytes())
                .put("retain_hard", limits.retainHard());
    }
}
