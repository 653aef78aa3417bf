package dev.rumor.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// What figures are printed with.
public final class Figures {

    private Figures() {}

    /// The machine and the JVM: processors, their model, the file system.
    public static String machine(Path directory) throws IOException {
        return Runtime.getRuntime().availableProcessors() + " processors (" + processor() + "), "
                + Files.getFileStore(directory).type() + " on "
                + Files.getFileStore(directory).name() + ", Java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(each -> each.startsWith("model name"))
                    .map(each -> each.substring(each.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    /// The median, and the smallest and the largest in brackets.
    static String spread(String format, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(format, median(values)) + " (" + String.format(format, sorted[0]) + " to "
                + String.format(format, sorted[sorted.length - 1]) + ")";
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
