package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Bytes as they are on the wire today, one named line of hex each, in `src/test/resources/golden`. What
/// differs is a change of protocol: to make one on purpose, run the tests with `-Dgolden.update=true` and
/// review the difference.
final class Golden {
    private Golden() {}

    static void check(String file, Map<String, byte[]> frames) throws IOException {
        List<String> lines = new ArrayList<>();
        frames.forEach((name, bytes) -> lines.add(name + " " + HexFormat.of().formatHex(bytes)));
        Path path = Path.of("src/test/resources/golden", file);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(path.getParent());
            Files.write(path, lines);
        }
        assertThat(lines).as(file).isEqualTo(Files.readAllLines(path));
    }
}
