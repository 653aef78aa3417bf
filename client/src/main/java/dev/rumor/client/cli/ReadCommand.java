package dev.rumor.client.cli;

import dev.rumor.client.RumorClient;
import dev.rumor.client.Told;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "read",
        sortOptions = false,
        description = {
            "Print every record that the daemon retains, one per line, those of a stream in their order.",
            "",
            "Plain output is the payload, with control characters escaped (\\n, \\t, \\u001b) and bytes that are not "
                    + "UTF-8 as \\xff. A backslash stays as it is, so that JSON comes out as it went in; what must be "
                    + "known to the byte is read with --json.",
            "",
            "--json prints an object per line: id, origin, epoch, sequence, topic, time, payload, or payload_base64 "
                    + "when it is not UTF-8, and cursor. Given to --after, here or at another daemon, the cursor goes "
                    + "on after that record. What lies between and was let go of is told as a gap, of origin, epoch, "
                    + "from and to; in plain output on standard error.",
            ""
        })
public final class ReadCommand implements Callable<Integer> {

    @Option(
            names = {"--after", "--from"},
            paramLabel = "CURSOR",
            defaultValue = "start",
            description = "Only what comes after this cursor. Default: every retained record.")
    private String after;

    @Mixin
    private ReaderOptions reader;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public ReadCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        try (RumorClient client = node.connect();
                Stream<Told> told = client.read(reader.from(after));
                Progress progress = new Progress(stdio, "read", true)) {
            print(told.iterator(), progress);
        }
        return ExitCode.DONE.number();
    }

    private void print(Iterator<Told> told, Progress progress) {
        try {
            while (told.hasNext()) {
                progress.advance(1, reader.print(told.next(), stdio));
            }
        } finally {
            // What came before a failure was read all the same.
            stdio.out().flush();
        }
    }
}
