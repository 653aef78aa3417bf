package dev.rumor.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a scrape returned, taken apart.
public record Scrape(String text) {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern HELP = Pattern.compile("# HELP (\\S+) ?(.*)");

    /// The figure of one series, written as Prometheus does with its labels in order; NaN if there is none.
    public double figure(String series) {
        return lines().stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /// The description of every family that has a type, empty if it has none.
    public Map<String, String> descriptions() {
        Map<String, String> descriptions = new TreeMap<>();
        matches(TYPE).forEach(type -> descriptions.put(type.group(1), ""));
        matches(HELP).forEach(help -> descriptions.put(help.group(1), help.group(2)));
        return descriptions;
    }

    private List<Matcher> matches(Pattern pattern) {
        return lines().stream().map(pattern::matcher).filter(Matcher::matches).toList();
    }

    private List<String> lines() {
        return text.lines().toList();
    }
}
