package microtome.probe.depth.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptSet;

/**
 * How near what the logit lens reads at every depth is to the model's own next-token distribution: the divergence in both
 * directions and the overlap of the five most likely tokens, each a mean over positions and prompts. Taps are the inputs of
 * the blocks; the stream after the last one is read too, as a check that must give 0 and 1.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
 */
public final class LensAgreement implements ProbeResult<LensAgreement.Values> {
    static final int TOP = 5;
    private static final String NOTHING = "no position was read before the work was stopped";

    /**
     * Means over positions, per tap; NaN where nothing was read.
     *
     * @param finalFromLens KL(final ‖ lens) in nats
     * @param lensFromFinal KL(lens ‖ final) in nats
     * @param overlap the share of the final five most likely tokens that are among the lens's five
     * @param n positions
     */
    public record Values(double[] finalFromLens, double[] lensFromFinal, double[] overlap, long n) {
        /** The means of one direction. */
        public double[] divergence(Divergence direction) {
            return switch (direction) {
                case FINAL_FROM_LENS -> finalFromLens;
                case LENS_FROM_FINAL -> lensFromFinal;
            };
        }
    }

    private final Origin origin;
    private final AgreementOptions options;
    private final List<Integer> depths;
    private final Values found;

    LensAgreement(Origin origin, AgreementOptions options, List<Integer> depths, Values found) {
        this.origin = origin;
        this.options = options;
        this.depths = List.copyOf(depths);
        this.found = found;
    }

    /** The agreement over a corpus, read as its options say; the first position of every piece is left out in any case. */
    public static LensAgreement of(CorpusHarvest corpus) {
        AgreementOptions plain = AgreementOptions.DEFAULT;
        return of(
                corpus.model(),
                corpus.documents(),
                plain.reading(ReadOptions.of(corpus.options(), plain.reading().tokens())));
    }

    /** The agreement over a set of prompts. */
    public static LensAgreement of(LanguageModel model, PromptSet prompts, AgreementOptions options) {
        String inputs = "%d prompts of '%s'".formatted(prompts.size(), prompts.name());
        return AgreementWork.run(
                Documents.of(prompts.texts()), options, model, Origin.of(model, inputs, prompts.sha256()));
    }

    /** The agreement over texts, with the default options. */
    public static LensAgreement of(LanguageModel model, Documents texts) {
        return of(model, texts, AgreementOptions.DEFAULT);
    }

    /**
     * The agreement over texts; the logits of a few positions at a time are compared and dropped. An interrupt gives what was
     * read until then.
     *
     * @throws IllegalArgumentException for a model without logits, or texts without tokens
     * @throws ArithmeticException if logits are not finite; the message names the site
     */
    public static LensAgreement of(LanguageModel model, Documents texts, AgreementOptions options) {
        return AgreementWork.run(texts, options, model, Origin.of(model, texts.toString(), ""));
    }

    /** KL(final ‖ lens) over depth. */
    @Override
    public Figure plot() {
        return plot(Divergence.FINAL_FROM_LENS);
    }

    /** One direction of the divergence over depth. */
    public Figure plot(Divergence direction) {
        return LineChart.over(labels())
                .line(direction.label(), found.divergence(direction))
                .axisTitles("tap", direction.label() + ", nats")
                .title("Lens agreement: %s, mean of %,d positions".formatted(direction.label(), found.n()))
                .figure();
    }

    /** The overlap of the five most likely tokens over depth. */
    public Figure overlap() {
        return LineChart.over(labels())
                .line("top-%d overlap".formatted(TOP), found.overlap())
                .axisTitles("tap", "share of the final top %d".formatted(TOP))
                .range(0, 1)
                .title("Lens agreement: overlap of the %d most likely tokens, mean of %,d positions"
                        .formatted(TOP, found.n()))
                .figure();
    }

    /** A row per tap. */
    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("tap"),
                        Column.text("site"),
                        Column.number(Divergence.FINAL_FROM_LENS.label()),
                        Column.number(Divergence.LENS_FROM_FINAL.label()),
                        Column.number("top-%d overlap".formatted(TOP)),
                        Column.number("n"))
                .rows(IntStream.range(0, depths.size()).mapToObj(this::row).toList())
                .caption("Lens agreement with the final distribution");
        for (String remark : origin.remarks()) {
            table = table.note(remark);
        }
        return table;
    }

    private List<Object> row(int index) {
        var row = new ArrayList<Object>();
        row.add(labels().get(index));
        row.add("residual." + depths.get(index));
        for (double value :
                new double[] {found.finalFromLens()[index], found.lensFromFinal()[index], found.overlap()[index]}) {
            row.add(Double.isNaN(value) ? Cell.missing(NOTHING) : value);
        }
        row.add(found.n());
        return row;
    }

    @Override
    public Values values() {
        return new Values(
                found.finalFromLens().clone(),
                found.lensFromFinal().clone(),
                found.overlap().clone(),
                found.n());
    }

    /** The depths that were read, in the order of the values; the last is the check. */
    public List<Integer> depths() {
        return depths;
    }

    @Override
    public Explanation explain() {
        Explanation definition = Explanation.of(
                        "lens agreement",
                        "p_lens[l] = softmax(unembed(finalNorm(h[l]))) against p_final; KL(final ‖ lens) = Σ p_final (ln p_final − ln p_lens), KL(lens ‖ final) the other way, in nats; overlap = |top 5 of both| / 5; means over positions")
                .n(found.n())
                .fact("read", options.reading())
                .fact("taps", "the inputs of blocks; tap l is residual.l, what stands after l blocks")
                .fact("check", "the last tap is residual.L: 0, 0 and 1 by definition")
                .paper(ResidualErasure.PAPER)
                .note(
                        "the paper's code computes KL(lens ‖ final), the tuned lens is trained on KL(final ‖ lens); both are in the table");
        return origin.on(definition);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private List<String> labels() {
        int last = depths.getLast();
        return depths.stream()
                .map(depth -> Depths.label(depth) + (depth == last ? " (check)" : ""))
                .toList();
    }
}
