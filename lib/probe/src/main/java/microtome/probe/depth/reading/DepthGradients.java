package microtome.probe.depth.reading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/**
 * How much the stream of every token at every depth contributes to the probability of the answer: integrated gradients from
 * the mean over positions. At each depth the contributions sum to what the answer gains over that mean, up to the error of
 * the integral, which is always shown.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
 * @see <a href="https://arxiv.org/abs/1703.01365">Sundararajan, Taly and Yan 2017</a>
 */
public final class DepthGradients implements ProbeResult<DepthGradients.Values> {
    static final double TRUSTED = 0.05;
    /** Below it two sums of probabilities in single precision are the same. */
    private static final double NO_DIFFERENCE = 1e-6;

    /**
     * The numbers; NaN where they were not computed.
     *
     * @param attributions {@code [depths][positions]}
     * @param input the summed probability of the answer's tokens, per depth; the same at all but for rounding
     * @param baseline the same where the stream at that depth is the mean
     * @param steps of the integral, per depth
     */
    public record Values(double[][] attributions, double[] input, double[] baseline, int[] steps) {
        static Values nothing(int depths, int positions) {
            var nothing =
                    new Values(new double[depths][positions], new double[depths], new double[depths], new int[depths]);
            Arrays.stream(nothing.attributions).forEach(row -> Arrays.fill(row, Double.NaN));
            Arrays.fill(nothing.input, Double.NaN);
            Arrays.fill(nothing.baseline, Double.NaN);
            return nothing;
        }

        /**
         * Puts in a row.
         *
         * @param ends the probability at the input and at the mean
         */
        void set(int row, double[] perPosition, float[] ends, int stepsTaken) {
            attributions[row] = perPosition;
            input[row] = ends[0];
            baseline[row] = ends[1];
            steps[row] = stepsTaken;
        }

        /** The sum of all attributions of a row. */
        public double sum(int row) {
            return Arrays.stream(attributions[row]).sum();
        }

        /** What the attributions of a row should sum to. */
        public double difference(int row) {
            return input[row] - baseline[row];
        }

        /** How far the sum is from that, as a share of it; NaN where there is no difference to share out. */
        public double gap(int row) {
            double difference = Math.abs(difference(row));
            return difference < NO_DIFFERENCE ? Double.NaN : Math.abs(sum(row) - difference(row)) / difference;
        }
    }

    private final Asked asked;
    private final GradientOptions options;
    private final List<Integer> depths;
    private final Values found;

    DepthGradients(Asked asked, GradientOptions options, List<Integer> depths, Values found) {
        this.asked = asked;
        this.options = options;
        this.depths = List.copyOf(depths);
        this.found = found;
    }

    /** Depth by token, the embedding at the bottom; the colours reach as far as tokens other than the first need. */
    @Override
    public Figure plot() {
        double largest = Arrays.stream(found.attributions())
                .flatMapToDouble(row -> Arrays.stream(row, Math.min(1, row.length - 1), row.length))
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        HeatMap map = HeatMap.of(found.attributions())
                .rowLabels(rowLabels())
                .columnLabels(asked.provenance().labels())
                .axisTitles("depth", "token")
                .valueTitle("probability")
                .title(asked.title("Integrated gradients over depth: %s%s"
                        .formatted(asked.answerText(), distrusted().isEmpty() ? "" : " — ! NOT CONVERGED")))
                .diverging()
                .firstRowAtBottom();
        return largest > 0
                ? map.range(-largest, largest).figure()
                : map.range(-1, 1).figure();
    }

    /** Depth by token, with what the tokens should sum to and how far they miss it. */
    @Override
    public Table table() {
        Table tokens = asked.table(depths, found.attributions(), "%+.4f");
        var columns = new ArrayList<>(tokens.columns());
        columns.addAll(List.of(
                Column.number("sum", "%+.4f"),
                Column.number("F(x) − F(mean)", "%+.4f"),
                Column.number("gap", "%.4f"),
                Column.number("steps")));
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, depths.size())
                        .mapToObj(row -> withSums(tokens, row))
                        .toList())
                .caption("Integrated gradients over depth: " + asked.answerText());
        for (String note : tokens.notes()) {
            table = table.note(note);
        }
        return distrusted().isEmpty() ? table : table.note(warning());
    }

    private List<Object> withSums(Table tokens, int row) {
        var cells = new ArrayList<Object>(tokens.rows().get(row));
        boolean there = !Double.isNaN(found.input()[row]);
        cells.add(Asked.cell(found.sum(row)));
        cells.add(Asked.cell(found.difference(row)));
        cells.add(
                there && Double.isNaN(found.gap(row))
                        ? Cell.missing("the mean gives the same answer: there is nothing to share out")
                        : Asked.cell(found.gap(row)));
        cells.add(there ? found.steps()[row] : Cell.missing(Asked.MISSING));
        return cells;
    }

    @Override
    public Values values() {
        return new Values(
                Copies.of(found.attributions()),
                found.input().clone(),
                found.baseline().clone(),
                found.steps().clone());
    }

    /** The depths that were measured, in the order of the rows. */
    public List<Integer> depths() {
        return depths;
    }

    /** The depths at which the sum misses the difference by more than 5 %, so that their row explains nothing. */
    public List<Integer> distrusted() {
        return IntStream.range(0, depths.size())
                .filter(row -> found.gap(row) > TRUSTED)
                .mapToObj(depths::get)
                .toList();
    }

    @Override
    public Explanation explain() {
        Explanation definition = Explanation.of(
                        "integrated gradients over depth",
                        "attr[l][t] = Σ over width of (x − b) · ∫ ∂F/∂h[l][t] (b + α (x − b)) dα over α from 0 to 1; x = h[l], b = its mean over positions, F = sum of the probabilities of the answer's tokens")
                .n((long) depths.size() * asked.provenance().positions())
                .fact("integral", options)
                .fact("completeness", "alarm above 5 % of F(x) − F(b), all positions moved together")
                .paper(ResidualErasure.PAPER)
                .note("the colours reach as far as positions from 1 on need")
                .note(
                        options.moveFirst()
                                ? "the first position moves and counts in the mean: its massive activation may decide both"
                                : "the first position keeps its value and does not count in the mean; its attribution is 0");
        Explanation full = asked.on(definition);
        return distrusted().isEmpty() ? full : full.note(warning());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private List<String> rowLabels() {
        List<Integer> wrong = distrusted();
        return depths.stream()
                .map(depth -> Depths.label(depth) + (wrong.contains(depth) ? " !" : ""))
                .toList();
    }

    private String warning() {
        return "do not read depth %s: the sum misses the difference by more than 5 %%; take more steps (mostSteps), or let the first position stay (moveFirst(false))"
                .formatted(String.join(
                        ", ", distrusted().stream().map(Depths::label).toList()));
    }
}
