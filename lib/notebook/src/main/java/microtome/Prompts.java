package microtome;

import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.probe.concept.ConceptProbe;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.depth.DepthUse;
import microtome.probe.dimension.DimensionOptions;
import microtome.probe.dimension.LayerDimensions;
import microtome.probe.dimension.principal.PrincipalOptions;
import microtome.probe.dimension.principal.PrincipalPaths;
import microtome.probe.geometry.prompts.PromptGeometry;

/** A plan to send labelled prompts through a model. Nothing is computed yet; as the value of a cell it shows the prompts. */
public final class Prompts implements Displayable {
    private final LanguageModel model;
    private final PromptSet prompts;

    Prompts(LanguageModel model, PromptSet prompts) {
        this.model = model;
        this.prompts = prompts;
    }

    /** The plain type beneath. */
    public PromptSet set() {
        return prompts;
    }

    /** How the model uses its depth on these prompts, compared by their groups or labels. */
    public DepthUse depth() {
        return DepthUse.of(model, prompts);
    }

    /** The paths of these prompts through the layers, compared: by class, by pairs, and under controls. */
    public PromptGeometry geometry() {
        return PromptGeometry.of(model, prompts);
    }

    /** In how many dimensions the last tokens of these prompts lie at every layer, by every measure. */
    public LayerDimensions dimension() {
        return dimension(PositionRule.LAST, DimensionOptions.DEFAULT);
    }

    /** As {@link #dimension()}, of other positions or with other options. */
    public LayerDimensions dimension(PositionRule rule, DimensionOptions options) {
        return LayerDimensions.of(model, prompts, rule, options);
    }

    /** The paths of the last tokens of these prompts in the plane of their largest variance over all layers. */
    public PrincipalPaths principalComponents() {
        return principalComponents(PositionRule.LAST, PrincipalOptions.DEFAULT);
    }

    /** As {@link #principalComponents()}, of other positions or with other options. */
    public PrincipalPaths principalComponents(PositionRule rule, PrincipalOptions options) {
        return PrincipalPaths.of(model, prompts, rule, options);
    }

    /** At which layer the labels of these prompts can be read: linear probes, controls, and what moves the layer. */
    public ConceptProbe concept() {
        return ConceptProbe.of(model, prompts);
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
        return "%d prompts of '%s' through %s"
                .formatted(prompts.size(), prompts.name(), model.card().name());
    }
}
