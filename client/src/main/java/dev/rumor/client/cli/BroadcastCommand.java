package dev.rumor.client.cli;

import dev.rumor.client.Acknowledgement;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.Wait;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.Quantity;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "broadcast",
        sortOptions = false,
        description = {
            "Broadcast TEXT as one record; or each line of a file, or of standard input, as a record.",
            "",
            "LF ends a line, CR is kept, an empty line is an empty record; bytes after the last LF are a record too. "
                    + "Prints one record id per record, in the order of the input, each after its acknowledgement.",
            "",
            "On failure, what was printed is what was acknowledged; nothing is sent twice, and the first line without "
                    + "an acknowledgement is named on standard error.",
            "",
            "With --wait the acknowledgement comes when so many active members durably hold the record, or when the "
                    + "time is over: then it ends with 4 and says where records are missing. They stay, and go on "
                    + "spreading. Of many lines each waits for itself, and all are sent.",
            "",
            "--json prints an object for each record: id; and with --wait, reached (true or false) and missing "
                    + "(members that do not hold it yet, or not all that was sent together with it).",
            ""
        })
public final class BroadcastCommand implements Callable<Integer> {

    private static final Duration USUAL = Duration.ofSeconds(5);
    private static final char REPLACEMENT = '\ufffd';
    private static final String FIRST_MISSING = "the first line without an acknowledgement is line ";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--topic",
            paramLabel = "T",
            defaultValue = "",
            description = "Topic of the records. Default: none.")
    private String topic;

    @Option(names = "--file", paramLabel = "F", description = "Broadcast the lines of this file.")
    private File file;

    @Option(
            names = "--wait",
            paramLabel = "WHOM",
            defaultValue = "local",
            description =
                    "Whose disks must have a record before it is acknowledged: local (the daemon's own), a number "
                            + "of active members (the daemon is one), majority, or all. Default: ${DEFAULT-VALUE}.")
    private String whom;

    @Option(
            names = "--within",
            paramLabel = "DURATION",
            converter = NodeOptions.ToTimeout.class,
            description = "For how long to wait for them: 1ms to 24h. Default: 5s.")
    private Duration within;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--quiet", description = "Print no record ids.")
    private boolean quiet;

    @Parameters(
            arity = "0..1",
            paramLabel = "TEXT",
            description = "One record. Put -- before a text that begins with a dash.")
    private String text;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;
    private Wait wait;
    private Shortfall shortfall;

    public BroadcastCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkUsage();
        if (text != null) {
            return broadcastText();
        }
        try (InputStream opened = file == null ? null : open(file)) {
            return connectAndBroadcast(opened == null ? stdio.in() : opened);
        }
    }

    private int connectAndBroadcast(InputStream input) throws InterruptedException {
        try (RumorClient client = node.connect()) {
            return broadcastLines(client, input);
        } catch (RumorException e) {
            // Before the first line was sent; what goes wrong later is reported with its line.
            stdio.complain(e.getMessage());
            stdio.complain(FIRST_MISSING + 1);
            return ExitCode.of(e).number();
        }
    }

    private void checkUsage() {
        if (text != null && file != null) {
            throw new ParameterException(spec.commandLine(), "give TEXT or --file, not both");
        }
        if (json && quiet) {
            throw new ParameterException(spec.commandLine(), "give --json or --quiet, not both");
        }
        if (topic.getBytes(StandardCharsets.UTF_8).length > RumorClient.MAX_TOPIC_BYTES) {
            throw new ParameterException(
                    spec.commandLine(), "--topic takes at most " + RumorClient.MAX_TOPIC_BYTES + " bytes of UTF-8");
        }
        checkWait();
        // Java decodes arguments by the locale and puts this in the place of what it could not decode.
        if (text != null && text.indexOf(REPLACEMENT) >= 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "TEXT cannot be read in this locale: set LC_ALL=C.UTF-8, or give it on standard input");
        }
    }

    private void checkWait() {
        try {
            wait = Wait.parse(whom, within == null ? USUAL : within);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--wait: " + wrong.getMessage());
        }
        if (within != null && wait.isLocal()) {
            throw new ParameterException(spec.commandLine(), "--within is for --wait with a number, majority or all");
        }
        shortfall = new Shortfall(wait);
    }

    private static InputStream open(File file) {
        try {
            return new FileInputStream(file.getAbsoluteFile());
        } catch (FileNotFoundException e) {
            throw RumorException.failed("cannot read " + e.getMessage());
        }
    }

    private int broadcastText() {
        try (RumorClient client = node.connect()) {
            print(client.broadcast(topic, text.getBytes(StandardCharsets.UTF_8), wait));
            stdio.out().flush();
            return end();
        }
    }

    private int broadcastLines(RumorClient client, InputStream input) throws InterruptedException {
        Lines lines = new Lines(input, RumorClient.MAX_PAYLOAD_BYTES);
        Feed feed =
                new Feed(client, topic, wait, lines, client.status().limits().maxPayload()).start();
        long last = 0;
        try (Progress progress = new Progress(stdio, "acknowledged", !quiet)) {
            for (Feed.Batch batch = next(feed); batch != null; batch = next(feed)) {
                Acknowledgement taken;
                try {
                    taken = batch.await();
                } catch (RumorException e) {
                    progress.erase();
                    return report(batch, e, feed.stop());
                }
                last = batch.last();
                print(taken);
                progress.advance(batch.lines(), batch.bytes());
            }
            stdio.out().flush();
            progress.erase();
            return end();
        } catch (Output.Closed nobodyReads) {
            return giveUp("nobody reads the record ids any more", feed.stop(), last);
        } catch (RumorException unwritten) {
            return giveUp(unwritten.getMessage(), feed.stop(), last);
        } finally {
            feed.stop();
        }
    }

    /// Ids reach their reader when acknowledgements pause: in large writes, and yet promptly.
    private Feed.Batch next(Feed feed) throws InterruptedException {
        return feed.next(stdio.out()::flush);
    }

    private void print(Acknowledgement taken) {
        shortfall.add(taken);
        for (int k = 0; k < taken.count() && !quiet; k++) {
            stdio.out().println(json ? JsonForms.acknowledged(taken, k, !wait.isLocal()) : taken.id(k));
        }
    }

    private int end() {
        if (shortfall.isNone()) {
            return ExitCode.DONE.number();
        }
        stdio.complain(shortfall.sentence());
        return ExitCode.TIMED_OUT.number();
    }

    /// Says which line is at fault, where to go on from, and what is known of the lines sent after it.
    private int report(Feed.Batch failed, RumorException why, List<Feed.Batch> sentAfter) {
        stdio.out().flush();
        boolean refused = why.kind() == RumorException.Kind.FAILED;
        stdio.complain((refused ? "line " + (failed.first() + why.record()) + ": " : "") + why.getMessage());
        stdio.complain(FIRST_MISSING + failed.first());
        long sentUpTo =
                sentAfter.isEmpty() ? failed.last() : sentAfter.getLast().last();
        if (!refused && sentUpTo >= failed.first()) {
            stdio.complain(lines(failed.first(), sentUpTo) + " sent, and may or may not have been taken");
        }
        List<Feed.Batch> taken =
                sentAfter.stream().filter(BroadcastCommand::isTaken).toList();
        if (!taken.isEmpty()) {
            int count = taken.stream().mapToInt(Feed.Batch::lines).sum();
            stdio.complain(count + " lines from " + taken.getFirst().first() + " to "
                    + taken.getLast().last() + " were taken all the same");
        }
        if (!shortfall.isNone()) {
            stdio.complain(shortfall.sentence());
        }
        return ExitCode.of(why).number();
    }

    /// The ids go nowhere any more, as when `head` has seen enough, or a disk is full: what is sent is sent, and no
    /// more is.
    private int giveUp(String why, List<Feed.Batch> sentAfter, long acknowledged) {
        long last = acknowledged;
        for (Feed.Batch batch : sentAfter) {
            last = isTaken(batch) ? batch.last() : last;
        }
        stdio.complain(why + ", so it stopped after line " + last + " (--quiet prints none)");
        return ExitCode.FAILED.number();
    }

    private static String lines(long first, long last) {
        return first == last ? "line " + first + " was" : "lines " + first + " to " + last + " were";
    }

    private static boolean isTaken(Feed.Batch batch) {
        try {
            batch.await();
            return true;
        } catch (RumorException e) {
            return false;
        }
    }

    /// Where records are missing that were waited for in vain.
    private static final class Shortfall {
        private final Wait wait;
        private final Map<String, Long> missing = new TreeMap<>();
        private long active;
        private long records;

        private Shortfall(Wait wait) {
            this.wait = wait;
        }

        private void add(Acknowledgement taken) {
            if (!taken.reached()) {
                records += taken.count();
                active = taken.holders().size();
                taken.holders().stream()
                        .filter(each -> !each.holds())
                        .forEach(each -> missing.merge(each.name(), each.lacks(), Long::sum));
            }
        }

        private boolean isNone() {
            return records == 0;
        }

        private String sentence() {
            return "not yet held by " + whom() + ": "
                    + (missing.isEmpty() ? active + " are active" : "missing at " + where());
        }

        private String whom() {
            return switch (wait.quorum()) {
                case LOCAL -> "this daemon";
                case COUNT -> wait.members() + " active members";
                case MAJORITY -> "a majority of the active members";
                case ALL -> "all active members";
            };
        }

        private String where() {
            return missing.entrySet().stream()
                    .map(each ->
                            each.getKey() + (records == 1 ? "" : " (" + Quantity.number(each.getValue()) + " records)"))
                    .collect(Collectors.joining(", "));
        }
    }
}
