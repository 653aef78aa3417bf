package dev.rumor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.rumor.client.cli.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.LoggerFactory;

/// The log of a daemon: standard error, one line for each event whatever it holds. Set up here and not by a
/// file, so that a program which embeds a node keeps its own.
final class Logging {

    /// Line breaks in a message or a stack trace become ` | `.
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger: "
            + "%replace(%msg){'[\\r\\n]+', ' | '}"
            + "%replace(%replace(%ex){'[\\r\\n]+\\s*', ' | '}){'^(.+?)( \\| )?$', ' | $1'}%nopex%n";

    private Logging() {}

    /// @param least what is less than this is not logged; of Netty, nothing below a warning
    static void start(Config.LogFormat format, Level least) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> text(context);
            case JSON -> json(context);
        };
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(least);
        root.addAppender(console);
        context.getLogger("io.netty").setLevel(Level.WARN);
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        return encoder;
    }

    /// The keys that log pipelines look for: `time` (RFC 3339, UTC), `level`, `logger`, `message`; and `error`, with
    /// the stack trace, where there is one.
    private static final class JsonLines extends EncoderBase<ILoggingEvent> {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        @Override
        public byte[] encode(ILoggingEvent event) {
            Json line = new Json()
                    .put("time", TIME.format(event.getInstant()))
                    .put("level", event.getLevel().toString())
                    .put("logger", event.getLoggerName())
                    .put("message", event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            return (line + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] headerBytes() {
            return null;
        }

        @Override
        public byte[] footerBytes() {
            return null;
        }
    }
}
