package microtome.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import microtome.display.Column;
import microtome.display.Table;
import microtome.model.LanguageModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parity DIR}: compares a model with the values that another implementation wrote beside it. */
@Command(
        name = "parity",
        description = {
            "Runs the model in DIR and compares every value with those of the reference that lie beside it.",
            "DIR holds config.json, model.safetensors and expected.safetensors."
        })
final class ParityCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder of the model and its expected values.")
    private Path folder;

    @Mixin
    private LoadingOptions loading;

    @Spec
    private CommandSpec specification;

    private ParityCommand() {}

    @Override
    public Integer call() {
        try (var expected = ExpectedValues.open(folder);
                var model = LanguageModel.load(expected.modelFiles(), loading.options())) {
            var out = specification.commandLine().getOut();
            List<Comparison> comparisons = Parity.compare(model, expected);
            out.println("%s on %s".formatted(folder, model.card().device()));
            out.println(table(comparisons).plainText());
            out.println(verdict(comparisons));
            return comparisons.stream().allMatch(Comparison::holds) ? 0 : Problems.CHECK_FAILED;
        }
    }

    private static Table table(List<Comparison> comparisons) {
        var table =
                Table.of(Column.text("expected"), Column.text("is our"), Column.text("largest error"), Column.text(""));
        for (Comparison comparison : comparisons) {
            table = table.row(comparison.expected(), comparison.ours(), comparison.shownError(), comparison.verdict());
        }
        return table;
    }

    private static String verdict(List<Comparison> comparisons) {
        double largest = 0;
        for (Comparison comparison : comparisons) {
            largest = Comparison.larger(largest, comparison.error());
        }
        boolean holds = comparisons.stream().allMatch(Comparison::holds);
        return "parity: max=%.2e bound=%.0e %s".formatted(largest, Parity.BOUND, holds ? "OK" : "FAILED");
    }
}
