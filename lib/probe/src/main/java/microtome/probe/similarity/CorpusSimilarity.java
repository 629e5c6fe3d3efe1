package microtome.probe.similarity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.Coverage;
import microtome.model.corpus.Folded;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.PromptStates;

/**
 * A plan to compare the layers of a model token by token over a corpus. Alignments are added up batch by batch and no token
 * is stored; {@link #rows} keeps some for the other measures. Unless it was asked for, the first position of every sequence
 * does not count: in many models it carries a massive activation, which alone would decide the result. As the value of a
 * cell it shows {@link #cka()}.
 */
public final class CorpusSimilarity implements Displayable {
    private static final int BATCH_ROWS = 1024;

    private final CorpusHarvest harvest;
    private final List<Site> sites;
    private final int batchRows;

    private CorpusSimilarity(CorpusHarvest harvest, List<Site> sites, int batchRows) {
        this.harvest = harvest;
        this.sites = sites;
        this.batchRows = batchRows;
    }

    /** Every depth of the residual stream, without first positions unless the plan skips more of them. */
    public static CorpusSimilarity of(CorpusHarvest harvest) {
        CorpusOptions options = harvest.options();
        return new CorpusSimilarity(
                options.skipFirst() == 0 && options.length() > 1 ? harvest.with(options.skipFirst(1)) : harvest,
                PromptStates.residual(harvest.model()),
                BATCH_ROWS);
    }

    /** This plan with the first position of every sequence, and its massive activation. */
    public CorpusSimilarity withFirst() {
        return new CorpusSimilarity(harvest.with(harvest.options().skipFirst(0)), sites, batchRows);
    }

    /**
     * This plan with other sites, in the order of computation.
     *
     * @throws IllegalArgumentException if there is none, or the model lacks one
     */
    public CorpusSimilarity sites(Collection<Site> others) {
        if (others.isEmpty()) {
            throw new IllegalArgumentException("no sites given; give at least one, such as Site.residual(1)");
        }
        others.forEach(site -> site.checkedFor(harvest.model().config()));
        return new CorpusSimilarity(harvest, List.copyOf(new TreeSet<>(others)), batchRows);
    }

    /** This plan with every so many sites, the last included. */
    public CorpusSimilarity every(int step) {
        if (step < 1) {
            throw new IllegalArgumentException("every %d layers: give 1 or more".formatted(step));
        }
        return sites(IntStream.range(0, sites.size())
                .filter(index -> (sites.size() - 1 - index) % step == 0)
                .mapToObj(sites::get)
                .toList());
    }

    /**
     * This plan with other batches of rows: larger ones make debiased CKA steadier and take more memory.
     *
     * @param rows at least 4
     */
    public CorpusSimilarity batches(int rows) {
        return new CorpusSimilarity(harvest, sites, new SimilarityMeasure.BatchedAlignment(rows).rows());
    }

    /**
     * Debiased linear CKA, whose three criteria are each averaged over batches of rows before they are divided. An interrupt
     * gives that of the batches so far.
     *
     * @throws IllegalArgumentException if the corpus is empty or has fewer than four rows
     */
    public SimilarityMatrix cka() {
        return folded(
                new CriterionMeans(harvest.model().engine()),
                new SimilarityMeasure.BatchedAlignment(batchRows),
                GramSums.LEAST_ROWS);
    }

    /**
     * Linear CKA with its bias, which many rows make small: products of all pairs of layers are added up.
     *
     * @throws IllegalArgumentException if they take more than half of the memory that Java may use; says how many layers fit
     */
    public SimilarityMatrix biasedCka() {
        requireMemory();
        return folded(new CrossProducts(harvest.model().engine()), new SimilarityMeasure.Alignment(false), 1);
    }

    /**
     * A comparison of the first rows of the corpus, which are kept in memory, for measures that need them all at once.
     *
     * @param limit at most so many, of every site
     * @throws IllegalArgumentException if there are none
     */
    public Similarity rows(int limit) {
        Sampled sampled = sampled(limit);
        return Similarity.of(sampled.layers(), sampled.origin())
                .on(harvest.model().engine());
    }

    /** Rows of all sites, and what they are of. */
    record Sampled(List<Representation> layers, long[][] places, Origin origin) {}

    Sampled sampled(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("rows(%d): keep at least 1".formatted(limit));
        }
        Folded<RowSample> samples = harvest.fold(sites, () -> new RowSample(limit));
        List<Representation> layers = sites.stream()
                .map(site -> samples.at(site).representation(site))
                .toList();
        return new Sampled(layers, samples.at(sites.getFirst()).places(), origin(samples.coverage()));
    }

    /** The model whose layers these are. */
    LanguageModel model() {
        return harvest.model();
    }

    private SimilarityMatrix folded(BatchSums sums, SimilarityMeasure measure, int least) {
        var batches = new RowBatches(sites, batchRows, sums::add);
        CorpusOptions options = harvest.options();
        int tokens = Math.min(options.batching().tokens(), batchRows);
        Folded<Long> folded = harvest.with(options.batchTokens(tokens)).fold(sites, batches::next);
        batches.finish(least);
        if (sums.batches() == 0) {
            throw new IllegalArgumentException(
                    "%s: %d rows of each layer; %s needs at least %d; give longer texts or a smaller skipFirst"
                            .formatted(harvest.documents(), batches.seen(), measure.label(), least));
        }
        Origin origin = origin(folded.coverage());
        origin = inputs(origin, "%s; %,d batches of %,d rows".formatted(origin.inputs(), sums.batches(), batchRows));
        if (batches.leftOut() > 0) {
            origin = origin.remark("%d rows at the end were too few for a batch".formatted(batches.leftOut()));
        }
        origin = sums.massive().on(origin);
        List<String> labels = sites.stream().map(RowBatches::name).toList();
        var side = new SimilarityMatrix.Side("layer", labels);
        return sums.alignments().result(measure, side, side, true, origin);
    }

    private Origin origin(Coverage coverage) {
        int first = harvest.options().skipFirst();
        Origin origin = Origin.of(harvest.model(), "%s: %s".formatted(harvest.documents(), covered(coverage)), "")
                .remark(
                        first == 0
                                ? "the first position of every sequence counts, and its massive activation, if the model has one, decides the result"
                                : "the first %s of every sequence %s left out"
                                        .formatted(
                                                first == 1 ? "position" : first + " positions",
                                                first == 1 ? "is" : "are"));
        return coverage.complete() ? origin : origin.remark("stopped before the end of the corpus");
    }

    /** Without times, so that the same work gives the same words. */
    private static String covered(Coverage coverage) {
        return "%,d documents, %,d tokens, %,d rows"
                .formatted(coverage.documents(), coverage.tokens(), coverage.rows());
    }

    private static Origin inputs(Origin origin, String inputs) {
        return new Origin(origin.models(), inputs, origin.sha256(), origin.remarks());
    }

    private void requireMemory() {
        double bytes =
                CrossProducts.bytes(sites.size(), harvest.model().config().width());
        double most = Runtime.getRuntime().maxMemory() / 2.0;
        if (bytes > most) {
            throw new IllegalArgumentException(
                    "products of all pairs of %d layers take %,.0f MiB, of %,.0f that Java may use; take fewer with every(%d), or cka(), which keeps none"
                            .formatted(sites.size(), bytes / (1 << 20), 2 * most / (1 << 20), (int)
                                    Math.ceil(Math.sqrt(bytes / most))));
        }
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return cka().mimeBundle();
    }

    @Override
    public String toString() {
        return "similarity of %d layers over %s; ask for cka(), biasedCka() or rows(2048)"
                .formatted(sites.size(), harvest.documents());
    }
}
