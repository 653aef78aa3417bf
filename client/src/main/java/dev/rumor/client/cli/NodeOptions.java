package dev.rumor.client.cli;

import dev.rumor.client.Address;
import dev.rumor.client.RumorClient;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that every command of a client has: which daemon, and how long to wait for it.
final class NodeOptions {

    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:RUMOR_NODE:-127.0.0.1:7400}",
            converter = ToAddress.class,
            description = "The daemon to ask. Default: $RUMOR_NODE, else 127.0.0.1:7400.")
    private Address node;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ToTimeout.class,
            description = "How long to wait for the connection, and for a daemon that owes an answer: "
                    + "1ms to 24h, as 500ms, 2s, 1m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    RumorClient connect() {
        return RumorClient.connect(node, timeout);
    }

    static final class ToAddress implements ITypeConverter<Address> {
        @Override
        public Address convert(String text) {
            return orUsage(Address::parse, text);
        }
    }

    static final class ToTimeout implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return orUsage(Quantity::duration, text);
        }
    }

    private static <T> T orUsage(Function<String, T> parse, String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
