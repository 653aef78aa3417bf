package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to the others, and to the one it happens to. The figures are printed; what is asserted leaves room
/// for a slow machine.
class FaultsIT {

    private static final int LINES_PER_SECOND = 1_500;

    @TempDir
    Path directory;

    @Test
    void killedInTheMiddleOfALoadADaemonReturnsToAllThatItsPeersHold() {
        try (FiveDaemons five = FiveDaemons.start(directory);
                SteadyLoad first = new SteadyLoad(five.get(0), LINES_PER_SECOND);
                SteadyLoad second = new SteadyLoad(five.get(1), LINES_PER_SECOND);
                SteadyLoad lost = new SteadyLoad(five.get(2), LINES_PER_SECOND)) {
            DaemonProcess killed = five.get(2);
            await("the middle of the load").until(() -> killed.records() > 10_000);

            killed.kill();
            assertThat(lost.exitCode()).as("its client notices").isIn(1, 3);
            killed.start().awaitReady();
            long held = five.get(0).records();
            long returned = System.nanoTime();
            await("all that its peers hold").atMost(Duration.ofSeconds(30)).until(() -> killed.records() >= held);
            print("after kill -9 under load, %,d records were back %.1f s after the return", held, since(returned));

            assertThat(first.exitCode()).as(first.errorLines().toString()).isZero();
            assertThat(second.exitCode()).as(second.errorLines().toString()).isZero();
            five.awaitLinked();
            assertThat(five.others(killed))
                    .allSatisfy(each -> assertThat(each.log()).noneMatch(FaultsIT::isTrouble));
            Records everywhere = settled(five);
            Records expected = new Records();
            first.addTo(expected);
            second.addTo(expected);
            assertThat(everywhere.byStream()).containsAllEntriesOf(expected.byStream());
            assertThat(everywhere.byStream()).as("with its own earlier ones").hasSize(3);
        }
    }

    private static boolean isTrouble(String line) {
        return line.matches(".* (WARN|ERROR) .*");
    }

    @Test
    void stoppedForTwentySecondsADaemonSlowsNobodyAndCatchesUp() {
        try (FiveDaemons five = FiveDaemons.start(directory);
                SteadyLoad first = new SteadyLoad(five.get(0), LINES_PER_SECOND);
                SteadyLoad second = new SteadyLoad(five.get(1), LINES_PER_SECOND)) {
            DaemonProcess stopped = five.get(4);
            List<DaemonProcess> others = five.others(stopped);
            await("a load that runs").until(() -> stopped.records() > 10_000);
            double before = pace(others, Duration.ofSeconds(5));
            long residentBefore = resident(others);

            stopped.signal("STOP");
            double during = pace(others, Duration.ofSeconds(20));
            long residentAfter = resident(others);
            stopped.signal("CONT");
            print(
                    "while one stood still, the slowest other ran at %.2f of its pace (%,.0f records/s)",
                    during / before, during);
            print("and occupied %,d MiB instead of %,d", residentAfter >> 20, residentBefore >> 20);
            assertThat(during / before).isGreaterThan(0.5);
            assertThat(residentAfter - residentBefore).isLessThan(256 << 20);

            long returned = System.nanoTime();
            long held = others.getFirst().records();
            await("all that was missed").atMost(Duration.ofSeconds(30)).until(() -> stopped.records() >= held);
            print("it had caught up with %,d records %.1f s after it went on", held, since(returned));

            assertThat(first.exitCode()).as(first.errorLines().toString()).isZero();
            assertThat(second.exitCode()).as(second.errorLines().toString()).isZero();
            Records expected = new Records();
            first.addTo(expected);
            second.addTo(expected);
            assertThat(settled(five).differenceFrom(expected)).isEmpty();
        }
    }

    /// What all five hold, once they hold the same.
    private static Records settled(FiveDaemons five) {
        long most = five.all().stream().mapToLong(DaemonProcess::records).max().orElseThrow();
        FiveDaemons.awaitRecords(five.all(), most, Duration.ofSeconds(30));
        Records held = five.get(0).read();
        assertThat(five.all())
                .allSatisfy(each -> assertThat(each.read().differenceFrom(held)).isEmpty());
        return held;
    }

    /// Records per second that arrive at the slowest of these, measured for so long.
    private static double pace(List<DaemonProcess> daemons, Duration span) {
        long start = System.nanoTime();
        List<Long> counts = daemons.stream().map(DaemonProcess::records).toList();
        await().pollDelay(span).atMost(span.multipliedBy(2)).until(() -> true);
        List<Double> paces = new ArrayList<>();
        for (int i = 0; i < daemons.size(); i++) {
            paces.add((daemons.get(i).records() - counts.get(i)) / since(start));
        }
        return paces.stream().min(Double::compare).orElseThrow();
    }

    private static long resident(List<DaemonProcess> daemons) {
        return daemons.stream().mapToLong(DaemonProcess::residentBytes).max().orElseThrow();
    }

    private static double since(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static void print(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
