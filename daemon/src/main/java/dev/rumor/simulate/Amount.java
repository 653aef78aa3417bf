package dev.rumor.simulate;

import dev.rumor.client.cli.text.Quantity;
import dev.rumor.simulator.study.Plan;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Amounts as they stand on the command line, each with its range. What is none is answered with the range in
/// words.
abstract class Amount<T> implements ITypeConverter<T> {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}([.][0-9]{1,6})?");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}([.][0-9]{1,6})?)%");
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final String range;
    private final Function<String, T> read;

    /// @param read null, or throws [IllegalArgumentException], for what is none
    private Amount(String range, Function<String, T> read) {
        this.range = range;
        this.read = read;
    }

    @Override
    public T convert(String text) {
        T value;
        try {
            value = read.apply(text);
        } catch (IllegalArgumentException none) {
            value = null;
        }
        if (value == null) {
            throw new TypeConversionException(range + ", not '" + text + "'");
        }
        return value;
    }

    private static Double number(String text, double most) {
        double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : -1;
        return value >= 0 && value <= most ? value : null;
    }

    private static Integer count(String text, int most) {
        Double value = text.contains(".") ? null : number(text, most);
        return value == null || value < 1 ? null : value.intValue();
    }

    private static Double share(String text, double mostPercent) {
        Matcher form = PERCENT.matcher(text);
        Double percent = form.matches() ? number(form.group(1), mostPercent) : null;
        return percent == null ? null : percent / 100;
    }

    private static Duration duration(String text, Duration least, Duration most) {
        Duration value = text.matches("0(ms|s|m|h)?") ? Duration.ZERO : Quantity.duration(text);
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0 ? value : null;
    }

    private static Delay delay(String text) {
        String[] ends = text.split("\\.\\.", -1);
        Duration from = duration(ends[0], Duration.ZERO, LONGEST_DELAY);
        Duration to = duration(ends[ends.length - 1], Duration.ZERO, LONGEST_DELAY);
        if (ends.length > 2 || from == null || to == null || from.compareTo(to) > 0) {
            return null;
        }
        return ends.length == 1 ? Delay.constant(from) : Delay.uniform(from, to);
    }

    private static Plan.Span span(String text) {
        String[] ends = text.split("\\.\\.", -1);
        if (ends.length != 2) {
            return null;
        }
        Duration from = duration(ends[0], Duration.ZERO, Duration.ofHours(24));
        Duration to = duration(ends[1], Duration.ZERO, Duration.ofHours(24));
        return from == null || to == null || from.compareTo(to) >= 0 ? null : new Plan.Span(from, to);
    }

    static final class Nodes extends Amount<Integer> {
        Nodes() {
            super("1 to 20000", text -> count(text, 20_000));
        }
    }

    static final class UpTo64 extends Amount<Integer> {
        UpTo64() {
            super("1 to 64", text -> count(text, 64));
        }
    }

    static final class Interval extends Amount<Duration> {
        Interval() {
            super("10ms to 1h, in ms, s, m or h", text -> duration(text, Duration.ofMillis(10), Duration.ofHours(1)));
        }
    }

    static final class Rate extends Amount<Double> {
        Rate() {
            super("0 to 100000", text -> number(text, 100_000));
        }
    }

    static final class Payload extends Amount<Integer> {
        Payload() {
            super("1 to 1048576", text -> count(text, 1 << 20));
        }
    }

    static final class Loss extends Amount<Double> {
        Loss() {
            super("0% to 90%, as 5%", text -> share(text, 90));
        }
    }

    static final class Share extends Amount<Double> {
        Share() {
            super("0% to 100%, as 10%", text -> share(text, 100));
        }
    }

    static final class Range extends Amount<Delay> {
        Range() {
            super("0ms to 10s, as 20ms or 10ms..30ms", text -> delay(text.toLowerCase(Locale.ROOT)));
        }
    }

    static final class Span extends Amount<Plan.Span> {
        Span() {
            super("from when to when, as 30s..60s", Amount::span);
        }
    }

    static final class Time extends Amount<Duration> {
        Time() {
            super("1s to 24h, in ms, s, m or h", text -> duration(text, Duration.ofSeconds(1), Duration.ofHours(24)));
        }
    }
}
