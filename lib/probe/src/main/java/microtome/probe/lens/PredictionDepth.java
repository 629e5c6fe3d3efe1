package microtome.probe.lens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.model.edit.RunPlan;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/**
 * From which depth on the lens says what the model says in the end: the earliest depth whose likeliest token is the final
 * one, there and at all later depths; and, softly, whose distribution stays near the final one.
 *
 * @see <a href="https://arxiv.org/abs/2106.09647">Baldock et al. 2021</a>, for images and neighbours
 */
public final class PredictionDepth implements ProbeResult<PredictionDepth.Values> {
    private static final String PAPER = "https://arxiv.org/abs/2106.09647";

    /**
     * The numbers.
     *
     * @param depths the earliest depth from which on the likeliest token is the final one, {@code [positions]}
     * @param softDepths the earliest depth from which on the divergence is below the bound, {@code [positions]}
     * @param predicted the likeliest token, {@code [depths, positions]}
     * @param divergence {@code KL(final || lens)} in nats, {@code [depths, positions]}
     */
    public record Values(int[] depths, int[] softDepths, int[][] predicted, double[][] divergence) {}

    private final LensGrid grid;
    private final int[][] predicted;
    private final double[][] divergence;
    private final List<Word> words;
    private final double bound;

    /** @param words what is predicted in the end, for each position */
    PredictionDepth(LensGrid grid, int[][] predicted, double[][] divergence, List<Word> words, double bound) {
        this.grid = grid;
        this.predicted = predicted;
        this.divergence = divergence;
        this.words = List.copyOf(words);
        this.bound = bound;
    }

    static PredictionDepth read(RunPlan run, LensPositions positions, double bound) {
        if (!(bound > 0)) {
            throw new IllegalArgumentException(
                    "prediction depth with a divergence below %s nats: give more than 0; 0.1 is usual"
                            .formatted(bound));
        }
        LensGrid grid = LensGrid.of(run, positions);
        var predicted = new int[grid.depths()][grid.columns()];
        var divergence = new double[grid.depths()][grid.columns()];
        ColumnReading.read(run, positions, (depth, column, top, nats) -> {
            predicted[depth][column] = top;
            divergence[depth][column] = nats;
        });
        List<Word> words = Arrays.stream(predicted[grid.depths() - 1])
                .mapToObj(id -> Word.of(run.model(), id))
                .toList();
        return new PredictionDepth(grid, predicted, divergence, words, bound);
    }

    /** How many positions are settled from each depth on. */
    @Override
    public Figure plot() {
        return BarChart.over(grid.depthLabels())
                .bars("same top token from here on", counts(depths()))
                .bars("KL below %s from here on".formatted(bound), counts(softDepths()))
                .axisTitles("prediction depth", "positions")
                .title("Prediction depth of %d position%s".formatted(grid.columns(), grid.columns() == 1 ? "" : "s"))
                .figure();
    }

    /** The divergence from the final distribution at every depth and position, on a scale of powers of ten. */
    public Figure divergencePlot() {
        return grid.map(grid.numbers((depth, column) -> Math.log10(Math.max(divergence[depth][column], 1e-6))))
                .valueTitle("log10 KL")
                .hover(grid.text((depth, column) ->
                        "depth %s: KL %.4g nats".formatted(Depths.label(depth), divergence[depth][column])))
                .title("How far the lens is from the final distribution")
                .figure();
    }

    /** Every position with what follows it in the end, and from where on. */
    @Override
    public Table table() {
        int[] depths = depths();
        int[] soft = softDepths();
        return Table.of(
                        Column.number("position", "%d"),
                        visible("token"),
                        visible("prediction"),
                        Column.text("depth"),
                        Column.text("soft depth"))
                .rows(IntStream.range(0, grid.columns())
                        .mapToObj(column -> List.of(
                                grid.first() + column,
                                grid.provenance().label(grid.first() + column),
                                words.get(column).visible(),
                                Depths.label(depths[column]),
                                Depths.label(soft[column])))
                        .toList())
                .caption("Prediction depth: from where on the lens says what the model says in the end");
    }

    @Override
    public Values values() {
        return new Values(depths(), softDepths(), Copies.of(predicted), Copies.of(divergence));
    }

    /** The mean prediction depth. */
    public Average mean() {
        return Average.of(Arrays.stream(depths()).asDoubleStream().toArray());
    }

    /** The mean soft prediction depth. */
    public Average softMean() {
        return Average.of(Arrays.stream(softDepths()).asDoubleStream().toArray());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "prediction depth",
                        "the earliest depth l such that argmax lens[k] = argmax final for all k >= l; soft: KL(final || lens[k]) < %s for all k >= l"
                                .formatted(bound))
                .n(grid.columns())
                .fact("depths", grid.depths())
                .fact("mean depth", mean().value())
                .fact("mean soft depth", softMean().value())
                .paper(PAPER)
                .note(
                        "the paper takes the vote of neighbours as what a layer says; here it is the logit lens, which misreads early layers of many models, so depths are upper bounds of what a trained lens would give")
                .note("the last depth gives the model's own logits, so it always qualifies");
        if (grid.first() > 0) {
            explanation = explanation.fact("left out", "positions 0..%d".formatted(grid.first() - 1));
        }
        return grid.provenance().on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }

    /** A column of text that is visible already. */
    private static Column visible(String name) {
        return new Column(name, Column.Align.LEFT, Object::toString);
    }

    private int[] depths() {
        int[] last = predicted[grid.depths() - 1];
        return IntStream.range(0, grid.columns())
                .map(column -> SettledDepth.of(grid.depths(), depth -> predicted[depth][column] == last[column]))
                .toArray();
    }

    private int[] softDepths() {
        return IntStream.range(0, grid.columns())
                .map(column -> SettledDepth.of(grid.depths(), depth -> divergence[depth][column] < bound))
                .toArray();
    }

    private double[] counts(int[] depths) {
        var counts = new double[grid.depths()];
        Arrays.stream(depths).forEach(depth -> counts[depth]++);
        return counts;
    }
}
