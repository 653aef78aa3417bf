package dev.rumor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The arrows between the rooms of the house: dependencies point inward only.
class RoomsTest {

    private static final int MOST_FILES = 20;

    private static final JavaClasses HOUSE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.rumor");

    private static final String[] GENERATED = {"dev.rumor.proto.."};
    private static final List<String> ROOMS = List.of(
            "core",
            "simulator",
            "wire",
            "storage",
            "host",
            "tcp",
            "maelstrom",
            "http",
            "face",
            "metrics",
            "simulate",
            "client");

    @Test
    void theHouseIsLookedAtAtAll() {
        for (String room : ROOMS) {
            assertThat(HOUSE.that(resideInAPackage("dev.rumor." + room + "..")))
                    .as(room)
                    .isNotEmpty();
        }
        assertThat(HOUSE.contain(Main.class)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            core    | core
            simulator | simulator core
            wire    | wire core proto
            storage | storage core
            tcp     | tcp host wire storage core
            host    | host wire storage core
            maelstrom | maelstrom host wire storage core
            http    | http client
            face    | face http tcp host wire storage core client
            metrics | metrics host wire core
            simulate | simulate simulator client
            client  | client proto
            """)
    void aRoomKnowsOnlyTheRoomsFurtherIn(String room, String known) {
        String[] packages = Stream.of(known.strip().split(" "))
                .map(each -> "dev.rumor." + each + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.rumor." + room.strip() + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.rumor..").and(DescribedPredicate.not(resideInAnyPackage(packages))))
                .check(HOUSE);
    }

    @Test
    void nettyIsSeenOnlyWhereBytesMove() {
        DescribedPredicate<JavaClass> framing = simpleName("Framing").or(simpleName("Decoder"));
        onlyThere(
                        "io.netty..",
                        resideInAnyPackage("dev.rumor.tcp..", "dev.rumor.http..")
                                .or(resideInAPackage("dev.rumor.wire").and(framing)))
                .check(HOUSE);
    }

    @Test
    void micrometerStaysWithTheMetrics() {
        onlyThere("io.micrometer..", resideInAPackage("dev.rumor.metrics..")).check(HOUSE);
    }

    @Test
    void protobufStopsAtTheWireAndTheClient() {
        onlyThere(
                        "com.google.protobuf..",
                        resideInAnyPackage("dev.rumor.wire..", "dev.rumor.client..", "dev.rumor.proto.."))
                .check(HOUSE);
        onlyThere(
                        "dev.rumor.proto..",
                        resideInAnyPackage("dev.rumor.wire..", "dev.rumor.client..", "dev.rumor.proto.."))
                .check(HOUSE);
    }

    @Test
    void nobodyDependsOnMain() {
        noClasses()
                .that(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(Main.class)))
                .should()
                .dependOnClassesThat(JavaClass.Predicates.belongToAnyOf(Main.class))
                .check(HOUSE);
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching("dev.rumor.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void noRoomHoldsMoreFilesThanOneCanKeepInMind() throws IOException {
        Map<Path, Long> files = sources().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        assertThat(files)
                .isNotEmpty()
                .allSatisfy(
                        (room, count) -> assertThat(count).as(room.toString()).isLessThanOrEqualTo(MOST_FILES));
    }

    private static ArchRule onlyThere(String library, DescribedPredicate<JavaClass> there) {
        return classes()
                .that(resideInAPackage("dev.rumor..").and(DescribedPredicate.not(there)))
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage(library)));
    }

    /// Of all modules; the test runs in one of them.
    private static Stream<Path> sources() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        Path root = Files.exists(module.resolve("daemon")) ? module : module.getParent();
        return Files.walk(root)
                .filter(each -> each.toString().endsWith(".java"))
                .filter(each -> !each.toString().contains("/target/"));
    }
}
