package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What is shown as Java, in the README and in the documentation of what a user calls, compiles.
class ExamplesTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /// What an example may take for granted.
    private static final String AROUND = """
            import static java.nio.charset.StandardCharsets.UTF_8;
            import dev.rumor.*;
            import dev.rumor.client.*;
            import java.time.Duration;
            import java.util.*;

            class Example {
                static RumorClient client;
                static Rumor rumor;
                static String cursor;
                static byte[] payload;

                static void handle(ReceivedRecord record, String cursor) {}

                static void run() throws Exception {
            %s
                }
            }
            """;

    @TempDir
    private Path classes;

    @TestFactory
    Stream<DynamicTest> whatIsShownCompiles() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String page : List.of(
                "README.md",
                "daemon/src/main/java/dev/rumor/Rumor.java",
                "client/src/main/java/dev/rumor/client/RumorClient.java",
                "client/src/main/java/dev/rumor/client/Subscription.java",
                "client/src/main/java/dev/rumor/client/Selection.java")) {
            String text = Files.readString(Path.of("..").resolve(page)).replaceAll("(?m)^ */// ?", "");
            Matcher block = BLOCK.matcher(text);
            assertThat(block.results()).as(page).isNotEmpty();
            block.reset()
                    .results()
                    .map(found -> found.group(1))
                    .forEach(example -> tests.add(DynamicTest.dynamicTest(
                            page + " " + (tests.size() + 1),
                            () -> assertThat(errors(example)).isEmpty())));
        }
        return tests.stream();
    }

    private String errors(String example) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return AROUND.formatted(example);
                    }
                };
        try (Writer said = new StringWriter()) {
            boolean compiled = compiler.getTask(said, null, null, options, null, List.of(source))
                    .call();
            return compiled ? "" : said.toString();
        }
    }
}
