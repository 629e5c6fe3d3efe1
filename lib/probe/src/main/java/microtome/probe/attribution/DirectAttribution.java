package microtome.probe.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/**
 * What every part of the model writes towards an answer, in logits, with the denominator of the final norm as it was. The
 * parts and the constant sum to the metric.
 *
 * @see <a href="https://transformer-circuits.pub/2021/framework/index.html">Elhage et al. 2021</a>
 */
public final class DirectAttribution implements ProbeResult<DirectAttribution.Values> {
    private static final String PAPER = "https://transformer-circuits.pub/2021/framework/index.html";

    /**
     * The numbers, in logits.
     *
     * @param embedding of the token's embedding
     * @param position of the learned vector of the position; 0 where positions are not learned
     * @param attention of what attention of each block adds
     * @param heads of each head, {@code [blocks, heads]}
     * @param attentionBias of the bias of the output projection of each block: attention less its heads
     * @param mlp of what the MLP of each block adds
     * @param constant of the biases of the final norm and the unembedding
     * @param accumulated what stands at every depth, the constant included, {@code [blocks + 1]}; the last is the metric
     * @param ofModel the metric of the model's own logits, which a family may cap
     */
    public record Values(
            double embedding,
            double position,
            double[] attention,
            double[][] heads,
            double[] attentionBias,
            double[] mlp,
            double constant,
            double[] accumulated,
            double ofModel) {

        /** The metric, before a cap. */
        public double metric() {
            return accumulated[accumulated.length - 1];
        }

        /** The sum of all parts and the constant; differs from the metric by rounding. */
        public double sum() {
            return embedding
                    + position
                    + IntStream.range(0, mlp.length)
                            .mapToDouble(block -> attention[block] + mlp[block])
                            .sum()
                    + constant;
        }
    }

    /**
     * One part of the sum.
     *
     * @param name such as {@code MLP 7} or {@code head 3.5}
     * @param logits what it contributes
     */
    public record Part(String name, double logits) {}

    private final Asked asked;
    private final Values found;

    DirectAttribution(Asked asked, Values found) {
        this.asked = asked;
        this.found = found;
    }

    /** Bars of what attention and MLP of every block contribute. */
    @Override
    public Figure plot() {
        int blocks = found.mlp().length;
        var labels = new ArrayList<String>();
        labels.add(Depths.EMBEDDING);
        IntStream.range(0, blocks).mapToObj(Integer::toString).forEach(labels::add);
        var embedding = new double[blocks + 1];
        embedding[0] = found.embedding() + found.position();
        return BarChart.over(labels)
                .bars("embedding", embedding)
                .bars("attention", afterEmbedding(found.attention()))
                .bars("MLP", afterEmbedding(found.mlp()))
                .axisTitles("block", "logits")
                .title("Direct attribution: " + asked.text())
                .figure();
    }

    /** Block by head: what every head contributes. */
    public Figure heads() {
        int heads = found.heads()[0].length;
        return HeatMap.of(found.heads())
                .columnLabels(
                        IntStream.range(0, heads).mapToObj(Integer::toString).toList())
                .axisTitles("block", "head")
                .valueTitle("logits")
                .diverging()
                .firstRowAtBottom()
                .title("Direct attribution of heads: " + asked.text())
                .figure();
    }

    /** How the metric builds up from depth to depth. */
    public Figure accumulated() {
        return LineChart.over(Depths.labels(0, found.mlp().length))
                .line(asked.label(), found.accumulated())
                .axisTitles("depth", "logits")
                .title("Accumulated attribution: " + asked.text())
                .figure();
    }

    /** Block by part, and what has accumulated. */
    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("block"),
                        Column.number("attention", "%+.4f"),
                        new Column("strongest head", Column.Align.LEFT, Object::toString),
                        Column.number("MLP", "%+.4f"),
                        Column.number("accumulated", "%.4f"))
                .row(
                        Depths.EMBEDDING,
                        null,
                        "embedding " + Numbers.signed(found.embedding() + found.position()),
                        null,
                        found.accumulated()[0])
                .rows(IntStream.range(0, found.mlp().length).mapToObj(this::row).toList())
                .caption("Direct attribution: " + asked.text());
        return withNotes(table);
    }

    /** The parts that contribute most, either way: the embedding, heads, biases of attention and MLPs. */
    public Table top(int count) {
        Table table = Table.of(Column.text("part"), Column.number("logits", "%+.4f"))
                .rows(parts().stream()
                        .sorted(Comparator.comparingDouble((Part part) -> -Math.abs(part.logits())))
                        .limit(count)
                        .map(part -> List.of(part.name(), part.logits()))
                        .toList())
                .caption("Largest direct contributions: " + asked.text());
        return withNotes(table);
    }

    /** All parts in the order of computation; with the constant they sum to the metric. */
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        parts.add(new Part("embedding", found.embedding()));
        parts.add(new Part("position embedding", found.position()));
        for (int block = 0; block < found.mlp().length; block++) {
            for (int head = 0; head < found.heads()[block].length; head++) {
                parts.add(new Part("head %d.%d".formatted(block, head), found.heads()[block][head]));
            }
            parts.add(new Part("attention bias " + block, found.attentionBias()[block]));
            parts.add(new Part("MLP " + block, found.mlp()[block]));
        }
        return List.copyOf(parts);
    }

    @Override
    public Values values() {
        return new Values(
                found.embedding(),
                found.position(),
                found.attention().clone(),
                Copies.of(found.heads()),
                found.attentionBias().clone(),
                found.mlp().clone(),
                found.constant(),
                found.accumulated().clone(),
                found.ofModel());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = asked.explanation(
                        "direct logit attribution",
                        "contribution of w = (gain ∘ u) · w / scale, with w what a part adds to the stream at the position, u the metric's combination of rows of the unembedding, and scale the denominator of the final norm there, held; a layer norm takes w less its mean; constant = bias · u + bias of the unembedding")
                .n(parts().size())
                .fact("metric before a cap", found.metric())
                .fact("sum of parts − metric", found.sum() - found.metric())
                .paper(PAPER)
                .note(
                        "a head's part is its slice of the output projection; norms after attention are held as they were");
        return isCapped() ? explanation.note(capNote()) : explanation;
    }

    @Override
    public String toString() {
        return plainText();
    }

    private List<Object> row(int block) {
        double[] heads = found.heads()[block];
        int strongest = 0;
        for (int head = 1; head < heads.length; head++) {
            strongest = Math.abs(heads[head]) > Math.abs(heads[strongest]) ? head : strongest;
        }
        return List.of(
                Integer.toString(block),
                found.attention()[block],
                "%d.%d %s".formatted(block, strongest, Numbers.signed(heads[strongest])),
                found.mlp()[block],
                found.accumulated()[block + 1]);
    }

    private Table withNotes(Table table) {
        Table noted = table.note("%s: %s; sum of all parts%s: %s"
                .formatted(
                        asked.label(),
                        Numbers.plain(found.metric()),
                        found.constant() == 0 ? "" : " and the constant " + Numbers.plain(found.constant()),
                        Numbers.plain(found.sum())));
        return isCapped() ? noted.note(capNote()) : noted;
    }

    private boolean isCapped() {
        return asked.isCapped();
    }

    private String capNote() {
        return "the model caps its logits: after the cap the metric is %s; contributions add up before it"
                .formatted(Numbers.plain(found.ofModel()));
    }

    private static double[] afterEmbedding(double[] blocks) {
        var all = new double[blocks.length + 1];
        System.arraycopy(blocks, 0, all, 1, blocks.length);
        return all;
    }
}
