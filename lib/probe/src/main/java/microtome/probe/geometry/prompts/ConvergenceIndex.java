package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/**
 * The semantic convergence index: how much farther apart prompts of different classes lie than those of one class, layer by
 * layer, with the band in which it lies when the labels are dealt by chance.
 */
public final class ConvergenceIndex implements ProbeResult<ConvergenceIndex.Values> {
    /**
     * The numbers of every layer.
     *
     * @param index mean distance between classes minus that within
     * @param between mean distance of prompts of different classes
     * @param within mean distance of prompts of one class
     * @param byPrompt the index of every prompt on its own, {@code [layers, prompts]}
     * @param permuted the indices under permuted labels, mean and band
     */
    public record Values(
            double[] index, double[] between, double[] within, double[][] byPrompt, PermutedIndex permuted) {}

    private final Setting setting;
    private final Sample sample;
    private final Rows rows;
    private final List<Convergence.Split> splits;
    private final double[][] byPrompt;
    private final PermutedIndex permuted;
    private final Resampling resampling;

    ConvergenceIndex(
            Setting setting,
            Sample sample,
            Rows rows,
            List<Convergence.Split> splits,
            double[][] byPrompt,
            PermutedIndex permuted,
            Resampling resampling) {
        this.setting = setting;
        this.sample = sample;
        this.rows = rows;
        this.splits = List.copyOf(splits);
        this.byPrompt = byPrompt;
        this.permuted = permuted;
        this.resampling = resampling;
    }

    static ConvergenceIndex of(PromptPaths paths, ComparisonOptions options) {
        double[][][] distances = Distances.ofLayers(paths, options.rows());
        int[] classes = paths.sample().classNumbers();
        return new ConvergenceIndex(
                paths.setting(),
                paths.sample(),
                options.rows(),
                Arrays.stream(distances)
                        .map(layer -> Convergence.split(layer, classes))
                        .toList(),
                Arrays.stream(distances)
                        .map(layer -> Convergence.byPrompt(layer, classes))
                        .toArray(double[][]::new),
                PermutedIndex.of(distances, classes, options.resampling()),
                options.resampling());
    }

    /** The index over the layers, before the band of permuted labels. */
    @Override
    public Figure plot() {
        return LineChart.over(setting.layers())
                .line("convergence index", index())
                .line(
                        "permuted labels, %s".formatted(resampling.percent()),
                        permuted.mean(),
                        permuted.low(),
                        permuted.high())
                .axisTitles("depth", "distance between - within classes")
                .title(Shown.because(setting.title("Semantic convergence index"), reason()))
                .figure();
    }

    /** The index of every prompt, layer by layer; prompts ordered by class. */
    public Figure promptPlot() {
        int[] order = sample.byClass();
        double[][] cells = Arrays.stream(byPrompt)
                .map(layer ->
                        IntStream.of(order).mapToDouble(prompt -> layer[prompt]).toArray())
                .toArray(double[][]::new);
        return HeatMap.of(cells)
                .rowLabels(setting.layers())
                .columnLabels(IntStream.of(order).mapToObj(sample::name).toList())
                .axisTitles("depth", "prompt")
                .valueTitle("other classes - own class")
                .diverging()
                .firstRowAtBottom()
                .title(Shown.because(setting.title("Convergence by prompt"), reason()))
                .figure();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("depth"),
                        Column.number("index"),
                        Column.number("between"),
                        Column.number("within"),
                        Column.number("pairs between"),
                        Column.number("pairs within"),
                        Column.number("pairs left out"),
                        Column.number("permuted low"),
                        Column.number("permuted high"),
                        Column.number("p"))
                .caption(setting.title("Semantic convergence index"));
        for (int layer = 0; layer < splits.size(); layer++) {
            Convergence.Split split = splits.get(layer);
            table = table.row(
                    setting.layers().get(layer),
                    Shown.cell(split.index(), cause()),
                    Shown.cell(split.between(), cause()),
                    Shown.cell(split.within(), cause()),
                    split.pairsBetween(),
                    split.pairsWithin(),
                    split.leftOut(),
                    Shown.cell(permuted.low()[layer], cause()),
                    Shown.cell(permuted.high()[layer], cause()),
                    Shown.cell(permuted.p()[layer], cause()));
        }
        return table;
    }

    /** The index of every prompt at the layer where the index of all is largest, largest first. */
    public Table promptTable() {
        int layer = IntStream.range(0, splits.size())
                .boxed()
                .max((a, b) -> Double.compare(finite(a), finite(b)))
                .orElse(0);
        var order = new ArrayList<>(IntStream.range(0, sample.size()).boxed().toList());
        order.sort((a, b) -> Double.compare(byPrompt[layer][b], byPrompt[layer][a]));
        Table table = Table.of(Column.text("prompt"), Column.text("class"), Column.number("index"))
                .caption("Convergence by prompt at depth %s"
                        .formatted(setting.layers().get(layer)));
        for (int prompt : order) {
            String reason = reason().isEmpty() ? "no other prompt of its class, or " + Shown.NO_DIRECTION : reason();
            table = table.row(
                    sample.name(prompt), sample.labels().get(prompt), Shown.cell(byPrompt[layer][prompt], reason));
        }
        return table;
    }

    @Override
    public Values values() {
        return new Values(
                index(),
                splits.stream().mapToDouble(Convergence.Split::between).toArray(),
                splits.stream().mapToDouble(Convergence.Split::within).toArray(),
                Copies.of(byPrompt),
                permuted);
    }

    @Override
    public Explanation explain() {
        Explanation explanation = setting.explanation(
                        "semantic convergence index",
                        "CI(l) = mean |x_i - x_j| over pairs of different labels - mean over pairs of equal labels, i < j, on "
                                + rows.label())
                .n(sample.size())
                .seed(resampling.seed())
                .fact("classes", String.join(", ", sample.classes()))
                .fact(
                        "band",
                        "%s of the index under %d permutations of the labels"
                                .formatted(resampling.percent(), resampling.permutations()))
                .fact(
                        "p",
                        "(1 + permutations with at least this index) / (1 + permutations), one-sided, not corrected for the number of layers");
        return reason().isEmpty() ? explanation : explanation.note("no value: " + reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private double[] index() {
        return splits.stream().mapToDouble(Convergence.Split::index).toArray();
    }

    private double finite(int layer) {
        double index = splits.get(layer).index();
        return Double.isNaN(index) ? Double.NEGATIVE_INFINITY : index;
    }

    /** Why there is no index at any layer, or empty. */
    private String reason() {
        boolean none = DoubleStream.of(index()).allMatch(Double::isNaN);
        return none ? cause() : "";
    }

    private String cause() {
        String classes = sample.reasonAgainstClasses();
        return classes.isEmpty() ? "no pair with two directions: " + Shown.NO_DIRECTION : classes;
    }
}
