package dev.rumor.workbench.nodes;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Host;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import dev.rumor.workbench.Workload;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Schemes of which it is known what they cost and how long they take (notes section 4) come out as they should.
class FiguresTest {

    private static final String CHALLENGE = "--nodes 25 --rate 100 --latency 100 --time-limit 20 ";

    @Test
    void x() {
        for (int w : new int[] {100, 200, 300, 380, 490, 700, 1000}) {
            for (String b : new String[] {"", "--no-blocking"}) {
                Result r = run(CHALLENGE + b, 1, () -> new Hub(Duration.ofMillis(w)));
                System.out.println("W " + w + b + "\n" + r);
            }
        }
        for (String b : new String[] {"", "--no-blocking"}) {
            System.out.println(run(CHALLENGE + b, 1, () -> new Flooding(Workload.BROADCAST)));
            long t = System.nanoTime();
            System.out.println(run(
                    CHALLENGE + b + " --nemesis partition --nemesis-interval 5",
                    1,
                    () -> new Gossiping(Workload.BROADCAST)));
            System.out.println((System.nanoTime() - t) / 1000000);
        }
    }

    static Result run(String words, long seed, Supplier<Host> node) {
        return Workbench.run(Settings.of(words), seed, Agenda.virtual(), name -> node.get());
    }
}
