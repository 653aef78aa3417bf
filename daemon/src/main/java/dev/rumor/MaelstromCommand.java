package dev.rumor;

import dev.rumor.client.cli.ExitCode;
import dev.rumor.client.cli.Stdio;
import dev.rumor.host.Stopped;
import dev.rumor.maelstrom.MaelstromHost;
import dev.rumor.maelstrom.MaelstromProcess;
import dev.rumor.maelstrom.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = MaelstromCommand.NAME,
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

    static final String NAME = "maelstrom";

    private static final List<Setting> SETTINGS =
            List.of(Setting.DELIVERY_BUDGET, Setting.GOSSIP_INTERVAL, Setting.FANOUT, Setting.WORKLOAD);

    private final Stdio stdio;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    private MaelstromCommand(Stdio stdio, Map<String, String> environment) {
        this.stdio = stdio;
        this.environment = environment;
    }

    static CommandLine line(Stdio stdio, Map<String, String> environment) {
        return SettingOptions.line(new MaelstromCommand(stdio, environment), SETTINGS);
    }

    /// Runs this command past the parser of command lines, which takes longer to load than all the rest, if that has
    /// nothing to explain. Otherwise does nothing: what is in the way, it will say.
    ///
    /// @param arguments of the program
    static OptionalInt runAtOnce(String[] arguments, Stdio stdio, Map<String, String> environment)
            throws InterruptedException {
        Optional<MaelstromHost.Options> options = plainOptions(arguments, environment);
        return options.isPresent() ? OptionalInt.of(run(options.get(), stdio)) : OptionalInt.empty();
    }

    private static Optional<MaelstromHost.Options> plainOptions(String[] arguments, Map<String, String> environment) {
        if (arguments.length % 2 == 0
                || !arguments[0].equals(NAME)
                || environment.containsKey(Sources.CONFIG_VARIABLE)) {
            return Optional.empty();
        }
        try {
            Map<Setting, String> flags = new TreeMap<>();
            for (int k = 1; k < arguments.length; k += 2) {
                flags.put(setting(arguments[k]), arguments[k + 1]);
            }
            return Optional.of(options(all().flags(flags).environment(environment)));
        } catch (IllegalArgumentException mistake) {
            return Optional.empty();
        }
    }

    private static Setting setting(String flag) {
        return SETTINGS.stream()
                .filter(each -> each.flag().equals(flag))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    @Override
    public Integer call() throws InterruptedException {
        MaelstromHost.Options options;
        try {
            options = options(SettingOptions.sources(all(), spec, environment, Map.of()));
        } catch (IllegalArgumentException wrong) {
            throw SettingOptions.mistake(spec, wrong.getMessage());
        }
        return run(options, stdio);
    }

    private static Sources all() {
        return new Sources(Setting.ALL, Map.of());
    }

    private static MaelstromHost.Options options(Sources sources) {
        return new MaelstromHost.Options(
                sources.get(Setting.WORKLOAD, text -> Optional.of(Workload.parse(text)), Optional.empty()),
                Config.deliveryBudget(sources),
                Config.gossipInterval(sources),
                Config.fanout(sources));
    }

    private static int run(MaelstromHost.Options options, Stdio stdio) throws InterruptedException {
        try {
            MaelstromProcess.run(options, new SplittableRandom(), stdio.in(), stdio.rawOut(), stdio::complain);
            return ExitCode.DONE.number();
        } catch (IOException | Stopped failed) {
            stdio.complain(failed.getMessage());
            return ExitCode.FAILED.number();
        }
    }
}
