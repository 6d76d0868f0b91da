package io.github.moshivis.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The house's rules about who may know whom, for all modules at once: this is the one that sees them all. A rule that fails names
 * the line to change; a rule is changed with {@code DESIGN} and the {@code package-info} that state it.
 */
@AnalyzeClasses(
        packages = ArchitectureTest.ROOT,
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTestHelpers.class})
class ArchitectureTest {
    static final String ROOT = "io.github.moshivis";

    private static final String EXAMPLES = ROOT + ".examples..";
    private static final String[] MODULES = {ROOT + ".audio..", ROOT + ".vision..", ROOT + ".hub.."};

    /** What a host application sees. */
    private static final String[] API = {
        ROOT, ROOT + ".io", ROOT + ".checkpoint", ROOT + ".bench", ROOT + ".spi", ROOT + ".errors"
    };

    /** Which packages of core each package of core may import, as its {@code package-info} says; the root may import all. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("errors", Set.of()),
            Map.entry("io", Set.of("errors")),
            Map.entry("spi", Set.of("io", "errors")),
            Map.entry("text", Set.of("errors")),
            Map.entry("config", Set.of("errors", "io")),
            Map.entry("tensor", Set.of("errors")),
            Map.entry("stream", Set.of("tensor")),
            Map.entry("nn", Set.of("tensor", "stream")),
            Map.entry("weights", Set.of("errors", "tensor", "nn")),
            Map.entry("model", Set.of("tensor", "stream", "weights", "config", "nn", "io")),
            Map.entry("lm", Set.of("nn", "stream", "tensor", "config", "weights")),
            Map.entry("checkpoint", Set.of("config", "weights", "nn", "lm", "model", "spi", "io", "errors")),
            Map.entry("bench", Set.of("config", "weights", "nn", "lm", "stream", "tensor")),
            Map.entry("engine", Set.of("lm", "model", "stream", "tensor", "errors", "io")));

    /** Leaves out the jar with core's test helpers. */
    static final class WithoutTestHelpers implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule onlyTheTensorPackageKnowsLibTorch = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".tensor")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule coreKnowsNoOtherModule = noClasses()
            .that()
            .resideOutsideOfPackages(MODULES)
            .and()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat(resideInAnyPackage(MODULES).or(resideInAPackage(EXAMPLES)));

    @ArchTest
    static void modulesBesideCoreDoNotKnowEachOtherNorTheExamples(JavaClasses all) {
        for (String module : MODULES) {
            noClasses()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .dependOnClassesThat(resideInAPackage(EXAMPLES)
                            .or(resideInAnyPackage(MODULES).and(not(resideInAPackage(module)))))
                    .allowEmptyShould(true)
                    .check(all);
        }
    }

    @ArchTest
    static final ArchRule theHubKnowsThePlugInInterfaceOnly = noClasses()
            .that()
            .resideInAPackage(ROOT + ".hub..")
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "..")
                    .and(not(resideInAnyPackage(ROOT + ".hub..", ROOT + ".spi", ROOT + ".io", ROOT + ".errors"))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule examplesUseTheApiOnly = noClasses()
            .that()
            .resideInAPackage(EXAMPLES)
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "..")
                    .and(not(resideInAnyPackage(API)))
                    .and(not(resideInAnyPackage(EXAMPLES, ROOT + ".audio", ROOT + ".hub"))));

    @ArchTest
    static void packagesOfCoreImportWhatTheySay(JavaClasses all) {
        ARROWS.forEach((name, allowed) -> {
            String self = ROOT + "." + name;
            String[] known = Stream.concat(Stream.of(self), allowed.stream().map(other -> ROOT + "." + other))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(self)
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(known))))
                    .check(all);
        });
    }

    @ArchTest
    static void everyPackageOfCoreSaysWhatItImports(JavaClasses all) {
        DescribedPredicate<JavaClass> inOtherModules =
                resideInAnyPackage(MODULES).or(resideInAPackage(EXAMPLES));
        Set<String> packages = new TreeSet<>();
        for (JavaClass each : all.that(not(inOtherModules))) {
            packages.add(each.getPackageName());
        }
        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of(ROOT), ARROWS.keySet().stream().map(name -> ROOT + "." + name))
                                .toList());
    }

    @ArchTest
    static final ArchRule theApiShowsNothingBehindIt = members()
            .that(arePublicApi())
            .should(involveOnly(resideInAnyPackage(API).or(resideInAnyPackage("java..", ""))));

    private static DescribedPredicate<JavaMember> arePublicApi() {
        Set<JavaModifier> open = Set.of(JavaModifier.PUBLIC, JavaModifier.PROTECTED);
        return DescribedPredicate.describe("are part of the API", member -> {
            boolean inApi = resideInAnyPackage(API).test(member.getOwner());
            boolean ownerIsPublic = member.getOwner().getModifiers().contains(JavaModifier.PUBLIC);
            return inApi && ownerIsPublic && member.getModifiers().stream().anyMatch(open::contains);
        });
    }

    private static ArchCondition<JavaMember> involveOnly(DescribedPredicate<JavaClass> shown) {
        return new ArchCondition<>("show only types of the API and of Java") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                for (JavaClass type : member.getAllInvolvedRawTypes()) {
                    boolean allowed = shown.test(type.getBaseComponentType());
                    events.add(new SimpleConditionEvent(
                            member, allowed, member.getDescription() + " shows " + type.getName()));
                }
            }
        };
    }

    @ArchTest
    static final ArchRule librariesPrintNothing =
            noClasses().that().resideOutsideOfPackage(EXAMPLES).should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule librariesLogThroughSystemLogger =
            noClasses().that().resideOutsideOfPackage(EXAMPLES).should(USE_JAVA_UTIL_LOGGING);
}
