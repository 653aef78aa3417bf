package dev.rumor.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the image promises.
@ExtendWith({Docker.class, Image.Built.class})
class ImageIT {

    private static final long MOST_BYTES = 150_000_000;

    @Test
    void addsLessThan150MegabytesToItsBase(Image image) {
        String runtime = Image.RUNTIME.orElse("eclipse-temurin:25-jre");
        long base = Long.parseLong(Docker.run("image", "inspect", "--format", "{{.Size}}", runtime));
        long own = Long.parseLong(image.inspect("{{.Size}}")) - base;
        System.out.printf("image adds %d MB to the %d MB of its base%n", own / 1_000_000, base / 1_000_000);
        assertThat(own).isBetween(1L, MOST_BYTES);
    }

    @Test
    void runsAsNobodyInParticularWithAVolumeOfItsOwn(Image image) {
        assertThat(image.inspect("{{.Config.User}}")).isEqualTo("65532:65532");
        assertThat(image.inspect("{{json .Config.Volumes}}")).isEqualTo("{\"/data\":{}}");
        assertThat(inside(image, "id -u && touch /data/mine && ! touch /opt/rumor/not-mine 2>&1"))
                .startsWith("65532\n")
                .contains("Permission denied");
    }

    /// The JVM passes over a cache whose class path or options are not those of the rehearsal.
    @Test
    void startsFromWhatTheJvmLearnedAtTheRehearsal(Image image) {
        assertThat(run("--env", "RUMOR_JAVA_OPTS=-Xlog:class+load", image.name(), "version"))
                .contains("dev.rumor.Main source: shared objects file");
    }

    @Test
    void doesNotListenForOthersUnasked(Image image) {
        assertThatThrownBy(() -> run(image.name()))
                .isInstanceOf(Docker.Failed.class)
                .hasMessageContaining("add --insecure");
    }

    @Test
    void becomesHealthyAndStopsWhenItIsTold(Image image) {
        String container = Docker.run("run", "--detach", image.name(), "daemon", "--insecure");
        try {
            await("its health")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(state(container, "Health.Status")).isEqualTo("healthy"));
            Docker.run("stop", "--time", "8", container);
            assertThat(state(container, "ExitCode")).isEqualTo("0");
        } finally {
            Docker.run("rm", "--force", "--volumes", container);
        }
    }

    @Test
    void keepsItsRecordsAndItsNameInItsVolume(Image image) {
        String volume = Docker.run("volume", "create");
        try {
            String name = onVolume(volume, image, container -> {
                Docker.run("exec", container, "rumor", "broadcast", "hello");
                return name(container);
            });
            onVolume(volume, image, another -> {
                assertThat(Docker.run("exec", another, "rumor", "read")).isEqualTo("hello");
                assertThat(name(another)).isEqualTo(name);
                return name;
            });
        } finally {
            Docker.run("volume", "rm", volume);
        }
    }

    /// Runs a container with this volume for as long as it is used; it has a host name of its own.
    private static String onVolume(String volume, Image image, UnaryOperator<String> use) {
        String container =
                Docker.run("run", "--detach", "--volume", volume + ":/data", image.name(), "daemon", "--insecure");
        try {
            await("its ready line")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Docker.run("logs", container).contains("data in /data"));
            String answer = use.apply(container);
            Docker.run("stop", "--time", "8", container);
            return answer;
        } finally {
            Docker.run("rm", "--force", container);
        }
    }

    private static String name(String container) {
        return Docker.run("logs", container)
                .lines()
                .filter(line -> line.contains(" ready on "))
                .map(line -> line.split(" ")[1])
                .findFirst()
                .orElseThrow();
    }

    private static String state(String container, String field) {
        return Docker.run("inspect", "--format", "{{.State." + field + "}}", container);
    }

    private static String run(String... arguments) {
        return Docker.run(
                Stream.concat(Stream.of("run", "--rm"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static String inside(Image image, String script) {
        return run("--entrypoint", "sh", image.name(), "-c", script);
    }
}
