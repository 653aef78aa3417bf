package dev.rumor;

import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.host.Stopped;
import dev.rumor.maelstrom.MaelstromHost;
import dev.rumor.maelstrom.MaelstromProcess;
import dev.rumor.maelstrom.Workload;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "maelstrom",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Run one node on standard input and output, under the Maelstrom workbench, until its input ends.",
            "",
            "One JSON message a line in both directions; the log goes to standard error. Serves echo, unique-ids, "
                    + "broadcast, g-set, g-counter and pn-counter, by what is asked.",
            ""
        })
final class MaelstromCommand implements Callable<Integer> {

    private final Stdio stdio;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            description = "What a read is of, where it is not to be inferred from what was asked before, and what else "
                    + "is refused: echo, unique-ids, broadcast, g-set, g-counter, pn-counter. Default: inferred.")
    private String workload;

    private MaelstromCommand(Stdio stdio, Map<String, String> environment) {
        this.stdio = stdio;
        this.environment = environment;
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        return SettingOptions.line(
                new MaelstromCommand(stdio, environment),
                Setting.DELIVERY_BUDGET,
                Setting.GOSSIP_INTERVAL,
                Setting.FANOUT);
    }

    @Override
    public Integer call() throws InterruptedException {
        MaelstromHost.Options options = options();
        try {
            SplittableRandom dice = new SplittableRandom(new SecureRandom().nextLong());
            MaelstromProcess.run(options, dice, stdio.in(), stdio.rawOut(), stdio::complain);
            return ExitCode.DONE.number();
        } catch (IOException | Stopped failed) {
            stdio.complain(failed.getMessage());
            return ExitCode.FAILED.number();
        }
    }

    private MaelstromHost.Options options() {
        try {
            Sources sources = SettingOptions.sources(spec, environment, Map.of());
            return new MaelstromHost.Options(
                    asked(), Config.deliveryBudget(sources), Config.gossipInterval(sources), Config.fanout(sources));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private Optional<Workload> asked() {
        try {
            return Optional.ofNullable(workload).map(Workload::parse);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--workload: " + wrong.getMessage());
        }
    }
}
