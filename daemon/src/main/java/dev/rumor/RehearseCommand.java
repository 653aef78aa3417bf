package dev.rumor;

import ch.qos.logback.classic.Level;
import dev.rumor.client.cli.ExitCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The short life of two daemons and of every command on them, in one process. Whoever builds the image has the
/// JVM watch it (`-XX:AOTCacheOutput`) and keep what it learned, for all that start from the image.
@Command(name = "rehearse", hidden = true, description = "Go once through what a daemon and its commands do.")
final class RehearseCommand implements Callable<Integer> {

    private static final List<String> COMMANDS = List.of("broadcast hello", "read", "read --json", "members", "status");

    private final Supplier<CommandLine> rumor;

    RehearseCommand(Supplier<CommandLine> rumor) {
        this.rumor = rumor;
    }

    @Override
    public Integer call() throws IOException {
        Logging.start(Config.LogFormat.TEXT, Level.INFO);
        try (TemporaryDirectory data = new TemporaryDirectory();
                Rumor n1 = start(data, "n1", Map.of("http", "127.0.0.1:0"));
                Rumor n2 = start(data, "n2", Map.of("seeds", n1.address().toString()))) {
            n2.ready().join();
            return COMMANDS.stream().mapToInt(each -> run(each, n2)).max().orElse(ExitCode.DONE.number());
        }
    }

    private static Rumor start(TemporaryDirectory data, String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("name", name);
        all.put("listen", "127.0.0.1:0");
        all.put("data-dir", data.path().resolve(name).toString());
        return Rumor.start(Config.of(all));
    }

    private int run(String command, Rumor node) {
        String all = command + " --node " + node.address();
        return rumor.get().execute(all.split(" "));
    }
}
