package microtome.probe.dimension;

import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.probe.data.Origin;
import microtome.probe.data.PositionRule;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/**
 * In how many dimensions the states of each layer lie, by every measure; the results for one kind of measure are parts of
 * this one. Pictures usually show a hump over depth.
 */
public final class LayerDimensions implements ProbeResult<List<LayerDimension>> {
    private final Measured measured;

    LayerDimensions(Measured measured) {
        this.measured = measured;
    }

    /**
     * Of the tokens of a corpus at every depth of the residual stream, and after the final norm where a model has one. Covariances
     * and directions are folded and keep no token; a sample of each layer is kept for distances until they are measured. An
     * interrupt ends the reading, or the measuring, and keeps what is done.
     *
     * @throws ArithmeticException if a value is not finite; names site, document and position
     * @throws IllegalArgumentException for an empty corpus, or one without a second position
     */
    public static LayerDimensions of(CorpusHarvest harvest, DimensionOptions options) {
        return of(harvest, options, DimensionReading.sites(harvest.model()));
    }

    /** As {@link #of(CorpusHarvest, DimensionOptions)}, of other sites. */
    public static LayerDimensions of(CorpusHarvest harvest, DimensionOptions options, List<Site> sites) {
        return new LayerDimensions(new DimensionReading(options).of(harvest, sites));
    }

    /**
     * Of the states of prompts, one for each, at every depth and after the final norm where a model has one.
     *
     * @throws IllegalArgumentException for prompts that cannot be read
     */
    public static LayerDimensions of(
            LanguageModel model, PromptSet prompts, PositionRule rule, DimensionOptions options) {
        return of(PromptStates.read(model, prompts, rule, DimensionReading.sites(model)), options);
    }

    /**
     * Of the states of prompts, one for each, that were read before.
     *
     * @throws IllegalArgumentException if a number is not finite; names the layer
     */
    public static LayerDimensions of(PromptStates states, DimensionOptions options) {
        return new LayerDimensions(new DimensionReading(options).of(states.layers(), states.states(), states.origin()));
    }

    /**
     * Of any states.
     *
     * @param layers what they are called
     * @param states {@code [layers][states][width]}
     * @param inputs what they are of, in words
     * @throws IllegalArgumentException if a number is not finite; names the layer
     */
    public static LayerDimensions of(List<String> layers, float[][][] states, String inputs, DimensionOptions options) {
        return new LayerDimensions(new DimensionReading(options).of(layers, states, Origin.given(inputs)));
    }

    /** Dimensions by distances to the nearest neighbours. */
    public IntrinsicDimension intrinsic() {
        return new IntrinsicDimension(measured);
    }

    /** How those depend on the number of states. */
    public ScaleCurve scales() {
        return new ScaleCurve(measured);
    }

    /** Dimensions by the variances of the principal components. */
    public EffectiveRank ranks() {
        return new EffectiveRank(measured);
    }

    /** How much all states point the same way. */
    public Anisotropy anisotropy() {
        return new Anisotropy(measured);
    }

    /** One line for each kind of measure, and the most that so many states can show. */
    @Override
    public Figure plot() {
        return measured.chart("Dimensions of the states", "dimensions")
                .line("TwoNN", measured.each(layer -> layer.neighbours().fit()))
                .line(
                        "participation ratio",
                        measured.each(layer -> layer.spectrum().participationRatio()))
                .line(
                        "effective rank of variances",
                        measured.each(layer -> layer.spectrum().effectiveRankOfVariances()))
                .line("stable rank", measured.each(layer -> layer.spectrum().stableRank()))
                .baseline("min(n - 1, width)", measured.bounds())
                .logarithmic()
                .figure();
    }

    @Override
    public Table table() {
        int last = measured.options().neighbours().size() - 1;
        return Table.of(
                        Column.text("layer"),
                        Column.number("n"),
                        Column.number("bound"),
                        Column.number("different of sample"),
                        Column.number("TwoNN fit"),
                        Column.number("TwoNN ml"),
                        Column.number(
                                "MLE k = " + measured.options().neighbours().getLast()),
                        Column.number("participation ratio"),
                        Column.number("effective rank, variances"),
                        Column.number("effective rank, singular values"),
                        Column.number("stable rank"),
                        Column.number("mean cosine"),
                        Column.number("mean cosine, centred"),
                        Column.number("share of first component"))
                .rows(measured.layers().stream().map(layer -> row(layer, last)).toList())
                .caption("Dimensions of the states, " + measured.origin().inputs());
    }

    private List<Object> row(LayerDimension layer, int last) {
        Spectrum spectrum = layer.spectrum();
        Neighbours near = layer.neighbours();
        return List.of(
                layer.layer(),
                spectrum.n(),
                spectrum.bound(),
                near.distinct(),
                Measured.cell(near.fit(), near.reason()),
                Measured.cell(near.ml(), near.reason()),
                measured.ofNeighbours(layer, last),
                Measured.ofSpectrum(spectrum.participationRatio()),
                Measured.ofSpectrum(spectrum.effectiveRankOfVariances()),
                Measured.ofSpectrum(spectrum.effectiveRankOfSingularValues()),
                Measured.ofSpectrum(spectrum.stableRank()),
                Measured.ofDirections(layer.directions()),
                Measured.ofDirections(layer.centred()),
                Measured.ofSpectrum(spectrum.topShare()));
    }

    @Override
    public List<LayerDimension> values() {
        return measured.layers();
    }

    @Override
    public Explanation explain() {
        return measured.on(
                measured.sampled(
                        Explanation.of(
                                "dimensions of a layer's states",
                                "TwoNN: slope of -ln(1 - i/N) over ln(r2/r1); participation ratio: 1 / sum p²; effective rank: exp(-sum p ln p); stable rank: 1 / p_1; p = share of a component in all variance")),
                layer -> layer.spectrum().isFlat()
                        ? LayerDimension.FLAT
                        : Double.isNaN(layer.neighbours().fit())
                                ? "TwoNN: " + layer.neighbours().reason()
                                : "");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
