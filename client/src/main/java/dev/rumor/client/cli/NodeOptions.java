package dev.rumor.client.cli;

import dev.rumor.client.Address;
import dev.rumor.client.RecordId;
import dev.rumor.client.RumorClient;
import dev.rumor.client.RumorException;
import dev.rumor.client.cli.text.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The options that every command of a client has: which daemon, and how long to wait for it.
final class NodeOptions {

    private static final String VARIABLE = "RUMOR_NODE";
    private static final Address USUAL = new Address("127.0.0.1", 7400);

    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            split = ",",
            converter = ToAddress.class,
            description = "The daemon to ask; of several, separated by commas, the first that can be reached. "
                    + "Default: $RUMOR_NODE, else 127.0.0.1:7400.")
    private List<Address> nodes = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ToTimeout.class,
            description = "How long to wait for the connection, and for a daemon that owes an answer: "
                    + "1ms to 24h, as 500ms, 2s, 1m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    RumorClient connect() {
        List<Address> addresses = addresses();
        for (Address each : addresses.subList(0, addresses.size() - 1)) {
            try {
                return RumorClient.connect(each, timeout);
            } catch (RumorException unreachable) {
                // The next, then; of the last it is told why.
            }
        }
        return RumorClient.connect(addresses.getLast(), timeout);
    }

    Duration timeout() {
        return timeout;
    }

    /// One or more.
    List<Address> addresses() {
        return nodes.isEmpty() ? usual() : nodes;
    }

    private List<Address> usual() {
        String named = System.getenv(VARIABLE);
        try {
            return named == null || named.isBlank()
                    ? List.of(USUAL)
                    : Stream.of(named.split(",", -1))
                            .map(String::strip)
                            .map(Address::parse)
                            .toList();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), VARIABLE + ": " + wrong.getMessage());
        }
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

    static final class ToRecordId implements ITypeConverter<RecordId> {
        @Override
        public RecordId convert(String text) {
            return orUsage(RecordId::parse, text);
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
