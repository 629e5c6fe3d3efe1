package microtome;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import microtome.display.Card;
import microtome.display.Displayable;
import microtome.display.TokenStrip;
import microtome.model.LanguageModel;
import microtome.model.PromptTaps;
import microtome.model.SentenceEmbedding;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Documents;
import microtome.model.generate.Generation;
import microtome.model.token.Message;
import microtome.model.token.TokenSequence;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.patching.PromptPair;

/** A loaded model; as the value of a cell it shows its card. */
public final class Model implements Displayable {
    private final LanguageModel languageModel;

    Model(LanguageModel languageModel) {
        this.languageModel = languageModel;
    }

    /** A run of this text; nothing is computed yet. */
    public Run run(String text) {
        return run(languageModel.tokenizer().encode(text));
    }

    /** A run of these tokens; nothing is computed yet. */
    public Run run(TokenSequence tokens) {
        return new Run(languageModel, tokens);
    }

    /** Two prompts of equally many tokens: values of the clean run are put into the corrupt one, and its answer is read. */
    public PromptPair patching(String clean, String corrupt) {
        var tokenizer = languageModel.tokenizer();
        return new PromptPair(languageModel, tokenizer.encode(clean), tokenizer.encode(corrupt));
    }

    /** A run of a conversation in the model's own chat format, ready for the assistant's answer. */
    public Run chat(Message... messages) {
        return run(languageModel.tokenizer().chat(List.of(messages), true));
    }

    /** A plan to write on from these texts; nothing is computed yet. */
    public Writing write(String... texts) {
        return write(Arrays.stream(texts).map(languageModel.tokenizer()::encode).toArray(TokenSequence[]::new));
    }

    /** A plan to write on from these tokens; nothing is computed yet. */
    public Writing write(TokenSequence... prompts) {
        return new Writing(languageModel, Generation.of(prompts), PromptTaps.NONE);
    }

    /** Many texts through this model; nothing is read yet. */
    public Corpus corpus(List<String> texts) {
        return corpus(Documents.of(texts));
    }

    /** Files, lines, streams of texts or tokens through this model; nothing is read yet. */
    public Corpus corpus(Documents documents) {
        return new Corpus(CorpusHarvest.of(languageModel, documents));
    }

    /** Labelled prompts through this model; nothing is computed yet. */
    public Prompts prompts(PromptSet prompts) {
        return new Prompts(languageModel, prompts);
    }

    /** The exact tokens of a text, and which rule added which. */
    public TokenStrip tokens(String text) {
        return Shown.tokens(languageModel.tokenizer().encode(text));
    }

    /** One vector of length 1 for a whole text: the mean of its last residual stream. */
    public SentenceEmbedding embedding(String text) {
        return SentenceEmbedding.of(languageModel, languageModel.tokenizer().encode(text));
    }

    /** What this model is, where it is, and how far its numbers were checked. */
    public Card card() {
        return Shown.card(languageModel.card());
    }

    /** The plain type beneath, for probes and for code of one's own. */
    public LanguageModel languageModel() {
        return languageModel;
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return card().mimeBundle();
    }

    @Override
    public String toString() {
        return card().toString();
    }
}
