package dev.rumor.client.cli;

import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Print how the daemon stands.",
            "",
            "--json prints an object: name, cluster, epoch, records, bytes, streams, members, linked, committed, "
                    + "blocked_by (null if nobody holds commits back), limits, version, ephemeral, "
                    + "retired (former epochs that all hold).",
            ""
        })
public final class StatusCommand implements Callable<Integer> {

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
        Status status;
        try (RumorClient client = node.connect()) {
            status = client.status();
        }
        if (json) {
            stdio.out().println(json(status));
        } else {
            print(status);
        }
        stdio.out().flush();
        return ExitCode.DONE.number();
    }

    private static Json json(Status status) {
        return new Json()
                .put("name", status.name())
                .put("cluster", status.cluster())
                .put("epoch", status.epoch())
                .put("records", status.records())
                .put("bytes", status.bytes())
                .put(
                        "streams",
                        status.streams().stream().map(StatusCommand::json).toList())
                .put("members", status.members())
                .put("linked", status.linked())
                .put("committed", status.committed())
                .put("blocked_by", status.blockedBy().map(StatusCommand::json).orElse(null))
                .put("limits", json(status.limits()))
                .put("version", status.version())
                .put("ephemeral", status.ephemeral())
                .put("retired", status.retired());
    }

    private static Json json(Status.Held stream) {
        return new Json()
                .put("origin", stream.origin())
                .put("epoch", stream.epoch())
                .put("held", stream.held())
                .put("committed", stream.committed());
    }

    private static Json json(Status.Blocker blocker) {
        return new Json()
                .put("name", blocker.name())
                .put("records", blocker.records())
                .put("since_ms", blocker.since().toMillis());
    }

    private static Json json(Status.Limits limits) {
        return new Json()
                .put("max_payload", limits.maxPayload())
                .put("retain_bytes", limits.retainBytes())
                .put("retain_hard", limits.retainHard());
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
                .row("committed", Quantity.number(status.committed()))
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
