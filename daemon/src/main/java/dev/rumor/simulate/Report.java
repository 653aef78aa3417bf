package dev.rumor.simulate;

import dev.rumor.client.cli.text.Json;
import dev.rumor.simulator.study.Findings;
import dev.rumor.simulator.study.Plan;
import dev.rumor.simulator.study.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One page that shows a simulation in any browser, with all that it needs in it. What it shows is the same for
/// the same plan.
final class Report {

    /// The ways of so many records, times the nodes, fit a page that still opens at once.
    private static final int MOST_STEPS = 200_000;

    private static final String PLACE = "\"the data of the report\"";

    private final Plan plan;
    private final Findings findings;

    Report(Plan plan, Findings findings) {
        this.plan = plan;
        this.findings = findings;
    }

    String html() throws IOException {
        try (InputStream page = Report.class.getResourceAsStream("report.html")) {
            String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            // Within a script nothing of JSON can be taken for markup but this.
            return text.replace(PLACE, data().toString().replace("<", "\\u003c"));
        }
    }

    private Json data() {
        return new Json()
                .put("title", title())
                .put("plan", conditions())
                .put("nodes", plan.nodes())
                .put("summary", new Summary(plan, findings, java.time.Duration.ZERO).json())
                .put("cuts", plan.partitions().stream().map(Report::cut).toList())
                .put("kinds", Arrays.stream(Traffic.values()).map(Report::kind).toList())
                .put("seconds", findings.course().seconds())
                .put("down", findings.course().down())
                .put("pending", findings.course().pending())
                .put(
                        "bytes",
                        findings.course().bytes().stream().map(Report::line).toList())
                .put(
                        "faults",
                        findings.course().faults().stream().map(Report::fault).toList())
                .put("spreads", spreads().stream().map(Report::spread).toList());
    }

    private String title() {
        return String.format(
                Locale.ROOT,
                "%,d nodes, %,d records in %d s",
                plan.nodes(),
                findings.records(),
                plan.duration().toSeconds());
    }

    private String conditions() {
        return String.format(
                Locale.ROOT,
                "fanout %d · mesh %d · %s records/s of %d B · %s%s · seed %d%s",
                plan.fanout(),
                plan.mesh(),
                number(plan.rate()),
                plan.payload(),
                plan.loss() == 0 ? "no loss" : number(plan.loss() * 100) + " % loss",
                plan.crash() == 0 ? "" : " · " + number(plan.crash() * 100) + " % crash",
                plan.seed(),
                plan.linked() ? "" : " · no links");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static String kind(Traffic traffic) {
        return traffic.name().toLowerCase(Locale.ROOT);
    }

    /// Of numbers, two decimals are enough to draw them.
    private static String line(List<Double> values) {
        StringBuilder text = new StringBuilder();
        values.forEach(each -> text.append(text.isEmpty() ? "" : " ").append(Math.round(each)));
        return text.toString();
    }

    private static Json cut(Plan.Span span) {
        return new Json()
                .put("from", span.from().toMillis() / 1000.0)
                .put("to", span.to().toMillis() / 1000.0);
    }

    private static Json fault(Findings.Fault fault) {
        return new Json().put("at", fault.seconds()).put("what", fault.what());
    }

    private List<Findings.Spread> spreads() {
        List<Findings.Spread> all = findings.spreads();
        int most = Math.max(1, MOST_STEPS / plan.nodes());
        int step = Math.max(1, (all.size() + most - 1) / most);
        return java.util.stream.IntStream.range(0, all.size())
                .filter(k -> k % step == 0)
                .mapToObj(all::get)
                .toList();
    }

    private static Json spread(Findings.Spread spread) {
        StringBuilder millis = new StringBuilder();
        spread.millis()
                .forEach(each -> millis.append(millis.isEmpty() ? "" : " ")
                        .append(each < 0 ? "-" : String.valueOf(Math.round(each * 10) / 10.0)));
        StringBuilder from = new StringBuilder();
        spread.from().forEach(each -> from.append(from.isEmpty() ? "" : " ").append(each));
        return new Json()
                .put("record", spread.record())
                .put("at", spread.seconds())
                .put("origin", spread.origin())
                .put("millis", millis.toString())
                .put("from", from.toString());
    }
}
