package microtome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.junit.jupiter.api.Test;

class CellImportsTest {
    /** What JJava imports by itself. */
    private static final List<String> OF_THE_KERNEL = List.of(
            "java.lang",
            "java.io",
            "java.math",
            "java.net",
            "java.util",
            "java.util.concurrent",
            "java.util.prefs",
            "java.util.regex",
            "java.util.stream");

    @Test
    void everyNameExists() {
        try (var shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String name : CellImports.NAMES) {
                var event = shell.eval("import " + name + ";").getFirst();
                assertThat(event.status()).as(name).isEqualTo(Snippet.Status.VALID);
            }
        }
    }

    /** A name that two packages have could not be used in a cell at all. */
    @Test
    void noNameIsAmbiguous() {
        List<String> packages = CellImports.NAMES.stream()
                .filter(name -> name.endsWith(".*"))
                .map(name -> name.substring(0, name.length() - 2))
                .toList();
        List<String> names = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("microtome").stream()
                        .filter(type -> packages.contains(type.getPackageName()) && type.isTopLevelClass())
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName)
                        .toList();
        assertThat(names).contains("Microtome", "Figure", "LogitLens").doesNotHaveDuplicates();
        assertThat(names).noneMatch(CellImportsTest::isOfTheKernel);
    }

    private static boolean isOfTheKernel(String name) {
        return OF_THE_KERNEL.stream().anyMatch(home -> exists(home + "." + name));
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, CellImportsTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException free) {
            return false;
        }
    }
}
