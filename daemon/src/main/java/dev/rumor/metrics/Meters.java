package dev.rumor.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// How meters are made here: none without a description, all beginning with `rumor`.
record Meters(MeterRegistry registry) {

    private static final String PREFIX = "rumor.";

    /// @param tags names and values by turns
    Counter counter(String name, String description, String... tags) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    Counter bytes(String name, String description, String... tags) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
    }

    /// A counter that somebody else keeps.
    void counter(String name, String description, LongSupplier count, String... tags) {
        FunctionCounter.builder(PREFIX + name, count, LongSupplier::getAsLong)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    Timer histogram(String name, String description, Duration[] buckets, String... tags) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /// @param unit base unit, plural, which ends its name; empty for none
    void gauge(String name, String unit, String description, DoubleSupplier value, String... tags) {
        Gauge.builder(PREFIX + name, value::getAsDouble)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /// A gauge for each value of a label.
    MultiGauge gauges(String name, String unit, String description) {
        return MultiGauge.builder(PREFIX + name)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    /// Sets such gauges anew: values of the label that are not given are gone.
    static void set(MultiGauge gauges, String label, Map<String, ? extends Number> values) {
        gauges.register(
                values.entrySet().stream()
                        .map(each -> Row.of(Tags.of(label, each.getKey()), each.getValue()))
                        .collect(Collectors.toList()),
                true);
    }

    /// A constant's name as a label.
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
