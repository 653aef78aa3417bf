package dev.rumor.client.cli;

import dev.rumor.client.Holder;
import dev.rumor.client.Receipts;
import dev.rumor.client.RecordId;
import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.Quantity;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Print how the daemon stands; or with the ID of a record, as broadcast prints it, who durably holds that "
                    + "one and who does not, as far as the daemon knows. It ends with 1 if it knows of no such record.",
            "",
            "--json prints an object: name, cluster, epoch, records, bytes, streams, members, linked, committed, "
                    + "blocked_by (null if nobody holds commits back), limits, version, ephemeral, "
                    + "retired (former epochs that all hold). "
                    + "Of a record: id, committed (whether all active members hold it, or did once), and holders, an "
                    + "array of objects: name, state, holds, behind_ms.",
            ""
        })
public final class StatusCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            converter = NodeOptions.ToRecordId.class,
            description = "A record, as web-1/m4ks9f1q/42.")
    private RecordId record;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public StatusCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        try (RumorClient client = node.connect()) {
            if (record != null) {
                show(client.holders(record));
            } else {
                show(client.status());
            }
        }
        stdio.out().flush();
        return ExitCode.DONE.number();
    }

    private void show(Receipts receipts) {
        if (json) {
            stdio.out().println(JsonForms.receipts(record, receipts));
        } else {
            print(receipts);
        }
    }

    private void print(Receipts receipts) {
        long active = receipts.holders().stream().filter(Holder::isActive).count();
        long holding = receipts.holders().stream()
                .filter(each -> each.isActive() && each.holds())
                .count();
        new Table()
                .row("record", record.toString())
                .row("held by", holding + " of " + active + " active members")
                .row("committed", receipts.committed() ? "yes" : "no")
                .print(stdio.out());
        stdio.out().println("");
        Table table = new Table().row("MEMBER", "STATE", "HOLDS IT");
        receipts.holders().forEach(each -> table.row(each.name(), each.state(), words(each)));
        table.print(stdio.out());
    }

    private static String words(Holder member) {
        return member.holds() ? "yes" : "no, behind for " + member.behind().toSeconds() + " s";
    }

    private void show(Status status) {
        if (json) {
            stdio.out().println(JsonForms.status(status));
        } else {
            print(status);
        }
    }

    private void print(Status status) {
        Status.Limits limits = status.limits();
        String former =
                status.retired() == 0 ? "" : ", " + Quantity.number(status.retired()) + " former epochs retired";
        new Table()
                .row("name", status.name())
                .row("cluster", status.cluster())
                .row("epoch", epoch(status.epoch()))
                .row("version", status.version() + (status.ephemeral() ? ", ephemeral" : ""))
                .row("members", Quantity.number(status.members()) + ", " + Quantity.number(status.linked()) + " linked")
                .row("records", Quantity.number(status.records()) + ", " + Quantity.bytes(status.bytes()) + former)
                .row("committed", committed(status))
                .row("blocked by", status.blockedBy().map(StatusCommand::words).orElse("nobody"))
                .row(
                        "limits",
                        "payload " + Quantity.bytes(limits.maxPayload()) + ", retain "
                                + Quantity.bytes(limits.retainBytes()) + ", refuse beyond "
                                + Quantity.bytes(limits.retainHard()))
                .print(stdio.out());
        if (!status.streams().isEmpty()) {
            stdio.out().println("");
            streams(status).print(stdio.out());
        }
    }

    private static String committed(Status status) {
        String count = Quantity.number(status.committed());
        return status.hasReceipts()
                ? count
                : count + "; nothing more, since with more than "
                        + status.limits().mesh() + " members (mesh) receipts are not offered";
    }

    private static String words(Status.Blocker blocker) {
        return blocker.name() + ", which lacks " + Quantity.number(blocker.records()) + " records, for "
                + blocker.since().toSeconds() + " s";
    }

    private static Table streams(Status status) {
        Table table = new Table().row("STREAM", "HELD", "COMMITTED");
        for (Status.Held each : status.streams()) {
            table.row(each.origin() + "/" + epoch(each.epoch()), each.held(), each.committed());
        }
        return table;
    }

    private static String epoch(long epoch) {
        return Long.toString(epoch, Character.MAX_RADIX);
    }
}
