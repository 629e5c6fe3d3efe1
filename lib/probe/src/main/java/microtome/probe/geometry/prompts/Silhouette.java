package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/**
 * How well classes of prompts are apart, layer by layer: 1 where every prompt is much closer to its own class than to the
 * nearest other, 0 at the border, negative where it is closer to another.
 *
 * @see <a href="https://doi.org/10.1016/0377-0427(87)90125-7">Rousseeuw 1987</a>
 */
public final class Silhouette implements ProbeResult<double[][]> {
    private final Setting setting;
    private final Sample sample;
    private final Rows rows;
    private final double[][] byPrompt;

    Silhouette(Setting setting, Sample sample, Rows rows, double[][] byPrompt) {
        this.setting = setting;
        this.sample = sample;
        this.rows = rows;
        this.byPrompt = byPrompt;
    }

    static Silhouette of(PromptPaths paths, Rows rows) {
        int[] classes = paths.sample().classNumbers();
        double[][] byPrompt = IntStream.range(0, paths.layers())
                .mapToObj(layer -> Convergence.silhouettes(Distances.between(paths.rows(layer), rows), classes))
                .toArray(double[][]::new);
        return new Silhouette(paths.setting(), paths.sample(), rows, byPrompt);
    }

    /** The mean over all prompts, and that of every class. */
    @Override
    public Figure plot() {
        LineChart chart = LineChart.over(setting.layers()).line("all", means());
        for (String label : sample.classes()) {
            chart = chart.line(
                    Sample.called(label),
                    Arrays.stream(byPrompt)
                            .mapToDouble(
                                    layer -> Average.of(sample.of(label, layer)).value())
                            .toArray());
        }
        return chart.baseline("no classes", Shown.repeated(0, byPrompt.length))
                .axisTitles("depth", "silhouette")
                .title(Shown.because(setting.title("Silhouette"), reason()))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(
                Column.text("depth"), Column.number("silhouette"), Column.number("n"), Column.number("left out")));
        sample.classes().forEach(label -> columns.add(Column.number(Sample.called(label))));
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Silhouette"));
        for (int layer = 0; layer < byPrompt.length; layer++) {
            Average mean = Average.of(byPrompt[layer]);
            var row = new ArrayList<Object>(
                    List.of(setting.layers().get(layer), Shown.cell(mean.value(), cause()), mean.n(), mean.leftOut()));
            for (String label : sample.classes()) {
                row.add(Shown.cell(Average.of(sample.of(label, byPrompt[layer])).value(), cause()));
            }
            table = table.row(row.toArray());
        }
        return table;
    }

    /** The silhouette of every prompt, {@code [layers, prompts]}. */
    @Override
    public double[][] values() {
        return Copies.of(byPrompt);
    }

    /** The mean over the prompts at every layer. */
    public double[] means() {
        return Arrays.stream(byPrompt)
                .mapToDouble(layer -> Average.of(layer).value())
                .toArray();
    }

    @Override
    public Explanation explain() {
        Explanation explanation = setting.explanation(
                        "silhouette",
                        "(b - a) / max(a, b), a = mean distance to the own class, b = to the nearest other class, on "
                                + rows.label())
                .n(sample.size())
                .fact("classes", String.join(", ", sample.classes()))
                .note("a prompt that is alone in its class is left out");
        return reason().isEmpty() ? explanation : explanation.note("no value: " + reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String reason() {
        boolean none = Arrays.stream(means()).allMatch(Double::isNaN);
        return none ? cause() : "";
    }

    private String cause() {
        String classes = sample.reasonAgainstClasses();
        return classes.isEmpty()
                ? "every distance is 0, a prompt is alone in its class, or " + Shown.NO_DIRECTION
                : classes;
    }
}
