package dev.rumor.client.cli;

import dev.rumor.client.Member;
import dev.rumor.client.RumorClient;
import dev.rumor.client.Status;
import dev.rumor.client.cli.text.Json;
import dev.rumor.client.cli.text.Quantity;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "evict",
        sortOptions = false,
        description = {
            "Have the cluster wait no longer for member NAME, which will not come back.",
            "",
            "Records are committed without it from then on, and so can be trimmed. What only it holds stays on its "
                    + "disk: started again, it joins as a new member and tells it. If it is alive, it stops.",
            "",
            "Asks for confirmation on a terminal, and ends with 1 if you do not give it; without a terminal it takes "
                    + "--yes. Refused, with 1, where no majority of the members can be reached: it may be this side "
                    + "that is cut off.",
            "",
            "--json prints an object: evicted (the name).",
            ""
        })
public final class EvictCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The member.")
    private String name;

    @Option(names = "--force", description = "Evict even where no majority of the members can be reached.")
    private boolean force;

    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public EvictCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() throws IOException {
        if (!yes && !stdio.canAsk()) {
            throw new ParameterException(
                    spec.commandLine(), "evict asks for confirmation, and here is no terminal: give --yes");
        }
        try (RumorClient client = node.connect()) {
            if (!yes && !stdio.agrees("Evict " + described(client) + "?")) {
                stdio.complain("'" + name + "' is not evicted");
                return ExitCode.FAILED.number();
            }
            client.evict(name, force);
            stdio.out().println(json ? new Json().put("evicted", name) : name + " is evicted");
            stdio.out().flush();
            return ExitCode.DONE.number();
        }
    }

    private String described(RumorClient client) {
        Optional<Status.Blocker> blocker =
                client.status().blockedBy().filter(each -> each.name().equals(name));
        if (blocker.isPresent()) {
            return name + ", which has blocked " + Quantity.number(blocker.get().records()) + " records for "
                    + Quantity.roughly(blocker.get().since());
        }
        return client.members().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .map(member -> name + ", which is " + standing(member))
                .orElse(name);
    }

    private static String standing(Member member) {
        return member.state() + " and " + member.liveness();
    }
}
