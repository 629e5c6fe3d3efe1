package microtome;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.model.Site;
import microtome.model.corpus.ActivationShards;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.Folded;
import microtome.model.corpus.fold.ColumnMoments;
import microtome.model.corpus.fold.Covariance;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.Folds;
import microtome.model.corpus.fold.Gram;
import microtome.model.corpus.fold.Histogram;
import microtome.model.corpus.fold.TopExamples;
import microtome.probe.depth.DepthUse;
import microtome.probe.depth.mapping.LayerMaps;
import microtome.probe.depth.mapping.MapOptions;
import microtome.probe.depth.reading.AgreementOptions;
import microtome.probe.depth.reading.LensAgreement;
import microtome.probe.dimension.DimensionOptions;
import microtome.probe.dimension.LayerDimensions;
import microtome.probe.similarity.CorpusSimilarity;
import microtome.probe.update.LayerUpdates;
import microtome.probe.update.UpdateOptions;

/**
 * A plan to send many texts through a model. Nothing is read until something is asked for; as the value of a cell it shows
 * what would be done.
 */
public final class Corpus implements Displayable {
    private final CorpusHarvest harvest;

    Corpus(CorpusHarvest harvest) {
        this.harvest = harvest;
    }

    /** This corpus with other options: length of sequences, first positions, batches. */
    public Corpus with(CorpusOptions options) {
        return new Corpus(harvest.with(options));
    }

    /** This corpus in sequences of at most so many tokens. */
    public Corpus length(int tokens) {
        return with(harvest.options().length(tokens));
    }

    /** This corpus without so many first positions of every sequence. */
    public Corpus skipFirst(int positions) {
        return with(harvest.options().skipFirst(positions));
    }

    /** Count, mean and variance of every feature of some sites. */
    public Folded<ColumnMoments> moments(Site... sites) {
        return fold(Folds::moments, sites);
    }

    /** Mean and covariance of all features of some sites. */
    public Folded<Covariance> covariance(Site... sites) {
        return fold(Folds::covariance, sites);
    }

    /** Sums of products of all pairs of features of some sites. */
    public Folded<Gram> gram(Site... sites) {
        return fold(Folds::gram, sites);
    }

    /** The places with the largest values of every feature of some sites. */
    public Folded<TopExamples> examples(int slots, Site... sites) {
        return fold(() -> Folds.examples(slots), sites);
    }

    /** How often the values of every feature of some sites fall into equal bins. */
    public Folded<Histogram> histogram(double low, double high, int bins, Site... sites) {
        return fold(() -> Folds.histogram(low, high, bins), sites);
    }

    /** A fold of your own over some sites. */
    public <R> Folded<R> fold(Supplier<? extends Fold<R>> folds, Site... sites) {
        return harvest.fold(List.of(sites), folds);
    }

    /** Writes the activations of some sites into a folder, or goes on with it after a stop. */
    public ActivationShards store(Path folder, Site... sites) {
        return harvest.store(folder, List.of(sites));
    }

    /** How the model uses its depth on the first texts: what blocks add, what skipping them changes. */
    public DepthUse depth() {
        return DepthUse.of(harvest);
    }

    /** In how many dimensions the tokens lie at every layer, by every measure; without position 0. */
    public LayerDimensions dimension() {
        return dimension(DimensionOptions.DEFAULT);
    }

    /** As {@link #dimension()}, with other options. */
    public LayerDimensions dimension(DimensionOptions options) {
        return LayerDimensions.of(harvest, options);
    }

    /** How near every layer's logit lens is to the model's own prediction. */
    public LensAgreement lensAgreement() {
        return LensAgreement.of(harvest);
    }

    /** As {@link #lensAgreement()}, with options of its own. */
    public LensAgreement lensAgreement(AgreementOptions options) {
        return LensAgreement.of(harvest.model(), harvest.documents(), options);
    }

    /** How well an affine map predicts every layer from every other. */
    public LayerMaps maps() {
        return LayerMaps.within(harvest);
    }

    /** As {@link #maps()}, with options of its own. */
    public LayerMaps maps(MapOptions options) {
        return LayerMaps.within(harvest.model(), harvest.documents(), options);
    }

    /** How alike the layers are, token by token; no token is stored. */
    public CorpusSimilarity similarity() {
        return CorpusSimilarity.of(harvest);
    }

    /** How much of what every block does is a simple map of each token on its own; nothing is read yet. */
    public LayerUpdates updates() {
        return LayerUpdates.of(harvest);
    }

    /** As {@link #updates()}, with classes of maps, blocks, seed and samples of your choice. */
    public LayerUpdates updates(UpdateOptions options) {
        return updates().with(options);
    }

    /** What would be done: the corpus, the options, and how texts are cut and put together. */
    public Explanation explain() {
        return harvest.explain();
    }

    /** The plain type beneath, for probes and for code of one's own. */
    public CorpusHarvest harvest() {
        return harvest;
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return explain().mimeBundle();
    }

    @Override
    public String toString() {
        return harvest.toString();
    }
}
