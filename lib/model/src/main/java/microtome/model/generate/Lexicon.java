package microtome.model.generate;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import microtome.model.LanguageModel;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;

/** The tokens of a model by id, also where it has no tokenizer, or rows of the embedding that its tokenizer does not name. */
record Lexicon(LanguageModel model, int named, Set<Integer> endOfText) {

    static Lexicon of(LanguageModel model) {
        int named = model.hasTokenizer() ? model.tokenizer().vocabularySize() : 0;
        return new Lexicon(model, named, Set.copyOf(model.endOfText()));
    }

    Token token(int id) {
        return id < named
                ? model.tokenizer().token(id)
                : TokenSequence.ofIds(id).token(0);
    }

    /** What it adds to the text; one without a name adds its number behind a blank. */
    byte[] bytes(Token token) {
        return token.id() < named ? token.bytes() : (" " + token.text()).getBytes(StandardCharsets.UTF_8);
    }

    boolean endsText(int id) {
        return endOfText.contains(id);
    }
}
