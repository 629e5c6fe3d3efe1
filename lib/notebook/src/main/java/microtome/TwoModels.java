package microtome;

import java.util.List;
import java.util.Map;
import microtome.display.Card;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.depth.mapping.LayerMaps;
import microtome.probe.depth.mapping.MapOptions;
import microtome.probe.similarity.ModelPair;
import microtome.probe.similarity.Similarity;

/** A plan to lay two models beside each other. Nothing is computed yet. */
public final class TwoModels implements Displayable {
    private final LanguageModel first;
    private final LanguageModel second;

    TwoModels(LanguageModel first, LanguageModel second) {
        this.first = first;
        this.second = second;
    }

    /** How well an affine map predicts every layer of the second from every layer of the first; both read the same tokens. */
    public LayerMaps maps(List<String> texts) {
        return LayerMaps.between(first, second, Documents.of(texts));
    }

    /** As {@link #maps(List)}, for files, streams of texts or tokens, with options of its own. */
    public LayerMaps maps(Documents texts, MapOptions options) {
        return LayerMaps.between(first, second, texts, options);
    }

    /** The card of the first and of the second model. */
    public Card card() {
        return Card.of("two models")
                .row("first", first.card().name())
                .row("second", second.card().name());
    }

    /** Every layer of the first with every layer of the second on the last tokens of these prompts; tokens may differ. */
    public Similarity similarity(PromptSet prompts) {
        return similarity(prompts, PositionRule.LAST);
    }

    /** As {@link #similarity(PromptSet)}, of other positions. */
    public Similarity similarity(PromptSet prompts, PositionRule rule) {
        return ModelPair.of(first, second).perPrompt(prompts, rule);
    }

    /**
     * Every layer of the first with every layer of the second, token by token, without the first of each text.
     *
     * @param tokens at most so many; they are kept in memory
     * @throws IllegalArgumentException if the models cut a text into other tokens
     */
    public Similarity similarity(List<String> texts, int tokens) {
        return ModelPair.of(first, second).perToken(texts, tokens);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return card().mimeBundle();
    }
}
