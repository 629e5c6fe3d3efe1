package microtome.probe.attribution;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.display.TokenStrip;
import microtome.model.token.TokenSequence;
import microtome.probe.data.ProbeResult;

/**
 * Gradient times input, and the length of the gradient, of every token: what a small change of its embedding would do. Cheap,
 * and blind to everything that is not linear near the prompt.
 *
 * @see <a href="https://arxiv.org/abs/1605.01713">Shrikumar et al. 2016</a>
 */
public final class InputGradients implements ProbeResult<InputGradients.Values> {
    private static final String PAPER = "https://arxiv.org/abs/1605.01713";

    /**
     * The numbers.
     *
     * @param timesInput gradient · embedding of every token, in logits; need not sum to the metric
     * @param norms Euclidean length of the gradient at every token, in logits per unit of the embedding
     * @param metric at the prompt
     */
    public record Values(double[] timesInput, double[] norms, double metric) {}

    private final Asked asked;
    private final TokenSequence tokens;
    private final Values found;

    InputGradients(Asked asked, TokenSequence tokens, Values found) {
        this.asked = asked;
        this.tokens = tokens;
        this.found = found;
    }

    /** A bar of gradient times input per token. */
    @Override
    public Figure plot() {
        return BarChart.over(asked.labels())
                .bars("gradient × input", found.timesInput())
                .axisTitles("token", "logits")
                .title("Gradient × input: " + asked.text())
                .figure();
    }

    /** A bar of the gradient's length per token. */
    public Figure norms() {
        return BarChart.over(asked.labels())
                .bars("length of the gradient", found.norms())
                .axisTitles("token", "logits per unit")
                .title("Length of the gradient: " + asked.text())
                .figure();
    }

    /** The tokens of the prompt, coloured by gradient times input. */
    public TokenStrip strip() {
        return Strips.of(tokens, "gradient × input", found.timesInput());
    }

    /** A row per token. */
    @Override
    public Table table() {
        return Table.of(
                        Column.number("position"),
                        new Column("token", Column.Align.LEFT, Object::toString),
                        Column.number("gradient × input", "%+.4f"),
                        Column.number("length of the gradient"))
                .rows(IntStream.range(0, found.norms().length)
                        .mapToObj(position -> List.of(
                                position,
                                asked.provenance().label(position),
                                found.timesInput()[position],
                                found.norms()[position]))
                        .toList())
                .caption("Gradient × input: " + asked.text())
                .note("%s: %s".formatted(asked.label(), Numbers.plain(found.metric())));
    }

    @Override
    public Values values() {
        return new Values(found.timesInput().clone(), found.norms().clone(), found.metric());
    }

    @Override
    public Explanation explain() {
        return asked.explanation(
                        "gradient × input",
                        "sum over the width of x · ∂F/∂x, and |∂F/∂x|, at the output of the embedding of every token")
                .n(found.norms().length)
                .fact("F(x)", found.metric())
                .paper(PAPER)
                .note("need not sum to F(x); integrated gradients do, to the difference from a baseline");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
