package dev.rumor.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Text as it comes: scripts of all widths in UTF-8, empty lines, the same line again and again, control characters, CR
/// before LF, and now and then a line of 100 KiB. The same seed gives the same lines.
record MixedLines(List<String> lines) {

    private static final int LONG_LINE_CHARS = 100 << 10;

    private static final List<String> WORDS = List.of(
            "rumour",
            "naïve",
            "Straße",
            "λόγος",
            "слух",
            "שמועה",
            "إشاعة",
            "अफ़वाह",
            "謠言",
            "うわさ",
            "소문",
            "e\u0301",
            "👩‍🚀",
            "𝔤𝔬𝔰",
            "\uFFFD",
            "\u2028",
            "\"quoted\"",
            "back\\slash",
            "</script>",
            "%s",
            "$HOME");

    private static final List<String> CONTROLS =
            List.of("\u0000", "\t", "\u0007", "\u001b[31mred", "\u000b", "\u007f", "\u0085", "a\rb", "\r");

    static MixedLines of(long seed, int count) {
        RandomGenerator dice = new SplittableRandom(seed);
        return new MixedLines(IntStream.range(0, count)
                .mapToObj(number -> number % 1_700 == 42 ? longLine(dice) : line(dice))
                .toList());
    }

    private static String line(RandomGenerator dice) {
        int kind = dice.nextInt(20);
        return switch (kind) {
            case 0 -> "";
            case 1, 2, 3 -> "the same line, again";
            case 4 -> words(dice) + CONTROLS.get(dice.nextInt(CONTROLS.size())) + words(dice);
            case 5 -> words(dice) + "\r";
            default -> words(dice);
        };
    }

    private static String words(RandomGenerator dice) {
        return dice.ints(1 + dice.nextInt(8), 0, WORDS.size())
                .mapToObj(WORDS::get)
                .collect(Collectors.joining(" "));
    }

    private static String longLine(RandomGenerator dice) {
        // At least a byte for each char.
        StringBuilder text = new StringBuilder();
        while (text.length() < LONG_LINE_CHARS) {
            text.append(words(dice)).append(' ');
        }
        return text.toString();
    }

    /// Writes them with an LF between each two.
    ///
    /// @param end what follows the last line: an LF, or nothing
    Path write(Path file, String end) {
        try {
            return Files.writeString(file, String.join("\n", lines) + end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// These lines under the ids that `rumor broadcast` printed for them.
    void addTo(Records records, List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            records.add(ids.get(i), lines.get(i));
        }
    }
}
