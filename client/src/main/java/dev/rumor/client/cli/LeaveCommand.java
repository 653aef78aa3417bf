package dev.rumor.client.cli;

import dev.rumor.client.RumorClient;
import dev.rumor.client.cli.text.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "leave",
        sortOptions = false,
        description = {
            "Have the daemon leave the cluster for good.",
            "",
            "It takes no more broadcasts, and when every active member that it is linked to holds what it holds, it "
                    + "tells them that it has left and ends (with 0); records wait for it no longer. If they need "
                    + "longer than --within, or it is linked to none, it says who is missing, stays a member and takes "
                    + "broadcasts again; this command then ends with 1.",
            "",
            "A daemon that is started again on the same data directory joins as a new member, with all that is there. "
                    + "To stop one that shall come back, send it SIGTERM instead.",
            "",
            "--json prints an object: left (its name).",
            ""
        })
public final class LeaveCommand implements Callable<Integer> {

    @Option(
            names = "--within",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = NodeOptions.ToTimeout.class,
            description = "How long the others may take: 1ms to 24h. Default: ${DEFAULT-VALUE}.")
    private Duration within;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public LeaveCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        try (RumorClient client = node.connect()) {
            String name = client.leave(within);
            stdio.out().println(json ? new Json().put("left", name) : name + " has left");
            stdio.out().flush();
            return ExitCode.DONE.number();
        }
    }
}
