package dev.rumor.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.core.domain.JavaModifier.VOLATILE;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The law is pure: no clock, no thread, no lock, no logger, no socket, no file, no dice of its own, and no iteration
/// in an order that another JVM would not repeat. What is not listed as allowed is forbidden.
class PurityTest {

    private static final int MAX_FILES = 20;

    /// Packages that the law may speak to ...
    private static final Pattern PACKAGES =
            Pattern.compile("dev\\.rumor\\.core(\\.(stream|message|holding|membership))?|"
                    + "java\\.lang(\\.runtime)?|java\\.util(\\.(function|random|regex|stream))?");

    /// ... of other packages these classes...
    private static final Set<String> CLASSES = Set.of("java.time.Duration", "java.lang.invoke.MethodHandles");

    /// ... and of the packages everything but these.
    private static final Pattern IMPURE =
            Pattern.compile("java\\.lang\\.(.*Thread.*|System\\$.*|ScopedValue|Runtime|Process.*)"
                    + "|java\\.util\\.(Hash(Map|Set|table)|WeakHashMap|IdentityHashMap|UUID|Random"
                    + "|SplittableRandom|Timer.*|Date|.*Calendar|Scanner|Properties|ServiceLoader"
                    + "|random\\.RandomGeneratorFactory)(\\$.*)?");

    private static final List<ArchRule> RULES = List.of(
            classes()
                    .should()
                    .onlyDependOnClassesThat(describe("are allowed", PurityTest::isAllowed))
                    .because("the law has no world"),
            never("java\\.lang\\.System#(?!arraycopy$).*", "of clocks and the environment the law knows nothing"),
            never("java\\.lang\\.(Object|Enum)#(wait|notify.*|hashCode)", "an identity differs in each JVM"),
            never("java\\.util\\.(Map|Set)#(of|ofEntries|copyOf)", "their order differs in each JVM"),
            never(
                    ".*\\.Collectors#(to(Unmodifiable|Concurrent)?(Set|Map)|(group|partition)ingBy.*)",
                    "their order differs in each JVM"),
            never(".*#(parallel.*|unordered|forEachOrdered)", "there is one thread and one order"),
            never(
                    "java\\.lang\\.Math#(random|a?(sin|cos|tan)2?|(sin|cos|tan)h|expm?1?|log(10|1p)?|pow|cbrt|hypot)",
                    "StrictMath is the same in each JVM, and dice are given"),
            never("java\\.util\\.(Collections#shuffle|random\\.RandomGenerator#(of|getDefault))", "dice are given"),
            methods().should().notHaveModifier(SYNCHRONIZED).because("there is one thread"),
            fields().should().notHaveModifier(VOLATILE).because("there is one thread"),
            fields().that()
                    .haveModifier(STATIC)
                    .and()
                    .doNotHaveModifier(SYNTHETIC)
                    .should()
                    .haveModifier(FINAL)
                    .andShould()
                    .haveRawType(not(describe("mutable", PurityTest::isMutable)))
                    .because("two nodes share nothing"));

    private static boolean isAllowed(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        boolean known = PACKAGES.matcher(base.getPackageName()).matches();
        return base.isPrimitive()
                || CLASSES.contains(base.getName())
                || known && !IMPURE.matcher(base.getName()).matches();
    }

    private static boolean isMutable(JavaClass type) {
        return type.isArray() || type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    }

    /// @param member a pattern of `owner#name`
    private static ArchRule never(String member, String why) {
        Pattern pattern = Pattern.compile(member);
        return noClasses()
                .should()
                .accessTargetWhere(describe(
                        "it is " + member,
                        access -> pattern.matcher(access.getTarget().getOwner().getName() + "#"
                                        + access.getTarget().getName())
                                .matches()))
                .because(why);
    }

    private static JavaClasses law() {
        return new ClassFileImporter().importPath(Path.of("target/classes/dev/rumor/core"));
    }

    @Test
    void the_law_is_pure() {
        JavaClasses law = law();
        assertThat(law.contain(Node.class)).as("the law is seen").isTrue();
        RULES.forEach(rule -> rule.check(law));
    }

    @Test
    void no_rule_is_content_when_it_sees_nothing() {
        JavaClasses nothing = new ClassFileImporter().importClasses();
        for (ArchRule rule : RULES) {
            assertThatThrownBy(() -> rule.check(nothing)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void every_planted_sin_is_reported() {
        JavaClasses sins = new ClassFileImporter().importClasses(Sins.class);
        String reports = RULES.stream()
                .flatMap(rule -> rule.evaluate(sins).getFailureReport().getDetails().stream())
                .collect(Collectors.joining("\n"));
        List<Member> planted = new ArrayList<>();
        planted.addAll(Arrays.asList(Sins.class.getDeclaredMethods()));
        planted.addAll(Arrays.asList(Sins.class.getDeclaredFields()));
        planted.removeIf(Member::isSynthetic);
        assertThat(planted).hasSizeGreaterThan(20);
        for (Member sin : planted) {
            assertThat(reports).contains("Sins." + sin.getName());
        }
    }

    @Test
    void the_law_fits_into_five_packages_of_few_files() throws IOException {
        for (String sources : List.of("src/main/java", "src/test/java")) {
            try (var files = Files.walk(Path.of(sources))) {
                Map<Path, Long> packages = new HashMap<>();
                files.filter(Files::isRegularFile).forEach(file -> packages.merge(file.getParent(), 1L, Long::sum));
                assertThat(packages.keySet())
                        .extracting(each -> Path.of(sources).relativize(each).toString())
                        .isSubsetOf(
                                "dev/rumor/core",
                                "dev/rumor/core/stream",
                                "dev/rumor/core/message",
                                "dev/rumor/core/holding",
                                "dev/rumor/core/membership");
                assertThat(packages.values()).allMatch(count -> count <= MAX_FILES);
            }
        }
    }

    @Test
    void streams_messages_and_holdings_know_nothing_of_the_protocol() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.rumor.core.stream",
                        "dev.rumor.core.message",
                        "dev.rumor.core.holding",
                        "dev.rumor.core.membership")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.rumor.core"))
                .check(law());
    }

    /// One sin each, of every kind that the rules are there for.
    @SuppressWarnings("unused")
    private static final class Sins {
        static int shared;
        static final List<String> LIST = new ArrayList<>();
        static final int[] ARRAY = new int[1];
        volatile boolean flag;
        final HashMap<String, String> hashed = null;
        final ConcurrentHashMap<String, String> concurrent = new ConcurrentHashMap<>();
        final Thread thread = null;
        final ThreadLocal<String> local = new ThreadLocal<>();
        final System.Logger logger = null;
        final java.net.Socket socket = null;

        long nano() {
            return System.nanoTime();
        }

        long millis() {
            return System.currentTimeMillis();
        }

        String environment() {
            return System.getenv("HOME");
        }

        String property() {
            return System.getProperty("user.name");
        }

        Object instant() {
            return java.time.Instant.now();
        }

        Object file() {
            return java.nio.file.Path.of("x");
        }

        Set<String> hashedSet() {
            return new HashSet<>();
        }

        int processors() {
            return Runtime.getRuntime().availableProcessors();
        }

        double mathRandom() {
            return Math.random();
        }

        double sine() {
            return Math.sin(1);
        }

        double logarithm() {
            return Math.log(2);
        }

        double power() {
            return Math.pow(2, 3) + Math.exp(1);
        }

        Object uuid() {
            return UUID.randomUUID();
        }

        Object dice() {
            return new Random();
        }

        void shuffle() {
            java.util.Collections.shuffle(new ArrayList<>());
        }

        Object mapOf() {
            return Map.of("a", 1);
        }

        Object mapCopy() {
            return Map.copyOf(new java.util.TreeMap<>());
        }

        Object setOf() {
            return Set.of(1);
        }

        Object setCopy() {
            return Set.copyOf(List.of(1));
        }

        Object collectedSet() {
            return List.of(1).stream().collect(Collectors.toSet());
        }

        Object collectedMap() {
            return List.of(1).stream().collect(Collectors.toMap(k -> k, k -> k));
        }

        Object grouped() {
            return List.of(1).stream().collect(Collectors.groupingBy(k -> k));
        }

        Object parallel() {
            return List.of(1).parallelStream();
        }

        int identity() {
            return new Object().hashCode();
        }

        synchronized void locked() {}
    }
}
