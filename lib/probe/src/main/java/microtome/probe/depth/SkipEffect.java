package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/**
 * What becomes of later blocks, and of the model's answer, when a block is skipped.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás et al. 2025, section 3</a>
 */
public final class SkipEffect implements ProbeResult<SkipEffect.Values> {
    /**
     * The numbers. Later blocks are those behind the skipped one; on and before it the effect is 0.
     *
     * @param effect over all trials, {@code [skipped block][changed block]}
     * @param output over all trials, {@code [skipped block]}
     * @param effectByTrial {@code [trials][skipped block][changed block]}
     * @param outputByTrial {@code [trials][skipped block]}
     */
    public record Values(double[][] effect, double[] output, double[][][] effectByTrial, double[][] outputByTrial) {
        /** For each skipped block the mean effect on all blocks behind it; NaN for the last. */
        public double[] rowEffects() {
            return SkipEffects.rowEffects(effect);
        }
    }

    private final SkipReach reach;
    private final SkipOptions options;
    private final double[][][] later;
    private final double[][] output;
    private final List<String> groups;
    private final String stopped;
    private final Origin origin;

    /**
     * @param groups for each trial what it is compared as
     * @param stopped why it is not complete, or empty
     */
    SkipEffect(
            SkipReach reach,
            SkipOptions options,
            double[][][] later,
            double[][] output,
            List<String> groups,
            String stopped,
            Origin origin) {
        this.reach = reach;
        this.options = options;
        this.later = Copies.of(later);
        this.output = Copies.of(output);
        this.groups = List.copyOf(groups);
        this.stopped = stopped;
        this.origin = origin;
    }

    /** The same effects as one number by another rule; nothing is run again. */
    public SkipEffect aggregation(Aggregation rule) {
        return new SkipEffect(reach, options.aggregation(rule), later, output, groups, stopped, origin);
    }

    /** Where in the depth the effects lie, for each group of prompts. */
    public DepthScore score() {
        return DepthScore.of(this, stopped, origin);
    }

    /** Whether every effect was computed. */
    public boolean isComplete() {
        return stopped.isEmpty();
    }

    /** Where blocks were skipped and measured. */
    public SkipReach reach() {
        return reach;
    }

    /** How blocks were skipped. */
    public SkipOptions options() {
        return options;
    }

    /** For each trial what it is compared as; empty for none. */
    public List<String> groups() {
        return groups;
    }

    /** Skipped block by later block, the first block at the bottom; the column on the right is the output. */
    @Override
    public Figure plot() {
        return new SkipPicture(this).map(reach, title()).figure();
    }

    /** How far the next-token probabilities move, for each skipped block. */
    public Figure outputPlot() {
        return BarChart.over(labels())
                .bars("output", effects().outputs(options.aggregation()))
                .axisTitles("skipped block", "largest |p - p'|")
                .title("Change of the next-token probabilities: " + title())
                .figure();
    }

    /** The mean effect on all later blocks, and the effect on the output, for each skipped block. */
    public Figure linePlot() {
        LineChart chart = LineChart.over(labels())
                .line("later blocks, mean", SkipEffects.rowEffects(effects().matrix(options.aggregation())));
        double[] outputs = effects().outputs(options.aggregation());
        return (Arrays.stream(outputs).allMatch(Double::isNaN) ? chart : chart.line("output", outputs))
                .axisTitles("skipped block", "effect")
                .title(title())
                .figure();
    }

    String title() {
        return "%s of skipping %s%s"
                .formatted(
                        capital(reach.label()),
                        options.part() == SkippedPart.BLOCK
                                ? "a block"
                                : "the " + options.part().label() + " of a block",
                        isComplete() ? "" : " (stopped early)");
    }

    private static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** A row for each skipped block: the mean over later blocks, the output, and every later block. */
    @Override
    public Table table() {
        var columns = new ArrayList<>(
                List.of(Column.text("skipped"), Column.number("mean", "%.4f"), Column.number("output", "%.4f")));
        labels().forEach(label -> columns.add(Column.number("on " + label, "%.3f")));
        double[][] matrix = effects().matrix(options.aggregation());
        double[] rows = SkipEffects.rowEffects(matrix);
        double[] outputs = effects().outputs(options.aggregation());
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, matrix.length)
                        .mapToObj(skipped -> row(skipped, matrix[skipped], rows[skipped], outputs[skipped]))
                        .toList())
                .caption("%s, %s over %d trials"
                        .formatted(title(), options.aggregation().label(), later.length));
        return isComplete() ? table : table.note("not complete: " + stopped);
    }

    private List<Object> row(int skipped, double[] effects, double mean, double out) {
        var cells = new ArrayList<Object>();
        cells.add(Integer.toString(skipped));
        cells.add(cell(mean, reasonOfMean(skipped)));
        cells.add(cell(out, reasonOfOutput()));
        for (int changed = 0; changed < effects.length; changed++) {
            cells.add(
                    changed <= skipped
                            ? Cell.missing("only blocks behind the skipped one can change")
                            : cell(effects[changed], reason(changed)));
        }
        return cells;
    }

    private static Cell cell(double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reason) : Cell.of(value);
    }

    /** Why an effect on a later block is NaN. */
    String reason(int changed) {
        return isComplete()
                ? "block %d adds less than %.0e at every position that counts".formatted(changed, SkipBatch.LEAST)
                : stopped;
    }

    private String reasonOfMean(int skipped) {
        return skipped == output[0].length - 1 ? "no block is behind it" : reason(skipped + 1);
    }

    /** Why an effect on the output is NaN. */
    String reasonOfOutput() {
        if (!isComplete()) {
            return stopped;
        }
        return options.withOutput() ? "the model gives no logits" : "not asked for";
    }

    @Override
    public Values values() {
        return new Values(
                effects().matrix(options.aggregation()),
                effects().outputs(options.aggregation()),
                Copies.of(later),
                Copies.of(output));
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "skip effect",
                        "e[s][k] = max over positions of |D_k - D_k'| / |D_k|, D_k what block k > s adds, D_k' with %s"
                                .formatted(skipping()))
                .paper("https://arxiv.org/abs/2505.13898")
                .n(later.length)
                .fact("options", options.toString())
                .fact("over trials", options.aggregation().label());
        if (reach == SkipReach.FUTURE) {
            explanation = explanation
                    .fact(
                            "places t",
                            "%d in each of the first %d prompts".formatted(options.cuts(), options.futurePrompts()))
                    .seed(options.seed());
        }
        explanation = origin.on(explanation)
                .note("output effect: largest Euclidean distance of the next-token probabilities, 0 to 1.41")
                .note(
                        "positions where |D_k| is below %.0e are left out; position 0 is never skipped, as it usually holds the massive activation that attention rests on"
                                .formatted(SkipBatch.LEAST));
        if (options.aggregation() == Aggregation.MAX) {
            explanation = explanation.note("a maximum grows with the number of prompts; compare equal numbers only");
        }
        return isComplete() ? explanation : explanation.note("not complete, other effects are NaN: " + stopped);
    }

    private String skipping() {
        String what = options.part() == SkippedPart.BLOCK
                ? "block s"
                : "the %s of block s".formatted(options.part().label());
        return switch (reach) {
            case CURRENT -> what + " adding nothing at every position but 0";
            case FUTURE -> what + " adding nothing at the positions 1 to t - 1, measured from t on";
            case LOCAL ->
                "what %s added taken out of the original input of block k, at every position but 0".formatted(what);
        };
    }

    SkipEffects effects() {
        return new SkipEffects(later, output);
    }

    List<String> labels() {
        return IntStream.range(0, output[0].length).mapToObj(Integer::toString).toList();
    }

    @Override
    public String toString() {
        return plainText();
    }
}
