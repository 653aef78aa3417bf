package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rumor.client.Address;
import dev.rumor.client.Holder;
import dev.rumor.client.Member;
import dev.rumor.client.RecordId;
import dev.rumor.client.RumorClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who waits for others to hold what it broadcasts, in processes of their own.
class ReceiptsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What the gossip interval of a second backs off to while nothing is new.
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(8);

    @TempDir
    Path directory;

    @Test
    void oneThatStandsStillIsNamedAloneAndCountsAgainWhenItGoesOn() throws IOException {
        try (FiveDaemons five = FiveDaemons.start(directory);
                RumorClient client =
                        RumorClient.connect(Address.parse(five.get(0).address()), PATIENCE)) {
            await("five active members").atMost(PATIENCE).until(() -> isActive(client.members()));
            assertThat(run(five, "broadcast", "--wait", "all", "--within", "20s", "before"))
                    .isZero();
            DaemonProcess stopped = five.get(4);

            stopped.signal("STOP");
            RecordId missed;
            try (Program all = five.get(0).ask("broadcast", "--wait", "all", "--within", "3s", "meanwhile")) {
                assertThat(all.exitCode()).isEqualTo(4);
                assertThat(all.errorLines())
                        .containsExactly("rumor: not yet held by all active members: missing at n5");
                missed = RecordId.parse(all.outputLines().getFirst());
            }
            assertThat(run(five, "broadcast", "--wait", "majority", "--within", "20s", "most"))
                    .isZero();
            assertThat(run(five, "broadcast", "--wait", "4", "--within", "20s", "four"))
                    .isZero();
            Path lines = Files.write(directory.resolve("lines"), Collections.nCopies(10_000, "a line"));
            try (Program many = five.get(0)
                    .ask("broadcast", "--wait", "all", "--within", "1s", "--quiet", "--file", lines.toString())) {
                assertThat(many.exitCode()).isEqualTo(4);
                assertThat(many.errorLines())
                        .containsExactly("rumor: not yet held by all active members: missing at n5 (10,000 records)");
            }
            try (Program status = five.get(1).ask("status", missed.toString())) {
                assertThat(status.exitCode()).isZero();
                assertThat(status.outputLines())
                        .contains("held by    4 of 5 active members", "committed  no", "n4      active  yes")
                        .anyMatch(line -> line.matches("n5 +active +no, behind for [0-9]+ s"));
            }

            stopped.signal("CONT");
            long since = System.nanoTime();
            await("everything committed within two gossip intervals")
                    .atMost(LONGEST_INTERVAL.multipliedBy(2))
                    .until(() -> client.status().committed() == 10_004
                            && client.status().blockedBy().isEmpty());
            System.out.printf("all was committed %.2f s after it went on%n", (System.nanoTime() - since) / 1e9);
            assertThat(client.holders(missed).committed()).isTrue();
            assertThat(client.holders(missed).holders()).hasSize(5).allMatch(Holder::holds);
            assertThat(run(five, "broadcast", "--wait", "all", "--within", "20s", "after"))
                    .isZero();
            assertThat(run(five, "broadcast", "--wait", "6", "six")).isEqualTo(1);
        }
    }

    private static boolean isActive(List<Member> members) {
        return members.size() == 5 && members.stream().map(Member::state).allMatch("active"::equals);
    }

    private static int run(FiveDaemons five, String command, String... arguments) {
        try (Program program = five.get(0).ask(command, arguments)) {
            return program.exitCode();
        }
    }
}
