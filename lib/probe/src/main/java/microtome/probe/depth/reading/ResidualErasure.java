package microtome.probe.depth.reading;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/**
 * How much the answer changes when the stream of one token at one depth is replaced by a mean that knows nothing of it. Where
 * a column turns to 0, what that token has to say was read by the layers before.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
 */
public final class ResidualErasure implements ProbeResult<double[][]> {
    static final String PAPER = "https://arxiv.org/abs/2505.13898";

    private final Asked asked;
    private final String mean;
    private final double[][] effect;

    ResidualErasure(Asked asked, String mean, double[][] effect) {
        this.asked = asked;
        this.mean = mean;
        this.effect = effect;
    }

    /** Depth by token, the embedding at the bottom; the colours reach as far as tokens other than the first need. */
    @Override
    public Figure plot() {
        double largest = Arrays.stream(effect)
                .flatMapToDouble(row -> Arrays.stream(row, Math.min(1, row.length - 1), row.length))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        HeatMap map = HeatMap.of(effect)
                .rowLabels(labels())
                .columnLabels(asked.provenance().labels())
                .axisTitles("depth", "token")
                .valueTitle("change of softmax")
                .title(asked.title("Residual erasure: change of the answer %s".formatted(asked.answerText())))
                .firstRowAtBottom();
        return largest > 0 ? map.range(0, largest).figure() : map.range(0, 1).figure();
    }

    /** Depth by token. */
    @Override
    public Table table() {
        return asked.table(depths(), effect, "%.4f").caption("Residual erasure: change of " + asked.answerText());
    }

    /** {@code [depths][positions]}, the embedding output first: 0 to √2; NaN where it was not computed. */
    @Override
    public double[][] values() {
        return Copies.of(effect);
    }

    @Override
    public Explanation explain() {
        Explanation definition = Explanation.of(
                        "residual erasure",
                        "e[l][t] = max over answer tokens of ‖softmax with h[l][t] := mean − softmax‖₂")
                .n((long) effect.length * effect[0].length)
                .fact("mean", mean)
                .paper(PAPER)
                .note(
                        "the colours reach as far as positions from 1 on need: the first token carries what attention is parked on, and its erasure breaks more than its word")
                .note("h[l] is residual.l, before the final norm; depth emb is the output of the embedding");
        return asked.on(definition);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private List<Integer> depths() {
        return IntStream.range(0, effect.length).boxed().toList();
    }

    private List<String> labels() {
        return Depths.labels(0, effect.length - 1);
    }
}
