package microtome.probe.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.display.TokenStrip;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Integration;
import microtome.probe.data.ProbeResult;

/**
 * How much every token of the prompt moves the metric away from that of a baseline. The attributions sum to the difference,
 * up to the error of the integral, which is always shown.
 *
 * @see <a href="https://arxiv.org/abs/1703.01365">Sundararajan, Taly and Yan 2017</a>
 */
public final class IntegratedGradients implements ProbeResult<IntegratedGradients.Values> {
    private static final String PAPER = "https://arxiv.org/abs/1703.01365";
    private static final double TRUSTED = 0.05;

    /**
     * The numbers, in logits.
     *
     * @param tokens the attribution of every token
     * @param metric at the prompt
     * @param baseline the metric at the baseline
     */
    public record Values(double[] tokens, double metric, double baseline) {

        /** The sum of all attributions. */
        public double sum() {
            return Arrays.stream(tokens).sum();
        }

        /** What the attributions should sum to. */
        public double difference() {
            return metric - baseline;
        }

        /** How far the sum is from that, as a share of it; NaN where there is no difference. */
        public double gap() {
            return difference() == 0 ? Double.NaN : Math.abs(sum() - difference()) / Math.abs(difference());
        }
    }

    /**
     * How it was computed.
     *
     * @param baseline in words
     */
    record Way(Asked asked, TokenSequence tokens, String baseline, Integration integration) {}

    private final Way way;
    private final Values found;

    IntegratedGradients(Way way, Values found) {
        this.way = way;
        this.found = found;
    }

    /** A bar per token. */
    @Override
    public Figure plot() {
        return BarChart.over(way.asked().labels())
                .bars("attribution", found.tokens())
                .axisTitles("token", "logits")
                .title("Integrated gradients from %s: %s%s"
                        .formatted(way.baseline(), way.asked().text(), isTrusted() ? "" : " — NOT CONVERGED"))
                .figure();
    }

    /** The tokens of the prompt, coloured by their attribution. */
    public TokenStrip strip() {
        return Strips.of(way.tokens(), "attribution", found.tokens());
    }

    /** A row per token. */
    @Override
    public Table table() {
        double difference = found.difference();
        Table table = Table.of(
                        Column.number("position"),
                        new Column("token", Column.Align.LEFT, Object::toString),
                        Column.number("attribution", "%+.4f"),
                        Column.number("share", "%+.3f"))
                .rows(IntStream.range(0, found.tokens().length)
                        .mapToObj(position -> List.of(
                                position,
                                way.asked().provenance().label(position),
                                found.tokens()[position],
                                found.tokens()[position] / difference))
                        .toList())
                .caption("Integrated gradients from %s: %s"
                        .formatted(way.baseline(), way.asked().text()))
                .note(completeness());
        return isTrusted() ? table : table.note(warning());
    }

    @Override
    public Values values() {
        return new Values(found.tokens().clone(), found.metric(), found.baseline());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = way.asked()
                .explanation(
                        "integrated gradients",
                        "(x[i] − x0[i]) · ∫ ∂F/∂x[i] (x0 + α (x − x0)) dα over α from 0 to 1, summed over the width of every token; x is the output of the embedding")
                .n(found.tokens().length)
                .fact("baseline x0", way.baseline())
                .fact("integral", way.integration())
                .fact("F(x)", found.metric())
                .fact("F(x0)", found.baseline())
                .fact("sum − (F(x) − F(x0))", found.sum() - found.difference())
                .paper(PAPER)
                .note(completeness());
        return isTrusted() ? explanation : explanation.note(warning());
    }

    @Override
    public String toString() {
        return plainText();
    }

    /** False where the sum misses the difference by more than 5 %, so that the attributions are no explanation of it. */
    public boolean isTrusted() {
        return !(found.gap() > TRUSTED);
    }

    private String completeness() {
        String gap = Double.isNaN(found.gap())
                ? "baseline and prompt have the same metric, so there is nothing to share out"
                : "gap " + Numbers.percent(found.gap());
        return "sum %s, F(prompt) − F(baseline) = %s − %s = %s, %s (%s)"
                .formatted(
                        Numbers.plain(found.sum()),
                        Numbers.plain(found.metric()),
                        Numbers.plain(found.baseline()),
                        Numbers.plain(found.difference()),
                        gap,
                        way.integration());
    }

    private String warning() {
        return "do not read these numbers: they miss the difference by more than 5 %. A baseline that keeps the first token (baseline.exceptFirst()), or another prompt, usually converges; zeros do not; more steps help little where the metric jumps";
    }
}
