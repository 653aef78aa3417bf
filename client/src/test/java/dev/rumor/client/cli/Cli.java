package dev.rumor.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.client.FakeDaemon;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `rumor` with the commands of a client alone, run inside the test.
final class Cli {

    @Command(name = "rumor")
    static final class Root {}

    record Result(int code, String out, String err) {}

    static Result run(FakeDaemon daemon, String input, String... arguments) {
        return run(daemon, new ByteArrayInputStream(input.getBytes(UTF_8)), arguments);
    }

    static Result run(FakeDaemon daemon, InputStream input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--node", daemon.address().toString()));
        return run(input, all.toArray(String[]::new));
    }

    static Result run(String... arguments) {
        return run(InputStream.nullInputStream(), arguments);
    }

    private static Result run(InputStream input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = command(Stdio.of(input, out, err)).execute(arguments);
        return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    static CommandLine command(Stdio stdio) {
        CommandLine rumor = new CommandLine(new Root());
        ClientCommands.of(stdio).forEach(rumor::addSubcommand);
        return Face.dress(rumor, stdio);
    }

    /// For tests that need a process of its own.
    public static void main(String[] arguments) {
        System.exit(command(Stdio.system()).execute(arguments));
    }

    private Cli() {}
}
