package microtome.probe.data;

import microtome.display.TokenText;
import microtome.model.LanguageModel;
import microtome.model.token.Token;

/** How tokens are called on axes and in tables: every character visible, and bytes that are no character as bytes. */
public final class TokenLabels {
    private TokenLabels() {}

    /** The label of an id; a row of the embedding that the tokenizer does not use is called by its number. */
    public static String of(LanguageModel model, int id) {
        return isNamed(model, id) ? of(model.tokenizer().token(id)) : "#" + id;
    }

    /** Whether the model's tokenizer has a token of this id. */
    public static boolean isNamed(LanguageModel model, int id) {
        return model.hasTokenizer() && id < model.tokenizer().vocabularySize();
    }

    /**
     * This id, if the model has logits for it.
     *
     * @throws IllegalArgumentException if it has not; the message says which ids there are
     */
    public static int require(LanguageModel model, int id) {
        int vocabulary = model.config().vocabulary();
        if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException("token id %d: this model has ids 0..%d".formatted(id, vocabulary - 1));
        }
        return id;
    }

    /** The label of a token; of one that is known by its id alone, its text. */
    public static String of(Token token) {
        byte[] bytes = token.bytes();
        return bytes.length == 0 ? TokenText.visible(token.text()) : TokenText.visible(bytes);
    }
}
