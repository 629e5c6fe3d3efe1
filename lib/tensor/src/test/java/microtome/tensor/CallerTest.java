package microtome.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;

class CallerTest {
    @Test
    void namesTheLineThatAsked() {
        assertThat(Caller.ofEngine().toString())
                .matches("CallerTest\\.namesTheLineThatAsked\\(CallerTest\\.java:\\d+\\)");
        assertThat(Caller.withCell().toString())
                .matches("CallerTest\\.namesTheLineThatAsked\\(CallerTest\\.java:\\d+\\)");
    }

    @Test
    void namesTheStatementOfACellAndTheVariableItDeclares() {
        try (var shell = shell()) {
            run(shell, "import microtome.tensor.*;");
            run(shell, "Engine engine = CellLibrary.engine();");
            run(shell, "Tensor weights = engine.filled(1, DType.F32, 3);");
            run(shell, "Scope scope = engine.openScope();");
            assertThat(run(shell, "scope.toString()").value())
                    .matches("\"the scope opened at a cell \\(statement \\d+, which declares 'scope'\\)\"");
            run(shell, "weights.close();");
            assertThat(message(shell, "weights.exp()"))
                    .matches(
                            "tensor F32 \\[3\\] is closed: close\\(\\) was called on it at a cell \\(statement \\d+\\); "
                                    + "use it before, or hand it on with scope\\.keep\\(tensor\\)");
            run(shell, "engine.close();");
            assertThat(message(shell, "engine.filled(1, DType.F32, 3)"))
                    .matches("engine reference is closed, by close\\(\\) at a cell \\(statement \\d+\\); "
                            + "open another with Engine\\.open\\(\\)");
        }
    }

    @Test
    void namesTheMethodOfACellAndWhoCalledIt() {
        try (var shell = shell()) {
            run(shell, "import microtome.tensor.*;");
            run(shell, "String inside(int n) {\n  return CellLibrary.place(true);\n}");
            run(shell, "class Study { String inside() { return CellLibrary.place(true); } }");
            assertThat(run(shell, "inside(3)").value())
                    .matches("\"CellLibrary\\.place\\(CellLibrary\\.java:\\d+\\), "
                            + "called from a cell \\(statement \\d+, in inside\\)\"");
            assertThat(run(shell, "new Study().inside()").value())
                    .matches("\".*, called from a cell \\(statement \\d+, in Study\\.inside\\)\"");
            assertThat(run(shell, "CellLibrary.place(false)").value())
                    .matches("\"CellLibrary\\.place\\(CellLibrary\\.java:\\d+\\)\"");
        }
    }

    @Test
    void anOutOfMemoryInACellNamesTheCellsThatHoldTheMemory() {
        try (var shell = shell()) {
            run(shell, "import microtome.tensor.*;");
            run(shell, "Engine engine = CellLibrary.engine();");
            run(shell, "engine.setBudget(3 << 20);");
            run(shell, "Tensor activations = engine.filled(1, DType.F32, 512, 512);");
            run(shell, "java.util.List<Tensor> list = new java.util.ArrayList<>();");
            run(shell, "for (int i = 0; i < 2; i++) list.add(engine.filled(2, DType.F32, 1024, 256));");
            assertThat(message(shell, "activations.plus(activations)").lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .isEqualTo("plus: out of memory: F32 [512, 512] takes 1048576 bytes (1.0 MiB), "
                                            + "which would pass the budget of 3145728 bytes (3.0 MiB); "
                                            + "3 live tensors hold 3145728 bytes (3.0 MiB)"),
                            line -> assertThat(line)
                                    .matches("  2097152 bytes \\(2\\.0 MiB\\): F32 \\[1024, 256\\] x 2, "
                                            + "made at a cell \\(statement \\d+\\)"),
                            line -> assertThat(line)
                                    .matches("  1048576 bytes \\(1\\.0 MiB\\): F32 \\[512, 512\\], made at "
                                            + "a cell \\(statement \\d+, which declares 'activations'\\)"),
                            line -> assertThat(line)
                                    .isEqualTo("close what is not needed any more, or compute inside "
                                            + "try (var scope = engine.openScope()) { ... }; or allow more with "
                                            + "engine.setBudget(4194304L), or java -Dmicrotome.budget=5m"));
            run(shell, "list.get(0).close();");
            assertThat(run(shell, "activations.plus(activations).toFloats()[7]").value())
                    .isEqualTo("2.0");
            run(shell, "engine.close();");
        }
    }

    private static JShell shell() {
        var shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return shell;
    }

    private static SnippetEvent run(JShell shell, String source) {
        var event = shell.eval(source).getLast();
        Supplier<String> what = () -> source + ": "
                + shell.diagnostics(event.snippet())
                        .map(each -> each.getMessage(null))
                        .toList();
        assertThat(shell.diagnostics(event.snippet()).filter(each -> each.isError()))
                .as(what)
                .isEmpty();
        assertThat(event.exception()).as(what).isNull();
        return event;
    }

    private static String message(JShell shell, String source) {
        var exception = shell.eval(source).getLast().exception();
        assertThat(exception).as(source).isNotNull();
        return exception.getMessage();
    }
}
