package dev.rumor.client.cli;

import dev.rumor.client.ReceivedRecord;
import dev.rumor.client.Selection;
import dev.rumor.client.Told;
import dev.rumor.client.cli.text.JsonForms;
import dev.rumor.client.cli.text.PlainText;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What commands have in common that read: which records, and how they are printed.
final class ReaderOptions {

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

    Selection from(String cursor) {
        return new Selection(cursor, Optional.ofNullable(topic), limit == null ? 0 : limit);
    }

    /// A gap is no line among lines of payload: it is said beside them.
    ///
    /// @return how many bytes of payload
    int print(Told told, Stdio stdio) {
        if (json) {
            stdio.out().println(JsonForms.told(told));
        }
        return switch (told) {
            case Told.Received(ReceivedRecord record, String cursor) -> {
                if (!json) {
                    stdio.out().println(PlainText.of(record.payload()));
                }
                yield record.payload().length;
            }
            case Told.Gap gap -> {
                if (!json) {
                    stdio.out().flush();
                    stdio.complain("a gap: " + gap.ids() + " can no longer be had here");
                }
                yield 0;
            }
        };
    }

    boolean printsJson() {
        return json;
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
