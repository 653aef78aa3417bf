package dev.rumor.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./rumor maelstrom` as Maelstrom starts it: from another directory, by lines.
class MaelstromIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void answersEachLineAtOnceAndEndsWithItsInput() throws IOException {
        try (Program node = maelstrom()) {
            say(node, "c0", "{\"type\":\"init\",\"msg_id\":1,\"node_id\":\"n1\",\"node_ids\":[\"n1\",\"n2\"]}");
            awaitLines(node, 1);
            say(node, "c1", "{\"type\":\"echo\",\"msg_id\":2,\"echo\":\"grüß dich – 你好 🙂\"}");
            awaitLines(node, 2);
            say(node, "c1", "{\"type\":\"broadcast\",\"msg_id\":3,\"message\":1}");
            awaitLines(node, 4);
            node.input().close();
            assertThat(node.exitCode(PATIENCE)).isZero();
            assertThat(node.outputLines().subList(0, 3))
                    .containsExactly(
                            "{\"src\":\"n1\",\"dest\":\"c0\",\"body\":{\"type\":\"init_ok\",\"in_reply_to\":1}}",
                            "{\"src\":\"n1\",\"dest\":\"c1\",\"body\":{\"type\":\"echo_ok\",\"in_reply_to\":2,"
                                    + "\"echo\":\"grüß dich – 你好 \\uD83D\\uDE42\"}}",
                            "{\"src\":\"n1\",\"dest\":\"c1\",\"body\":{\"type\":\"broadcast_ok\",\"in_reply_to\":3}}");
            assertThat(node.outputLines().subList(3, node.outputLines().size()))
                    .allMatch(line -> line.startsWith("{\"src\":\"n1\",\"dest\":\"n2\",\"body\":{\"type\":\"gossip\""));
            assertThat(node.errorLines()).isEmpty();
        }
    }

    @Test
    void logsOnStandardErrorOnly() throws IOException {
        try (Program node = maelstrom("--workload", "g-set")) {
            node.input().write("nonsense\n".getBytes(StandardCharsets.UTF_8));
            node.input().close();
            assertThat(node.exitCode(PATIENCE)).isZero();
            assertThat(node.outputLines()).isEmpty();
            assertThat(node.errorLines()).singleElement().asString().startsWith("rumor: a line is passed over: ");
        }
    }

    @Test
    void aWrongSettingIsExplained() {
        try (Program wrong = maelstrom("--delivery-budget", "1ms")) {
            assertThat(wrong.exitCode(PATIENCE)).isEqualTo(2);
            assertThat(wrong.outputLines()).isEmpty();
            assertThat(wrong.errorLines().getFirst())
                    .isEqualTo("rumor: --delivery-budget: 0, or 10ms to 1m, in ms, s, m, h or d, not '1ms'");
        }
    }

    /// What 25 of these would each pay for when they start at once.
    @Test
    void loadsNothingThatItDoesNotNeed() throws IOException {
        List<String> watched = List.of("-Xlog:class+load:file=" + directory.resolve("classes"));
        try (Program node = Program.rumor(directory, watched, List.of("maelstrom"))) {
            say(node, "c0", "{\"type\":\"init\",\"msg_id\":1,\"node_id\":\"n1\",\"node_ids\":[\"n1\"]}");
            say(node, "c1", "{\"type\":\"broadcast\",\"msg_id\":2,\"message\":1}");
            awaitLines(node, 2);
            node.input().close();
            assertThat(node.exitCode(PATIENCE)).isZero();
        }
        assertThat(directory.resolve("classes"))
                .content()
                .contains("dev.rumor.maelstrom.MaelstromHost ")
                .doesNotContain(
                        " io.netty.",
                        " com.google.protobuf.",
                        " io.micrometer.",
                        ".databind.",
                        " ch.qos.logback.",
                        " org.slf4j.",
                        " picocli.CommandLine$Model");
    }

    /// Nothing is read from the jar, and next to nothing made up by the JVM: a switch over patterns still is.
    @Test
    void hasAllThatItNeedsFromTheCacheThatTheLauncherMade() throws IOException {
        String options =
                "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:class+load:file=" + directory.resolve("classes");
        String launcher = Program.LAUNCHER.toString();
        try (Program node = Program.of(directory, "env", "RUMOR_JAVA_OPTS=" + options, launcher, "maelstrom")) {
            say(node, "c0", "{\"type\":\"init\",\"msg_id\":1,\"node_id\":\"n1\",\"node_ids\":[\"n1\"]}");
            say(node, "c1", "{\"type\":\"broadcast\",\"msg_id\":2,\"message\":1}");
            awaitLines(node, 2);
            node.input().close();
            assertThat(node.exitCode(PATIENCE)).isZero();
        }
        assertThat(Files.readAllLines(directory.resolve("classes")))
                .filteredOn(line -> line.contains(" dev.rumor.") || line.contains(" __JVM_"))
                .filteredOn(line -> !line.contains("$$TypeSwitch"))
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));
    }

    private Program maelstrom(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "maelstrom";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Program.of(directory, Program.LAUNCHER.toString(), all);
    }

    private static void say(Program node, String client, String body) throws IOException {
        String line = "{\"src\":\"" + client + "\",\"dest\":\"n1\",\"body\":" + body + "}\n";
        node.input().write(line.getBytes(StandardCharsets.UTF_8));
        node.input().flush();
    }

    private static void awaitLines(Program node, int count) {
        await().atMost(PATIENCE).until(() -> node.outputLines().size() >= count);
    }
}
