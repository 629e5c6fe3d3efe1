package microtome.probe.update;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.display.InterruptedWorkException;
import microtome.model.LanguageModel;
import microtome.model.config.BlockOrder;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.Coverage;
import microtome.model.corpus.Folded;
import microtome.model.corpus.fold.RowPlaces;
import microtome.probe.data.Origin;
import microtome.tensor.Engine;

/**
 * A plan to ask how much of what every block does to the residual stream is a simple map of each token on its own. Documents are
 * split in halves; maps are fitted on one and measured on the other.
 *
 * <pre>{@code
 * var updates = LayerUpdates.of(harvest).with(UpdateOptions.DEFAULT.blocks(5, 10, 15)).fit();
 * updates.structure().plot();
 * updates.perturbation().scatter(10);
 * }</pre>
 *
 * The corpus is read once. Fit tokens are added to sums, except for a sample that the local maps need; of held-out tokens a
 * sample is kept. So memory does not grow with the corpus: {@code 16 d^2} bytes for every block, and {@code 4 d} bytes for every
 * kept token at every depth.
 *
 * @see <a href="https://arxiv.org/abs/2604.02459">Geometric structure of layer updates, arXiv 2604.02459</a>
 */
public final class LayerUpdates implements Displayable {
    static final String PAPER = "https://arxiv.org/abs/2604.02459";

    private final CorpusHarvest harvest;
    private final UpdateOptions options;

    private LayerUpdates(CorpusHarvest harvest, UpdateOptions options) {
        this.harvest = harvest;
        this.options = options;
    }

    /** A plan with {@link UpdateOptions#DEFAULT}; nothing is read yet. */
    public static LayerUpdates of(CorpusHarvest harvest) {
        return new LayerUpdates(harvest, UpdateOptions.DEFAULT);
    }

    /** This plan with other options. */
    public LayerUpdates with(UpdateOptions other) {
        return new LayerUpdates(harvest, other);
    }

    /** The options of this plan. */
    public UpdateOptions options() {
        return options;
    }

    /**
     * Reads the corpus and fits the maps, for more than one question about them. An interrupt while the corpus is read gives the
     * maps of what was read by then; one while they are fitted, those of the blocks that were done.
     *
     * @throws IllegalArgumentException for a block or a rank that the model does not have, a corpus of one document, or one with
     *     fewer than three fit tokens
     * @throws ArithmeticException if a value of the stream is not finite; the message names the site
     */
    public FittedUpdates fit() {
        LanguageModel model = harvest.model();
        List<Integer> blocks = options.blocksOf(model.config().blocks());
        options.requireWidth(model.config().width());
        var collector = new UpdateCollector(options, blocks);
        Folded<Integer> folded = reading().fold(collector.sites(), collector.folds());
        boolean isTooFew = collector.fitTokens() < UpdateFit.LEAST || collector.heldOutTokens() == 0;
        if (isTooFew && !folded.coverage().complete()) {
            throw new InterruptedWorkException("layer updates: stopped before there was enough to fit");
        }
        requireTokens(collector, folded.coverage().documents());
        Origin origin = origin(model, folded.coverage());
        return FittedUpdates.fit(new FitSource(model.engine(), model, harvest, options, origin), blocks, collector);
    }

    /** How well each class describes each block; see {@link #fit()}. */
    public UpdateStructure structure() {
        return fit().structure();
    }

    /** What the answer loses when blocks are replaced by their maps; see {@link #fit()}. */
    public OutputPerturbation perturbation() {
        return fit().perturbation();
    }

    /**
     * How well each class describes one step that was measured elsewhere.
     *
     * @param engine for large products
     */
    public static UpdateStructure between(Engine engine, UpdatePairs pairs, UpdateOptions options) {
        options.requireWidth(pairs.width());
        List<Integer> blocks = options.blocksOf(1);
        var collector = new UpdateCollector(options, blocks);
        var places = new RowPlaces(pairs.documents(), new int[pairs.tokens()], new int[pairs.tokens()]);
        for (int token = 0; token < pairs.tokens(); token++) {
            places.positions()[token] = token;
        }
        collector.take(engine, 0, UpdatePairs.flat(pairs.before()), places);
        collector.take(engine, 1, UpdatePairs.flat(pairs.after()), places);
        requireTokens(collector, Arrays.stream(pairs.documents()).distinct().count());
        Origin origin = Origin.given("%,d tokens of width %d".formatted(pairs.tokens(), pairs.width()));
        return FittedUpdates.fit(new FitSource(engine, null, null, options, origin), blocks, collector)
                .structure();
    }

    private CorpusHarvest reading() {
        CorpusOptions corpus = harvest.options();
        return options.keepFirst() || corpus.skipFirst() > 0 ? harvest : harvest.with(corpus.skipFirst(1));
    }

    private static void requireTokens(UpdateCollector collector, long documents) {
        if (collector.fitTokens() < UpdateFit.LEAST) {
            throw new IllegalArgumentException(
                    "%,d fit tokens and %,d held-out tokens of %,d documents: documents are split in halves, and a fit needs at least %d tokens; give at least two documents of more tokens"
                            .formatted(collector.fitTokens(), collector.heldOutTokens(), documents, UpdateFit.LEAST));
        }
        if (collector.heldOutTokens() == 0) {
            throw new IllegalArgumentException(
                    "%,d fit tokens and no held-out token of %,d documents: maps are never measured on the tokens that they were fitted on; give at least two documents"
                            .formatted(collector.fitTokens(), documents));
        }
    }

    private Origin origin(LanguageModel model, Coverage coverage) {
        Origin origin = Origin.of(
                model,
                "%s; read %s".formatted(harvest.documents(), coverage),
                harvest.documents().fingerprint().orElse(""));
        if (model.config().order() == BlockOrder.NORM_OF_SUM) {
            origin = origin.remark(
                    "post-norm: a norm stands behind every sum, so an update is the difference of two normed streams and not what a block adds");
        }
        if (options.keepFirst()) {
            origin = origin.remark(
                    "position 0 of every sequence counts; it usually carries a massive activation, which then decides the numbers");
        }
        return coverage.complete() ? origin : origin.remark("the corpus was not read to its end");
    }

    /** What would be done. */
    public Explanation explain() {
        return Explanation.of(
                        "layer updates",
                        "T(x) = x + t(x) fitted to u = y - x, x before and y behind a block; r = u - t")
                .fact("reads", harvest.toString())
                .fact("options", options.toString())
                .paper(PAPER);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return explain().mimeBundle();
    }

    @Override
    public String toString() {
        return "layer updates: %s; %s; ask for structure(), perturbation() or fit()".formatted(harvest, options);
    }
}
