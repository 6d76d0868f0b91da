package io.github.moshivis.snippets;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.implement;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules about dependencies, for all modules at once. A rule that fails names the line to change; {@code docs/architecture.md} states the
 * rules and holds the order of packages.
 */
@AnalyzeClasses(
        packages = House.ROOT,
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTestHelpers.class})
class ArchitectureTest {
    private static final String ROOT = House.ROOT;
    private static final String[] MODULES = {ROOT + ".audio..", ROOT + ".vision..", ROOT + ".hub.."};
    private static final String[] EXAMPLES = Stream.of(
                    "cli",
                    "server",
                    "client",
                    "programs",
                    "evaluate",
                    "micrometer",
                    "snippets",
                    "spring",
                    "test",
                    "train")
            .map(name -> ROOT + "." + name + "..")
            .toArray(String[]::new);

    /** Benchmarks measure what is behind the API, and training computes with it. */
    private static final String[] INSIDERS = {ROOT + ".cli.bench", ROOT + ".train.."};

    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage(ROOT + "..");
    private static final DescribedPredicate<JavaClass> IN_CORE =
            resideInAnyPackage(House.packages().toArray(String[]::new));

    /** Leaves out the jars with test helpers. */
    static final class WithoutTestHelpers implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    /** Dependencies between our packages that a rule forbids, as "package -> class". */
    private static Set<String> violations(JavaClasses all, BiPredicate<String, JavaClass> forbidden) {
        Set<String> found = new TreeSet<>();
        for (JavaClass origin : all) {
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String from = origin.getPackageName();
                if (OURS.test(target) && !from.equals(target.getPackageName()) && forbidden.test(from, target)) {
                    found.add(from + " -> " + target.getFullName());
                }
            }
        }
        return found;
    }

    @ArchTest
    static void packagesOfCoreImportDownwardsOnly(JavaClasses all) {
        List<String> order = House.packages();
        assertThat(violations(all, (from, target) -> {
                    int to = order.indexOf(target.getPackageName());
                    return order.contains(from) && order.indexOf(from) > to;
                }))
                .isEmpty();
    }

    @ArchTest
    static void everyPackageOfCoreIsInThePicture(JavaClasses all) {
        Set<String> packages =
                all.that(not(resideInAnyPackage(MODULES)).and(not(resideInAnyPackage(EXAMPLES)))).stream()
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(House.packages()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages);
    }

    @ArchTest
    static void noPackagesFormACycle(JavaClasses all) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        violations(all, (from, target) -> true).forEach(arrow -> {
            String[] ends = arrow.split(" -> ");
            arrows.computeIfAbsent(ends[0], from -> new TreeSet<>())
                    .add(all.get(ends[1]).getPackageName());
        });
        Set<String> inCycles = new TreeSet<>();
        arrows.keySet().stream()
                .filter(start -> reachable(start, arrows).contains(start))
                .forEach(inCycles::add);
        assertThat(inCycles).isEmpty();
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> arrows) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            arrows.getOrDefault(next.remove(), Set.of()).stream()
                    .filter(reached::add)
                    .forEach(next::add);
        }
        return reached;
    }

    @ArchTest
    static final ArchRule onlyTheTensorPackageKnowsLibTorch = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".tensor")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static void plugInsKnowCoreOnly(JavaClasses all) {
        for (String module : MODULES) {
            noClasses()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .dependOnClassesThat(OURS.and(not(IN_CORE)).and(not(resideInAPackage(module))))
                    .check(all);
        }
    }

    @ArchTest
    static final ArchRule settersHaveTheNamesOfTheirValues = noMethods()
            .that()
            .areNotStatic()
            .and(describe(
                    "return a changed copy", method -> method.getRawReturnType().equals(method.getOwner())))
            .should()
            .haveNameMatching("with[A-Z].*");

    @ArchTest
    static final ArchRule theHubKnowsNoTensors = noClasses()
            .that()
            .resideInAPackage(ROOT + ".hub..")
            .should()
            .dependOnClassesThat(OURS.and(not(resideInAnyPackage(
                    ROOT + ".hub..", ROOT + ".plugin", ROOT + ".layout", ROOT + ".io", ROOT + ".errors"))));

    @ArchTest
    static void examplesUseTheApiOnly(JavaClasses all) {
        DescribedPredicate<JavaClass> usable =
                resideInAnyPackage(House.api().toArray(String[]::new)).or(resideInAnyPackage(EXAMPLES));
        assertThat(violations(
                        all.that(resideInAnyPackage(EXAMPLES).and(not(resideInAnyPackage(INSIDERS)))),
                        (from, target) -> !usable.test(target)))
                .isEmpty();
    }

    @ArchTest
    static void theApiIsDefinedOnce(JavaClasses all) {
        assertThat(House.api())
                .filteredOn(House.packages()::contains)
                .as("packages marked as API in docs/architecture.md")
                .containsExactlyInAnyOrderElementsOf(House.markedAsApi());
    }

    @ArchTest
    static void theApiShowsNothingBehindIt(JavaClasses all) {
        Set<String> found = new TreeSet<>();
        DescribedPredicate<JavaClass> shown = resideInAnyPackage(House.api().toArray(String[]::new));
        // Services are called by core only.
        DescribedPredicate<JavaClass> service = implement(resideInAPackage(ROOT + ".plugin.."));
        for (JavaClass owner : all.that(shown.and(not(service)))) {
            for (JavaMember member : owner.getMembers()) {
                if (!isOpen(owner) || !isOpen(member.getModifiers())) {
                    continue;
                }
                for (JavaClass type : member.getAllInvolvedRawTypes()) {
                    JavaClass base = type.getBaseComponentType();
                    if (!base.isPrimitive() && !base.getPackageName().startsWith("java") && !shown.test(base)) {
                        found.add(owner.getPackageName() + " -> " + base.getFullName() + " in " + member.getFullName());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static boolean isOpen(JavaClass type) {
        return isOpen(type.getModifiers()) && type.getEnclosingClass().stream().allMatch(ArchitectureTest::isOpen);
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    @ArchTest
    static final ArchRule librariesPrintNothing =
            noClasses().that().resideOutsideOfPackages(EXAMPLES).should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule librariesLogThroughSystemLogger =
            noClasses().that().resideOutsideOfPackages(EXAMPLES).should(USE_JAVA_UTIL_LOGGING);

    /** Comparisons that take longer the more of a secret was guessed. */
    private static boolean comparesEarly(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        boolean ofValues = Set.of("java.lang.String", "java.lang.Object", "java.util.Objects", "java.util.Arrays")
                        .contains(owner)
                || call.getTargetOwner().isAssignableTo(Collection.class);
        return ofValues && call.getName().matches("(content)?[eE]quals.*|compareTo.*|contains|startsWith|matches");
    }

    @ArchTest
    static void secretsAreComparedInConstantTime(JavaClasses all) {
        Set<JavaAccess<?>> reads = new HashSet<>(
                all.get(ROOT + ".server.chat.GateOptions").getMethod("token").getCallsOfSelf());
        reads.addAll(all.get(ROOT + ".server.http.Dispatcher$Session")
                .getField("auth")
                .getAccessesToSelf());
        Set<JavaCodeUnit> readers = reads.stream().map(JavaAccess::getOrigin).collect(Collectors.toSet());
        assertThat(readers).extracting(JavaCodeUnit::getName).contains("isToken", "check");
        assertThat(readers.stream()
                        .flatMap(reader -> reader.getMethodCallsFromSelf().stream())
                        .filter(ArchitectureTest::comparesEarly))
                .isEmpty();
        for (String name : List.of("chat.Gate", "http.Dispatcher")) {
            assertThat(all.get(ROOT + ".server." + name).getMethodCallsFromSelf())
                    .anySatisfy(call -> assertThat(call.getTarget().getFullName())
                            .isEqualTo("java.security.MessageDigest.isEqual([B, [B)"));
        }
    }
}
