package microtome.probe.geometry.prompts;

import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.geometry.Ending;
import microtome.probe.geometry.control.Control;
import microtome.probe.geometry.control.RandomNetwork;
import microtome.probe.geometry.control.StatesControl;

/**
 * A plan to compare the paths of many prompts through the layers. Options give a changed plan; a metric runs the model, once
 * for all metrics of a plan, and gives its result. As the value of a cell it shows {@link #summary()}.
 *
 * <pre>{@code
 * PromptGeometry.of(model, prompts).curvature().plot();
 * PromptGeometry.of(model, prompts).preset(ComparisonOptions.CODE).groups(PathScalar.UNIT_LENGTH).table();
 * PromptGeometry.of(model, prompts).under(Control.layerShuffle(1)).convergence().plot();
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2606.09287">Trajectory geometry, arXiv 2606.09287</a>
 */
public final class PromptGeometry implements Displayable {
    private final StatesSource source;
    private final ComparisonOptions options;
    private final Control control;
    private final WordAlignment alignment;

    private PromptGeometry(StatesSource source, ComparisonOptions options, Control control, WordAlignment alignment) {
        this.source = source;
        this.options = options;
        this.control = control;
        this.alignment = alignment;
    }

    /** A plan with {@link ComparisonOptions#DEFAULT}; nothing is computed yet. */
    public static PromptGeometry of(LanguageModel model, PromptSet prompts) {
        return of(new StatesSource.OfModel(model, prompts));
    }

    /** A plan for states that are there; its options choose rows, tests and draws, and not points. */
    public static PromptGeometry of(PromptStates states) {
        return of(new StatesSource.Given(states));
    }

    private static PromptGeometry of(StatesSource source) {
        return new PromptGeometry(source, ComparisonOptions.DEFAULT, null, WordAlignment.SAME_POSITION);
    }

    /** This plan with all options at once, such as {@link ComparisonOptions#PAPER} or {@link ComparisonOptions#CODE}. */
    public PromptGeometry preset(ComparisonOptions preset) {
        return new PromptGeometry(source, preset, control, alignment);
    }

    /** This plan with other positions, such as {@link PositionRule#MEAN_WITHOUT_FIRST}. */
    public PromptGeometry position(PositionRule rule) {
        return preset(options.points(options.points().rule(rule)));
    }

    /** This plan with the final norm as one more point at the end. */
    public PromptGeometry withFinalNorm() {
        return preset(options.ending(Ending.FINAL_NORM_ADDED));
    }

    /** This plan with distances on states as they are. */
    public PromptGeometry raw() {
        return preset(options.rows(Rows.RAW));
    }

    /** This plan with other numbers of draws, or another seed. */
    public PromptGeometry resampling(Resampling draws) {
        return preset(options.resampling(draws));
    }

    /** This plan with words that need not stand at the same position in both contexts. */
    public PromptGeometry wordsAt(WordAlignment other) {
        return new PromptGeometry(source, options, control, other);
    }

    /** This plan on states to which something was done first; it replaces an earlier control. */
    public PromptGeometry under(Control other) {
        return new PromptGeometry(source, options, other, alignment);
    }

    /** The options of this plan. */
    public ComparisonOptions options() {
        return options;
    }

    /** The states that are measured, after the control. */
    public PromptStates states() {
        return paths().states();
    }

    /** The whole path of every prompt in five numbers. */
    public PathSummary summary() {
        return PathSummary.of(paths(), options.resampling());
    }

    /** How far every layer moves the prompts of every class. */
    public PathLines velocity() {
        return lines(PathMetric.VELOCITY);
    }

    /** The same on the unit sphere. */
    public PathLines unitVelocity() {
        return lines(PathMetric.UNIT_VELOCITY);
    }

    /** How sharply every layer turns the prompts of every class. */
    public PathLines curvature() {
        return lines(PathMetric.CURVATURE);
    }

    /** How much the direction stays the same from layer to layer. */
    public PathLines cosine() {
        return lines(PathMetric.COSINE);
    }

    /** One quantity along the paths. */
    public PathLines lines(PathMetric metric) {
        return PathLines.of(metric, paths(), options.resampling());
    }

    /** The cosine between any two layers, mean over the prompts. */
    public LayerCosines layerCosines() {
        return LayerCosines.of(paths());
    }

    /** Whether classes differ in one number of their paths. */
    public GroupComparison groups(PathScalar scalar) {
        return GroupComparison.of(scalar, paths(), options);
    }

    /** How alike the wordings of every pair are, layer by layer. */
    public Stability stability() {
        return Stability.of(paths(), options.resampling());
    }

    /** The semantic convergence index, layer by layer, with the band of permuted labels. */
    public ConvergenceIndex convergence() {
        return ConvergenceIndex.of(paths(), options);
    }

    /** Which prompts come closer from the first layer to the last. */
    public ConvergenceMatrix convergenceMatrix() {
        return ConvergenceMatrix.of(paths(), options.rows());
    }

    /** Whether layers agree on which prompts are alike. */
    public RepresentationalSimilarity similarity() {
        return RepresentationalSimilarity.of(paths());
    }

    /** How well the classes are apart, layer by layer. */
    public Silhouette silhouette() {
        return Silhouette.of(paths(), options.rows());
    }

    /**
     * Where the two contexts of a word part, for every pair of the set.
     *
     * @throws IllegalArgumentException if a word stands at different positions in the contexts of a pair, unless
     *     {@link WordAlignment#ANY_POSITION} was asked for
     */
    public Bifurcation bifurcation() {
        return Bifurcation.of(paths(true), options.resampling());
    }

    /** The numbers of this plan beside those under {@link ControlTable#standard}. */
    public ControlTable controls() {
        return controls(ControlTable.standard().toArray(Control[]::new));
    }

    /** The numbers of this plan beside those under some controls. */
    public ControlTable controls(Control... controls) {
        return ControlTable.of(under(null), controls);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return summary().mimeBundle();
    }

    @Override
    public String toString() {
        return "geometry of %d prompts of '%s': %s%s; ask for summary(), velocity(), curvature(), cosine(), convergence(), similarity(), silhouette(), stability(), bifurcation(), groups(…) or controls()"
                .formatted(
                        source.prompts().size(),
                        source.prompts().name(),
                        options,
                        control == null ? "" : "; " + control.label());
    }

    PromptPaths paths() {
        return paths(false);
    }

    private PromptPaths paths(boolean atWords) {
        StatesSource from = control instanceof RandomNetwork random ? source.redrawn(random.seed()) : source;
        PromptStates read = atWords ? from.atWords(options.points(), alignment) : from.at(options.points());
        PromptStates controlled = control instanceof StatesControl change ? change.of(read) : read;
        return PromptPaths.of(
                controlled, from.points(options.points(), atWords), control == null ? "" : control.label());
    }
}
