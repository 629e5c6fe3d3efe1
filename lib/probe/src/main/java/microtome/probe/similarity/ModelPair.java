package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.Origin;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/** Two models that read the same texts. */
public final class ModelPair {
    private final LanguageModel first;
    private final LanguageModel second;

    private ModelPair(LanguageModel first, LanguageModel second) {
        this.first = first;
        this.second = second;
    }

    /** Two models; nothing is computed yet. */
    public static ModelPair of(LanguageModel first, LanguageModel second) {
        return new ModelPair(first, second);
    }

    /** Every layer of one with every layer of the other, prompt by prompt; so tokens may differ. */
    public Similarity perPrompt(PromptSet prompts, PositionRule rule) {
        return Similarity.between(PromptStates.read(first, prompts, rule), PromptStates.read(second, prompts, rule))
                .on(first.engine());
    }

    /**
     * Every layer of one with every layer of the other, token by token, without the first of each text.
     *
     * @param limit at most so many tokens; they are kept in memory
     * @throws IllegalArgumentException if the two cut a text into other tokens, or no token is left
     */
    public Similarity perToken(List<String> texts, int limit) {
        requireSameTokens(texts);
        int length = Math.min(first.config().context(), second.config().context());
        var exact = CorpusOptions.DEFAULT;
        var options =
                exact.length(Math.min(length, exact.length())).skipFirst(1).padding(0, 0);
        var documents = Documents.of(texts);
        CorpusSimilarity.Sampled ofFirst = sampled(first, documents, options, limit);
        CorpusSimilarity.Sampled ofSecond = sampled(second, documents, options, limit);
        if (!Arrays.deepEquals(ofFirst.places(), ofSecond.places())) {
            throw new IllegalArgumentException(
                    "the two models read other tokens of the texts, because one was stopped; ask again");
        }
        var models = new ArrayList<>(ofFirst.origin().models());
        models.addAll(ofSecond.origin().models());
        var origin = new Origin(
                models, ofFirst.origin().inputs(), "", ofFirst.origin().remarks());
        return Similarity.between(ofFirst.layers(), ofSecond.layers(), origin).on(first.engine());
    }

    private static CorpusSimilarity.Sampled sampled(
            LanguageModel model, Documents documents, CorpusOptions options, int limit) {
        return CorpusSimilarity.of(CorpusHarvest.of(model, documents).with(options))
                .sampled(limit);
    }

    private void requireSameTokens(List<String> texts) {
        for (String text : texts) {
            int[] ours = first.tokenizer().encode(text).ids();
            int[] theirs = second.tokenizer().encode(text).ids();
            int at = Arrays.mismatch(ours, theirs);
            if (at >= 0) {
                throw new IllegalArgumentException(
                        "%s and %s cut '%s' into other tokens, first at position %d (%s and %s); compare them per prompt, with a prompt set"
                                .formatted(
                                        first.card().name(),
                                        second.card().name(),
                                        text,
                                        at,
                                        shown(first, ours, at),
                                        shown(second, theirs, at)));
            }
        }
    }

    private static String shown(LanguageModel model, int[] ids, int at) {
        return at < ids.length ? "'%s'".formatted(model.tokenizer().decode(new int[] {ids[at]})) : "no token";
    }
}
