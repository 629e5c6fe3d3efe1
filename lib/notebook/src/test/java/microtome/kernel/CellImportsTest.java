package microtome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.junit.jupiter.api.Test;

class CellImportsTest {
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
}
