package microtome.tensor.nd4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of this module: it knows tensors and ND4J, and nobody knows it. */
class ArchitectureTest {
    private static JavaClasses library;

    @BeforeAll
    static void readTheClassFiles() {
        library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("microtome");
    }

    @Test
    void thisModuleKnowsTensorsAndNd4jOnly() {
        classes()
                .that()
                .resideInAPackage("microtome.tensor.nd4j")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "microtome.tensor",
                        "microtome.tensor.reference",
                        "microtome.tensor.nd4j",
                        "org.bytedeco.javacpp",
                        "org.nd4j..")
                .check(library);
    }

    @Test
    void nobodyKnowsThisModuleOrNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("microtome.tensor.nd4j")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("microtome.tensor.nd4j", "org.bytedeco..", "org.nd4j..")
                .check(library);
    }

    @Test
    void onlyTheSpinCountLinksAForeignFunction() {
        noClasses()
                .that()
                .resideInAPackage("microtome.tensor.nd4j")
                .and()
                .doNotBelongToAnyOf(SpinCount.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class)
                .check(library);
    }
}
