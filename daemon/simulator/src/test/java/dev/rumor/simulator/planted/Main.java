package dev.rumor.simulator.planted;

import java.io.IOException;
import java.nio.file.Path;

/// The command `daemon/simulator/src/test/swarm --planted`: at which seed each mistake is found.
public final class Main {

    private static final int MOST_SEEDS = 1_000;

    private Main() {}

    /// @param args a part of the trap's name, to look for those alone
    public static void main(String[] args) throws IOException {
        String part = args.length == 0 ? "" : args[0];
        Path law = Path.of("daemon/core/src/main/java");
        int missed = 0;
        System.out.println("| The mistake | found at seed | in words |\n|---|---|---|");
        for (Mistake mistake : Mistake.ALL) {
            if (!mistake.trap().contains(part)) {
                continue;
            }
            Variant variant = new Variant(mistake, law);
            String verdict = null;
            long seed = 0;
            while (verdict == null && seed < MOST_SEEDS) {
                verdict = variant.verdict(++seed);
            }
            missed += verdict == null ? 1 : 0;
            String words = String.valueOf(verdict);
            System.out.printf(
                    "| %s | %s | %s |%n",
                    mistake.trap(),
                    verdict == null ? "never" : seed,
                    words.length() > 90 ? words.substring(0, 90) + " ..." : words);
        }
        System.exit(missed == 0 ? 0 : 1);
    }
}
