package microtome;

import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.depth.DepthUse;
import microtome.probe.depth.reading.AgreementOptions;
import microtome.probe.depth.reading.LensAgreement;
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

    /** How near every layer's logit lens is to the model's own prediction. */
    public LensAgreement lensAgreement() {
        return LensAgreement.of(model, prompts, AgreementOptions.DEFAULT);
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
