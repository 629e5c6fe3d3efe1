package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/** Which prompts come closer on the way through the layers: distance at the first layer minus distance at the last. */
public final class ConvergenceMatrix implements ProbeResult<double[][]> {
    private static final int TABLE_COLUMNS = 24;

    private final Setting setting;
    private final Sample sample;
    private final Rows rows;
    private final double[][] closer;

    ConvergenceMatrix(Setting setting, Sample sample, Rows rows, double[][] closer) {
        this.setting = setting;
        this.sample = sample;
        this.rows = rows;
        this.closer = closer;
    }

    static ConvergenceMatrix of(PromptPaths paths, Rows rows) {
        double[][] first = Distances.between(paths.rows(0), rows);
        double[][] last = Distances.between(paths.rows(paths.layers() - 1), rows);
        int n = first.length;
        var closer = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                closer[i][j] = first[i][j] - last[i][j];
            }
        }
        return new ConvergenceMatrix(paths.setting(), paths.sample(), rows, closer);
    }

    /** Red where two prompts come closer, blue where they part; prompts ordered by class. */
    @Override
    public Figure plot() {
        int[] order = sample.byClass();
        List<String> names = IntStream.of(order).mapToObj(sample::name).toList();
        double[][] cells = IntStream.of(order)
                .mapToObj(
                        i -> IntStream.of(order).mapToDouble(j -> closer[i][j]).toArray())
                .toArray(double[][]::new);
        return HeatMap.of(cells)
                .rowLabels(names)
                .columnLabels(names)
                .axisTitles("prompt", "prompt")
                .valueTitle("distance at %s - at %s".formatted(first(), last()))
                .diverging()
                .square()
                .title(Shown.because(setting.title("Convergence of prompts"), reason()))
                .figure();
    }

    @Override
    public Table table() {
        int shown = Math.min(TABLE_COLUMNS, sample.size());
        var columns = new ArrayList<>(List.of(Column.text("prompt"), Column.text("class")));
        IntStream.range(0, shown).forEach(prompt -> columns.add(Column.number(sample.name(prompt))));
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Convergence of prompts"));
        for (int prompt = 0; prompt < sample.size(); prompt++) {
            var row = new ArrayList<Object>(
                    List.of(sample.name(prompt), sample.labels().get(prompt)));
            for (int other = 0; other < shown; other++) {
                row.add(Shown.cell(closer[prompt][other], Shown.NO_DIRECTION));
            }
            table = table.row(row.toArray());
        }
        return shown == sample.size()
                ? table
                : table.note("the first %d of %d columns; values() has all".formatted(shown, sample.size()));
    }

    /** {@code [prompts, prompts]}, positive where two prompts come closer. */
    @Override
    public double[][] values() {
        return Copies.of(closer);
    }

    @Override
    public Explanation explain() {
        Explanation explanation = setting.explanation(
                        "convergence matrix",
                        "|x_i - x_j| at layer %s minus the same at layer %s, on %s"
                                .formatted(first(), last(), rows.label()))
                .n((long) sample.size() * (sample.size() - 1) / 2);
        return reason().isEmpty() ? explanation : explanation.note(reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String reason() {
        if (setting.layers().size() < 2) {
            return "a single layer: the first is the last, all differences are 0";
        }
        boolean none = IntStream.range(0, closer.length)
                .allMatch(i -> Arrays.stream(closer[i])
                                .filter(value -> !Double.isNaN(value))
                                .count()
                        <= 1);
        return none && sample.size() > 1 ? Shown.NO_DIRECTION : "";
    }

    private String first() {
        return setting.layers().getFirst();
    }

    private String last() {
        return setting.layers().getLast();
    }
}
