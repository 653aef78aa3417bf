package dev.rumor.simulate;

import dev.rumor.client.cli.Output;
import dev.rumor.client.cli.Table;
import dev.rumor.client.cli.text.Json;
import dev.rumor.client.cli.text.Quantity;
import dev.rumor.simulator.study.Findings;
import dev.rumor.simulator.study.Plan;
import java.time.Duration;
import java.util.Locale;

/// What came of a simulation, as a table for people and as JSON. Of the JSON all is virtual but what begins with
/// `wall_`.
final class Summary {

    private static final double MILLION = 1e6;

    private final Plan plan;
    private final Findings findings;
    private final Duration wall;

    Summary(Plan plan, Findings findings, Duration wall) {
        this.plan = plan;
        this.findings = findings;
        this.wall = wall;
    }

    // --- for people

    void print(Output out) {
        out.println(headline());
        out.println("");
        Findings.Coverage coverage = findings.coverage();
        new Table()
                .row("A RECORD ON", "MEDIAN", "99 %", "LONGEST")
                .row(row("half of the nodes", coverage.half()))
                .row(row("99 % of the nodes", coverage.most()))
                .row(row("all nodes", coverage.all()))
                .print(out);
        out.println("");
        new Table()
                .row(
                        "hops",
                        format(
                                "%.1f on average, %d at most",
                                findings.hops().mean(), findings.hops().most()))
                .row("copies", format("%.2f for each delivery", findings.copies()))
                .row("repaired", repaired())
                .row("faults", count(findings.cuts(), "partition") + ", " + count(findings.crashes(), "crash"))
                .row("invariants", Quantity.number(findings.checks()) + " checks, none broken")
                .row("in the end", inTheEnd())
                .print(out);
        out.println("");
        Table traffic = new Table().row("PER NODE AND SECOND", "MESSAGES", "BYTES");
        findings.traffic()
                .forEach(each -> traffic.row(
                        each.traffic().name().toLowerCase(Locale.ROOT),
                        format("%.2f", each.messages()),
                        Quantity.bytes(Math.round(each.bytes()))));
        traffic.row("all", format("%.2f", findings.messages()), Quantity.bytes(Math.round(findings.bytes())));
        traffic.print(out);
    }

    private String headline() {
        double times = plan.duration().toNanos() / (double) Math.max(1, wall.toNanos());
        return format(
                "%s nodes, %d s, seed %d: %s records; simulated in %.1f s, %.1f times as fast as real time",
                Quantity.number(plan.nodes()),
                plan.duration().toSeconds(),
                plan.seed(),
                Quantity.number(findings.records()),
                wall.toMillis() / 1000.0,
                times);
    }

    private String repaired() {
        double share = findings.deliveries() == 0 ? 0 : 100.0 * findings.repaired() / findings.deliveries();
        return format(
                "%s of %s deliveries were asked for (%.2f %%)",
                Quantity.number(findings.repaired()), Quantity.number(findings.deliveries()), share);
    }

    private String inTheEnd() {
        return findings.isComplete()
                ? format("every node had everything, %s after the last broadcast", time(findings.settledNanos()))
                : format(
                        "%s of %s records were on every node",
                        Quantity.number(findings.everywhere()), Quantity.number(findings.records()));
    }

    private static String count(int count, String what) {
        String plural = what.endsWith("h") ? "es" : "s";
        return count == 0 ? "no " + what : Quantity.number(count) + " " + what + (count == 1 ? "" : plural);
    }

    private static String[] row(String what, Findings.Percentiles of) {
        return new String[] {what, time(of.medianNanos()), time(of.p99Nanos()), time(of.longestNanos())};
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    /// As `84 ms` or `12.6 s`; `never` if it is negative.
    static String time(long nanos) {
        double millis = nanos / MILLION;
        if (nanos < 0) {
            return "never";
        }
        return millis < 10
                ? format("%.1f ms", millis)
                : millis < 1000 ? format("%.0f ms", millis) : format("%.1f s", millis / 1000);
    }

    // --- for programs

    Json json() {
        return new Json()
                .put("nodes", plan.nodes())
                .put("seed", plan.seed())
                .put("duration_ms", plan.duration().toMillis())
                .put("records", findings.records())
                .put("records_unacknowledged", findings.refused())
                .put("records_everywhere", findings.everywhere())
                .put("complete", findings.isComplete())
                .put("coverage_ms", coverage(findings.coverage()))
                .put("hops_mean", findings.hops().mean())
                .put("hops_max", findings.hops().most())
                .put("copies_per_delivery", findings.copies())
                .put("deliveries", findings.deliveries())
                .put("repaired", findings.repaired())
                .put("pulls", findings.pulls())
                .put("messages_per_node_second", findings.messages())
                .put("bytes_per_node_second", findings.bytes())
                .put(
                        "traffic",
                        findings.traffic().stream().map(Summary::traffic).toList())
                .put("partitions", findings.cuts())
                .put("crashes", findings.crashes())
                .put("formed_ms", findings.formedNanos() / MILLION)
                .put("settled_ms", findings.isComplete() ? findings.settledNanos() / MILLION : null)
                .put("checks", findings.checks())
                .put("events", findings.events())
                .put("wall_seconds", wall.toMillis() / 1000.0)
                .put("wall_times_real_time", plan.duration().toNanos() / (double) Math.max(1, wall.toNanos()));
    }

    private static Json coverage(Findings.Coverage of) {
        return new Json()
                .put("t50", percentiles(of.half()))
                .put("t99", percentiles(of.most()))
                .put("t100", percentiles(of.all()));
    }

    private static Json percentiles(Findings.Percentiles of) {
        return new Json()
                .put("median", millis(of.medianNanos()))
                .put("p99", millis(of.p99Nanos()))
                .put("max", millis(of.longestNanos()));
    }

    private static Double millis(long nanos) {
        return nanos < 0 ? null : nanos / MILLION;
    }

    private static Json traffic(Findings.Share share) {
        return new Json()
                .put("kind", share.traffic().name().toLowerCase(Locale.ROOT))
                .put("messages_per_node_second", share.messages())
                .put("bytes_per_node_second", share.bytes());
    }
}
