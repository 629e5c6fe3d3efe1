package microtome;

import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.concept.ConceptProbe;
import microtome.probe.concept.cluster.ClusterAgreement;
import microtome.probe.concept.cluster.ClusterOptions;
import microtome.probe.concept.comparison.ClassifierComparison;
import microtome.probe.concept.comparison.ClassifierOptions;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.depth.DepthUse;
import microtome.probe.depth.reading.AgreementOptions;
import microtome.probe.depth.reading.LensAgreement;
import microtome.probe.dimension.DimensionOptions;
import microtome.probe.dimension.LayerDimensions;
import microtome.probe.dimension.principal.PrincipalOptions;
import microtome.probe.dimension.principal.PrincipalPaths;
import microtome.probe.geometry.prompts.PromptGeometry;
import microtome.probe.lens.NeighbourDepth;
import microtome.probe.similarity.Similarity;

/**
 * A plan to send labelled prompts through a model. Nothing is computed yet; as the value of a cell it shows the prompts.
 *
 * <pre>{@code
 * var prompts = model.prompts(PromptSet.bundled("categories"));
 * prompts.geometry().convergence().plot();
 * prompts.at(PositionRule.MEAN_WITHOUT_FIRST).sites(Site.residual(10), Site.finalNorm()).states();
 * }</pre>
 */
public final class Prompts implements Displayable {
    private final LanguageModel model;
    private final PromptSet prompts;
    private final PositionRule rule;
    private final List<Site> sites;

    Prompts(LanguageModel model, PromptSet prompts) {
        this(model, prompts, PositionRule.LAST, PromptStates.residual(model));
    }

    private Prompts(LanguageModel model, PromptSet prompts, PositionRule rule, List<Site> sites) {
        this.model = model;
        this.prompts = prompts;
        this.rule = rule;
        this.sites = sites;
    }

    /** These prompts read at other positions than their last token, by every probe that reads one vector per prompt. */
    public Prompts at(PositionRule other) {
        return new Prompts(model, prompts, other, sites);
    }

    /** These prompts with {@link #states()} of other sites than every depth of the residual stream. */
    public Prompts sites(Site... others) {
        return new Prompts(model, prompts, rule, List.of(others));
    }

    /** One vector per prompt and site, for code of one's own; position and sites are those of this plan. */
    public PromptStates states() {
        return PromptStates.read(model, prompts, rule, sites);
    }

    /** One vector per prompt and site at the last token of the prompt's word. */
    public PromptStates wordStates() {
        return PromptStates.readWords(model, prompts, sites);
    }

    /** The plain type beneath. */
    public PromptSet set() {
        return prompts;
    }

    /** How the model uses its depth on these prompts, compared by their labels. */
    public DepthUse depth() {
        return DepthUse.of(model, prompts);
    }

    /** The paths of these prompts through the layers, compared: by class, by pairs, and under controls. */
    public PromptGeometry geometry() {
        return PromptGeometry.of(model, prompts).position(rule);
    }

    /** In how many dimensions these prompts lie at every layer, by every measure. */
    public LayerDimensions dimension() {
        return dimension(DimensionOptions.DEFAULT);
    }

    /** As {@link #dimension()}, with other options. */
    public LayerDimensions dimension(DimensionOptions options) {
        return LayerDimensions.of(model, prompts, rule, options);
    }

    /** The paths of these prompts in the plane of their largest variance over all layers. */
    public PrincipalPaths principalComponents() {
        return principalComponents(PrincipalOptions.DEFAULT);
    }

    /** As {@link #principalComponents()}, with other options. */
    public PrincipalPaths principalComponents(PrincipalOptions options) {
        return PrincipalPaths.of(model, prompts, rule, options);
    }

    /** At which layer the labels of these prompts can be read: linear probes, controls, and what moves the layer. */
    public ConceptProbe concept() {
        return ConceptProbe.of(model, prompts);
    }

    /** How near every layer's logit lens is to the model's own prediction. */
    public LensAgreement lensAgreement() {
        return LensAgreement.of(model, prompts, AgreementOptions.DEFAULT);
    }

    /** What linear and other classifiers read of the labels, at some layers by name, or at all of them. */
    public ClassifierComparison classifiers(String... layers) {
        return classifiers(ClassifierOptions.DEFAULT, layers);
    }

    /** As {@link #classifiers(String...)}, with other options. */
    public ClassifierComparison classifiers(ClassifierOptions options, String... layers) {
        return ClassifierComparison.of(states(), options, layers);
    }

    /** Whether the labels are what the states fall apart by, at every layer. */
    public ClusterAgreement clusters() {
        return clusters(ClusterOptions.DEFAULT);
    }

    /** As {@link #clusters()}, with other options. */
    public ClusterAgreement clusters(ClusterOptions options) {
        return ClusterAgreement.of(states(), options);
    }

    /** How alike the layers are on these prompts. */
    public Similarity similarity() {
        return Similarity.of(states()).on(model.engine());
    }

    /** From which layer on the nearest neighbours of a prompt vote for its class as they do in the end. */
    public NeighbourDepth neighbourDepth() {
        return NeighbourDepth.of(PromptStates.read(model, prompts, rule));
    }

    /** The prompts with their labels. */
    public Table table() {
        Table table = Table.of("prompt", "label", "group", "word").caption(prompts.name());
        for (Prompt prompt : prompts.prompts()) {
            table = table.row(prompt.text(), prompt.label(), prompt.group(), prompt.word());
        }
        return table;
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return table().mimeBundle();
    }

    @Override
    public String toString() {
        return "%d prompts of '%s' through %s, read at: %s"
                .formatted(prompts.size(), prompts.name(), model.card().name(), rule.label());
    }
}
