package dev.rumor.client.cli;

import dev.rumor.client.Member;
import dev.rumor.client.RumorClient;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.Time;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "members",
        sortOptions = false,
        description = {
            "Print the roster, as the daemon asked sees it.",
            "",
            "--json prints an array of objects: name, epoch, state, liveness, addresses, version, last_seen.",
            ""
        })
public final class MembersCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public MembersCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        List<Member> members;
        try (RumorClient client = node.connect()) {
            members = client.members();
        }
        if (json) {
            stdio.out().println(JsonForms.members(members));
        } else {
            table(members).print(stdio.out());
        }
        stdio.out().flush();
        return ExitCode.DONE.number();
    }

    private static Table table(List<Member> members) {
        Table table = new Table().row("NAME", "STATE", "LIVENESS", "LAST SEEN", "VERSION", "ADDRESSES");
        for (Member each : members) {
            table.row(
                    each.name(),
                    each.state(),
                    each.liveness(),
                    Time.of(each.lastSeen()),
                    each.version(),
                    String.join(",", each.addresses()));
        }
        return table;
    }
}
