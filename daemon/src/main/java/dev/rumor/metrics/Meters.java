package dev.rumor.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// How meters are made here: none without a description, all beginning with `rumor`.
final class Meters {

    private static final String PREFIX = "rumor.";

    private final MeterRegistry registry;

    /// A registry holds on to nothing that it asks for a count.
    private final List<LongSupplier> counts = new ArrayList<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// @param tags names and values by turns
    Count counter(String name, String description, String... tags) {
        Count count = new Count();
        counter(name, "", description, count, tags);
        return count;
    }

    /// @param unit base unit, plural, which ends its name; empty for none
    void counter(String name, String unit, String description, LongSupplier count, String... tags) {
        counts.add(count);
        FunctionCounter.builder(PREFIX + name, count, LongSupplier::getAsLong)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
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
