package microtome.probe.geometry.prompts;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Progress;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.statistics.Spearman;

/**
 * Representational similarity of layers: whether two layers agree on which prompts are alike. Every layer gives the distances
 * of all pairs of prompts; the similarity of two layers is the rank correlation of these.
 *
 * @see <a href="https://doi.org/10.3389/neuro.06.004.2008">Kriegeskorte et al. 2008</a>
 */
public final class RepresentationalSimilarity implements ProbeResult<RepresentationalSimilarity.Values> {
    /**
     * The correlations.
     *
     * @param neighbours of each layer with the next, {@code [layers - 1]}
     * @param matrix of any two layers, {@code [layers, layers]}
     */
    public record Values(double[] neighbours, double[][] matrix) {}

    private final Setting setting;
    private final int prompts;
    private final Spearman[][] matrix;

    RepresentationalSimilarity(Setting setting, int prompts, Spearman[][] matrix) {
        this.setting = setting;
        this.prompts = prompts;
        this.matrix = matrix;
    }

    static RepresentationalSimilarity of(PromptPaths paths) {
        int layers = paths.layers();
        List<RankedDistances> ranked = ranked(paths);
        var matrix = new Spearman[layers][layers];
        for (int row = 0; row < layers; row++) {
            for (int column = 0; column <= row; column++) {
                Progress.stopIfInterrupted("similarity of layers");
                matrix[row][column] = ranked.get(row).with(ranked.get(column));
                matrix[column][row] = matrix[row][column];
            }
        }
        return new RepresentationalSimilarity(paths.setting(), paths.sample().size(), matrix);
    }

    /** The mean similarity of neighbours alone. */
    static Average meanOfNeighbours(PromptPaths paths) {
        List<RankedDistances> ranked = ranked(paths);
        return Average.of(IntStream.range(1, ranked.size())
                .mapToDouble(
                        layer -> ranked.get(layer).with(ranked.get(layer - 1)).value())
                .toArray());
    }

    private static List<RankedDistances> ranked(PromptPaths paths) {
        return IntStream.range(0, paths.layers())
                .mapToObj(layer -> {
                    Progress.stopIfInterrupted("similarity of layers");
                    return RankedDistances.of(Distances.cosineTriangle(paths.rows(layer)));
                })
                .toList();
    }

    /** The similarity of each layer with the next. */
    @Override
    public Figure plot() {
        List<String> steps = Depths.between(setting.layers());
        LineChart chart = Shown.over(steps, setting.layers(), "rank correlation");
        chart = steps.isEmpty() ? chart : chart.line("rank correlation", neighbours());
        return chart.axisTitles("step between depths", "Spearman of distances")
                .range(-1, 1)
                .title(Shown.because(setting.title("Representational similarity of neighbours"), reason()))
                .figure();
    }

    /** The similarity of any two layers. */
    public Figure matrixPlot() {
        return HeatMap.of(values().matrix())
                .rowLabels(setting.layers())
                .columnLabels(setting.layers())
                .axisTitles("depth", "depth")
                .valueTitle("Spearman of distances")
                .diverging()
                .range(-1, 1)
                .firstRowAtBottom()
                .square()
                .title(Shown.because(setting.title("Representational similarity of layers"), reason()))
                .figure();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("step"),
                        Column.number("rank correlation", "%.4f"),
                        Column.number("pairs"),
                        Column.number("left out"))
                .caption(setting.title("Representational similarity of neighbours"));
        List<String> steps = Depths.between(setting.layers());
        for (int step = 0; step < steps.size(); step++) {
            Spearman one = matrix[step + 1][step];
            table = table.row(steps.get(step), Shown.cell(one.value(), one.reason()), one.n(), one.leftOut());
        }
        return steps.isEmpty() ? table.note("no value: " + reason()) : table;
    }

    @Override
    public Values values() {
        double[][] values = IntStream.range(0, matrix.length)
                .mapToObj(row -> IntStream.range(0, matrix.length)
                        .mapToDouble(column -> matrix[row][column].value())
                        .toArray())
                .toArray(double[][]::new);
        return new Values(neighbours(), values);
    }

    /** The mean similarity of neighbours. */
    public Average mean() {
        return Average.of(neighbours());
    }

    @Override
    public Explanation explain() {
        Average mean = mean();
        Explanation explanation = setting.explanation(
                        "representational similarity",
                        "Spearman(RDM_l, RDM_m), RDM = 1 - cosine between prompts, upper triangle")
                .n((long) prompts * (prompts - 1) / 2)
                .fact("mean of neighbours", mean.value())
                .fact("neighbours left out", mean.leftOut());
        return reason().isEmpty() ? explanation : explanation.note("no value: " + reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private double[] neighbours() {
        return IntStream.range(1, matrix.length)
                .mapToDouble(layer -> matrix[layer][layer - 1].value())
                .toArray();
    }

    private String reason() {
        if (matrix.length < 2) {
            return "a single layer has no neighbour";
        }
        boolean none =
                IntStream.range(1, matrix.length).allMatch(layer -> Double.isNaN(matrix[layer][layer - 1].value()));
        return none ? matrix[1][0].reason() : "";
    }
}
