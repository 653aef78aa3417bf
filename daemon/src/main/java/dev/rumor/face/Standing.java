package dev.rumor.face;

import dev.rumor.client.Receipts;
import dev.rumor.client.RecordId;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.http.Answer;
import dev.rumor.http.Question;
import dev.rumor.http.Refusal;
import dev.rumor.tcp.TcpHost;
import java.time.Instant;

/// How the node stands, as it is asked over HTTP.
final class Standing {

    private final TcpHost host;
    private final boolean ephemeral;

    Standing(TcpHost host, boolean ephemeral) {
        this.host = host;
        this.ephemeral = ephemeral;
    }

    Answer status(Question question) throws InterruptedException {
        return Api.json(JsonForms.status(Terms.status(Api.soon(host.view()), ephemeral)));
    }

    Answer members(Question question) throws InterruptedException {
        return Api.json(JsonForms.members(Terms.members(Api.soon(host.view()), Instant.now())));
    }

    /// Who holds a record.
    Answer holders(Question question) throws InterruptedException {
        RecordId id = record(question);
        Api.soon(host.view()).withoutReceipts().ifPresent(why -> {
            throw new Refusal(503, why);
        });
        Receipts receipts = Terms.receipts(Api.soon(host.onLoop(() -> host.holdersNow(Terms.range(id)))))
                .orElseThrow(() -> new Refusal(404, "nothing is known here of " + id));
        return Api.json(JsonForms.receipts(id, receipts));
    }

    /// The record whose id the path names.
    static RecordId record(Question question) {
        try {
            return RecordId.parse(String.join("/", question.names()));
        } catch (IllegalArgumentException wrong) {
            throw new Refusal(400, wrong.getMessage());
        }
    }
}
