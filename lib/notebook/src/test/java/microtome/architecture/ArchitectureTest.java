package microtome.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static JavaClasses library;

    @BeforeAll
    static void readTheClassFiles() {
        library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/microtome/architecture/"))
                .importPackages("microtome");
    }

    /** A rule over packages that nobody read would pass. */
    @Test
    void everyModuleIsLookedAt() {
        Set<String> packages = library.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(packages)
                .contains(
                        "microtome",
                        "microtome.cli",
                        "microtome.kernel",
                        "microtome.display",
                        "microtome.model",
                        "microtome.probe.lens",
                        "microtome.tensor",
                        "microtome.tensor.foreign",
                        "microtome.tensor.reference");
    }

    @Test
    void modulesFollowTheirArrows() {
        check(classes().should(ModuleArrows.followed()));
    }

    @Test
    void packagesOfAModuleFormNoCycle() {
        check(slices().assignedFrom(new EachPackage()).should().beFreeOfCycles());
    }

    @Test
    void probesSeeOnlyTheSharedDataOfEachOther() {
        check(slices().matching("microtome.probe.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage("microtome.probe.data..")));
    }

    @Test
    void onlyTheServiceLoaderKnowsBackends() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("microtome.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("microtome.tensor.reference..", "microtome.tensor.foreign.."));
    }

    @Test
    void foreignFunctionsAreLinkedInOnePackage() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("microtome.tensor.foreign")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class));
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("microtome.cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void kernelsAreKnownInOnePackageAndNobodyKnowsThatPackage() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("microtome.kernel")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.dflib..", "microtome.kernel"));
    }

    @Test
    void onlyTheCommandLineKnowsItsParser() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("microtome.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "microtome.cli.."));
    }

    /** Every package is a slice of its own. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    private static void check(ArchRule rule) {
        rule.check(library);
    }
}
