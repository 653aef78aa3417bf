package dev.rumor.client.cli;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.RumorClient;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.PlainText;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
            "--json prints an object per line: id, origin, epoch, sequence, topic, time, and payload, or "
                    + "payload_base64 when it is not UTF-8.",
            ""
        })
public final class ReadCommand implements Callable<Integer> {

    @Option(names = "--topic", paramLabel = "T", description = "Only records of this topic.")
    private String topic;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = ToCount.class,
            description = "At most N records, 1 or more. Default: all.")
    private Long limit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;

    public ReadCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        try (RumorClient client = node.connect();
                Stream<ReceivedRecord> records = client.read(topic, limit == null ? 0 : limit);
                Progress progress = new Progress(stdio, "read", true)) {
            print(records.iterator(), progress);
        }
        return ExitCode.DONE.number();
    }

    private void print(Iterator<ReceivedRecord> records, Progress progress) {
        try {
            while (records.hasNext()) {
                ReceivedRecord each = records.next();
                stdio.out().println(json ? JsonForms.record(each) : PlainText.of(each.payload()));
                progress.advance(1, each.payload().length);
            }
        } finally {
            // What came before a failure was read all the same.
            stdio.out().flush();
        }
    }

    static final class ToCount implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1) {
                throw new TypeConversionException("1 or more, not '" + text + "'");
            }
            return Long.valueOf(text);
        }
    }
}
