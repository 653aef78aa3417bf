package dev.rumor.client.cli;

import dev.rumor.client.Subscription;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tail",
        sortOptions = false,
        description = {
            "Print records as they come, one per line, those of a stream in their order, each once.",
            "",
            "When the daemon is lost it goes on at the next of --node, or at the same when that is back, and says so "
                    + "on standard error; nothing is missed or printed twice. Ctrl-C ends it with 0, and plain output "
                    + "then says how to go on.",
            "",
            "Output is that of read, and with --json each object has the cursor to go on after it. What was let go of "
                    + "before it could be read is told as a gap; in plain output on standard error.",
            ""
        })
public final class TailCommand implements Callable<Integer> {

    private static final int LAST_WORDS_SECONDS = 1;

    @Option(
            names = {"--from", "--after"},
            paramLabel = "CURSOR",
            defaultValue = "now",
            description = "Where to begin: after a cursor, at the start of what is retained (start), or with what "
                    + "comes (now). Default: ${DEFAULT-VALUE}.")
    private String from;

    @Mixin
    private ReaderOptions reader;

    @Mixin
    private NodeOptions node;

    private final Stdio stdio;
    private final CountDownLatch finished = new CountDownLatch(1);

    public TailCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    @Override
    public Integer call() {
        try (Subscription subscription =
                Subscription.open(reader.from(from), node.addresses(), node.timeout(), stdio::complain)) {
            Thread onSignal = new Thread(() -> stopForSignal(subscription), "rumor-stop");
            Runtime.getRuntime().addShutdownHook(onSignal);
            try {
                follow(subscription);
            } finally {
                if (!onSignal.isAlive()) {
                    Runtime.getRuntime().removeShutdownHook(onSignal);
                }
            }
        }
        return ExitCode.DONE.number();
    }

    private void follow(Subscription subscription) {
        try {
            while (subscription.hasNext()) {
                reader.print(subscription.next(), stdio);
                if (!subscription.isReady()) {
                    stdio.out().flush();
                }
            }
        } finally {
            stdio.out().flush();
            finished.countDown();
        }
    }

    /// Halts, because a JVM that ends by a signal would otherwise report the signal as a failure.
    private void stopForSignal(Subscription subscription) {
        subscription.close();
        try {
            finished.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!reader.printsJson()) {
            stdio.mutter("to go on from here: --from " + subscription.cursor() + "\n");
        }
        Runtime.getRuntime().halt(ExitCode.DONE.number());
    }
}
